package org.unroll.bench;

import java.util.Arrays;

/**
 * One layer's weights as PyTorch keeps them: outputs × inputs, and two biases of which the second is needed for the GRU's
 * candidate alone; elsewhere it stays 0 and is not trained.
 * <pre>
 *   lstm    ours i f g o                                    weight_ih, weight_hh, bias_ih: i f g o
 *   elman   ours a                                          weight_ih, weight_hh, bias_ih: a
 *   gru     ours W: r z n, R: q r z, b: q r z n             weight_ih, bias_ih: r z n; weight_hh: r z q; bias_hh: 0 0 q
 * </pre>
 *
 * @param ih weight_ih [G·H, I]
 * @param hh weight_hh [G·H, H]
 * @param bih bias_ih [G·H]
 * @param bhh bias_hh [G·H]
 */
public record TorchOrder(float[] ih, float[] hh, float[] bih, float[] bhh) {

  /** Our W [I, G·H], R [H, G·H], b in PyTorch's order. */
  public static TorchOrder of(String cell, float[] W, float[] R, float[] b, int H) {
    int I = W.length / (R.length / H), columns = R.length / H;
    boolean gru = cell.equals("gru");
    float[] second = new float[columns];
    if (gru) System.arraycopy(b, 0, second, 2 * H, H);
    return new TorchOrder(transpose(W, I, columns), rotate(transpose(R, H, columns), gru ? H * H : 0),
        Arrays.copyOfRange(b, gru ? H : 0, b.length), second);
  }

  /** As {@link #of}; names of a job's arrays end with {@code suffix}: "", "0", "1b". */
  public static TorchOrder of(Job job, String suffix) {
    return of(job.cell(), job.values("W" + suffix), job.values("R" + suffix), job.values("b" + suffix), job.size("H"));
  }

  /** Gradients in PyTorch's order (these four) as gradients of our W, R, b: into {@code into}, with the names' {@code suffix}. */
  public void gradients(String cell, int H, String suffix, Outcome into) {
    boolean gru = cell.equals("gru");
    int columns = hh.length / H;
    float[] b = new float[bih.length + (gru ? H : 0)];
    System.arraycopy(bih, 0, b, b.length - bih.length, bih.length);
    if (gru) System.arraycopy(bhh, 2 * H, b, 0, H);
    into.gradients().put("W" + suffix, transpose(ih, columns, ih.length / columns));
    into.gradients().put("R" + suffix, transpose(rotate(hh, gru ? 2 * H * H : 0), columns, H));
    into.gradients().put("b" + suffix, b);
  }

  /** The transpose of a rows × cols matrix. */
  public static float[] transpose(float[] m, int rows, int cols) {
    float[] t = new float[m.length];
    for (int r = 0; r < rows; r++) for (int c = 0; c < cols; c++) t[c * rows + r] = m[r * cols + c];
    return t;
  }

  /** The array from {@code first} on, then what stood before. */
  private static float[] rotate(float[] a, int first) {
    float[] r = new float[a.length];
    System.arraycopy(a, first, r, 0, a.length - first);
    System.arraycopy(a, 0, r, a.length - first, first);
    return r;
  }
}
