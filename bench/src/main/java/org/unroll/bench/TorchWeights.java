package org.unroll.bench;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.unroll.cell.Gru;
import org.unroll.layer.Recurrent;

/**
 * One set of weights in two orders. Libtorch keeps outputs × inputs, and two biases of which the second is needed for the
 * GRU's candidate alone; elsewhere it stays 0.
 * <pre>
 *   lstm    ours i f g o                                    weight_ih, weight_hh, bias_ih: i f g o
 *   elman   ours a                                          weight_ih, weight_hh, bias_ih: a
 *   gru     ours W: r z n, R: q r z, b: q r z n             weight_ih, bias_ih: r z n; weight_hh: r z q; bias_hh: 0 0 q
 * </pre>
 */
final class TorchWeights {
  private TorchWeights() {}

  /** Our weights, windows of {@code array}, to weight_ih, weight_hh, bias_ih, bias_hh. */
  static void set(Recurrent l, float[] array, TensorVector to) {
    int I = l.input().width(), H = l.units();
    float[] W = OurLayer.values(l.W().of(array)), R = OurLayer.values(l.R().of(array)), b = OurLayer.values(l.b().of(array));
    boolean gru = l.cell() instanceof Gru;
    Libtorch.set(to.get(0), Libtorch.transpose(W, I, l.W().cols()));
    Libtorch.set(to.get(1), rotate(Libtorch.transpose(R, H, l.R().cols()), gru ? H * H : 0));
    Libtorch.set(to.get(2), Arrays.copyOfRange(b, gru ? H : 0, b.length));
    float[] second = new float[l.R().cols()];
    if (gru) System.arraycopy(b, 0, second, 2 * H, H);
    Libtorch.set(to.get(3), second);
  }

  /** Gradients of weight_ih, weight_hh, bias_ih, bias_hh to gradients of our W, R, b. */
  static void gradients(Recurrent l, TensorVector from, Outcome into) {
    int I = l.input().width(), H = l.units();
    boolean gru = l.cell() instanceof Gru;
    float[] hh = rotate(gradient(from, 1), gru ? 2 * H * H : 0);
    float[] b = new float[l.b().cols()], first = gradient(from, 2);
    System.arraycopy(first, 0, b, b.length - first.length, first.length);
    if (gru) System.arraycopy(gradient(from, 3), 2 * H, b, 0, H);
    into.gradients().put("W", Libtorch.transpose(gradient(from, 0), l.W().cols(), I));
    into.gradients().put("R", Libtorch.transpose(hh, l.R().cols(), H));
    into.gradients().put("b", b);
  }

  private static float[] gradient(TensorVector from, int i) {
    Tensor g = from.get(i).grad();
    return Libtorch.values(g);
  }

  /** The array from {@code first} on, then what stood before. */
  private static float[] rotate(float[] a, int first) {
    float[] r = new float[a.length];
    System.arraycopy(a, first, r, 0, a.length - first);
    System.arraycopy(a, 0, r, a.length - first, first);
    return r;
  }
}
