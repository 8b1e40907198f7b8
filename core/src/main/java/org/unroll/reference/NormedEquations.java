package org.unroll.reference;

import java.util.Arrays;

/**
 * Layer normalisation inside a recurrent layer. LN(z; γ, β) = γ ⊙ (z − μ) / √(σ² + ε) + β with μ = Σ z / m and
 * σ² = Σ (z − μ)² / D; D is m, or m − 1 where {@code unbiased}; γ and β are one number where {@code scalar}.
 * <pre>
 *   sum, for each gate j by itself (Li Hang, eq. 23.65–23.68 and exercise 25.2):
 *   (1) a_j = LN(h' R_j + x W_j + b_j; γ_j, β_j)
 *   apart, the gates that both h' and x feed side by side as one z (Ba, Kiros, Hinton 2016, eq. 20 and supplement):
 *   (2) a = LN(h' R; γ_R, 0) + LN(x W; γ_W, 0) + b
 *   and then, with σ and tanh of these a:
 *   (3) Elman h = tanh a, max(0, a) or a
 *   (4) LSTM  c = σ(a_f) ⊙ c' + σ(a_i) ⊙ tanh a_g,  h = σ(a_o) ⊙ tanh c;  apart: ⊙ tanh LN(c; γ_c, β_c)  (eq. 22)
 *   (5) GRU   n = tanh(a_n + σ(a_r) ⊙ a_q),  h = (1 − σ(a_z)) ⊙ n + σ(a_z) ⊙ h', or with z and 1 − z changed over
 * </pre>
 * A GRU's q is made of h' alone and its n of x alone. p: for the LSTM apart γ_c β_c; then γ b β, or γ_R γ_W b, gate by gate.
 */
public record NormedEquations(ReferenceCell base, boolean sum, boolean unbiased, boolean scalar, double epsilon) implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() {
    var z = base.sizes();
    return new CellWeights.Sizes(z.byW(), z.byR(), 0, 0, false);
  }

  @Override public int states() { return base.states(); }

  private boolean lstm() { return base instanceof LstmEquations; }

  private boolean gru() { return base instanceof GruAfterEquations; }

  private int gates() { return base.sizes().blocks(); }

  @Override public int own(int units) {
    int each = scalar ? 1 : units;
    if (sum) return gates() * (2 * each + units);
    int gains = gru() ? scalar ? 4 : 6 * units : scalar ? 2 : 2 * gates() * units;
    return (lstm() ? 2 * each : 0) + gains + gates() * units;
  }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    int[][] a = sum ? together(w, x, before[0]) : apart(w, x, before[0]);
    if (lstm()) return lstm(w, a, before[1]);
    if (gru()) return gru(w, a, before[0]);
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) h[k] = ((ElmanEquations) base).phi(w.tape(), a[0][k]);   // (3)
    return new int[][] {h};
  }

  // ---- (1)

  private int[][] together(CellWeights w, int[] x, int[] h) {
    int H = w.units();
    int each = scalar ? 1 : H;
    int b = w.unitVector() + gates() * each;
    var a = new int[gates()][];
    for (int j = 0; j < a.length; j++) {
      var z = new int[H];
      for (int k = 0; k < H; k++) {
        int bias = b + j * H + k;
        z[k] = !gru() ? w.tape().sum(w.fromInput(x, j, k), w.fromState(h, j, k), bias)
            : j == 0 ? w.tape().plus(w.fromState(h, 0, k), bias)
            : j == 3 ? w.tape().plus(w.fromInput(x, 2, k), bias)
            : w.tape().sum(w.fromInput(x, j - 1, k), w.fromState(h, j, k), bias);
      }
      int beta = b + gates() * H + j * each;
      a[j] = normalised(w.tape(), z, w.unitVector() + j * each);                // (1)
      for (int k = 0; k < H; k++) a[j][k] = w.tape().plus(a[j][k], beta + (scalar ? 0 : k));
    }
    return a;
  }

  // ---- (2)

  private int[][] apart(CellWeights w, int[] x, int[] h) {
    Tape t = w.tape();
    int H = w.units();
    int[] byState = new int[base.sizes().byR() * H];
    int[] byInput = new int[base.sizes().byW() * H];
    for (int i = 0; i < byState.length; i++) byState[i] = w.fromState(h, i / H, i % H);
    for (int i = 0; i < byInput.length; i++) byInput[i] = w.fromInput(x, i / H, i % H);
    int gain = w.unitVector() + (lstm() ? scalar ? 2 : 2 * H : 0);
    int offset = w.unitVector() + own(H) - gates() * H;
    var a = new int[gates()][H];
    if (!gru()) {
      int[] r = normalised(t, byState, gain);                                   // (2)
      int[] v = normalised(t, byInput, gain + (scalar ? 1 : byState.length));   // (2)
      for (int i = 0; i < r.length; i++) a[i / H][i % H] = t.sum(r[i], v[i], offset + i);
      return a;
    }
    int one = scalar ? 1 : H;
    int two = scalar ? 1 : 2 * H;
    int[] q = normalised(t, part(byState, 0, H), gain);
    int[] r = normalised(t, part(byState, H, 3 * H), gain + one);
    int[] v = normalised(t, part(byInput, 0, 2 * H), gain + one + two);
    int[] n = normalised(t, part(byInput, 2 * H, 3 * H), gain + one + two + two);
    for (int k = 0; k < H; k++) {
      a[0][k] = t.plus(q[k], offset + k);
      a[1][k] = t.sum(r[k], v[k], offset + H + k);
      a[2][k] = t.sum(r[H + k], v[H + k], offset + 2 * H + k);
      a[3][k] = t.plus(n[k], offset + 3 * H + k);
    }
    return a;
  }

  private static int[] part(int[] all, int from, int to) { return Arrays.copyOfRange(all, from, to); }

  // ---- (4), (5)

  private int[][] lstm(CellWeights w, int[][] a, int[] cOld) {
    Tape t = w.tape();
    int H = w.units();
    var c = new int[H];
    for (int k = 0; k < H; k++) {
      c[k] = t.plus(t.times(t.sigmoid(a[1][k]), cOld[k]), t.times(t.sigmoid(a[0][k]), w.entering(k, t.tanh(a[2][k])))); // (4)
    }
    int[] u = sum ? c : normalised(t, c, w.unitVector());
    int beta = w.unitVector() + (scalar ? 1 : H);
    var h = new int[H];
    for (int k = 0; k < H; k++) {
      int v = sum ? u[k] : t.plus(u[k], beta + (scalar ? 0 : k));
      h[k] = t.times(t.sigmoid(a[3][k]), t.tanh(v));                            // (4)
    }
    return new int[][] {h, c};
  }

  private int[][] gru(CellWeights w, int[][] a, int[] hOld) {
    Tape t = w.tape();
    var h = new int[hOld.length];
    for (int k = 0; k < h.length; k++) {
      int n = t.tanh(t.plus(a[3][k], t.times(t.sigmoid(a[1][k]), a[0][k])));    // (5)
      h[k] = GruAfterEquations.blend(t, t.sigmoid(a[2][k]), w.entering(k, n), hOld[k], ((GruAfterEquations) base).writes()); // (5)
    }
    return new int[][] {h};
  }

  /** γ ⊙ (z − μ) / √(σ² + ε), where γ starts at {@code gain}. */
  private int[] normalised(Tape t, int[] z, int gain) {
    int m = z.length;
    int mean = t.scaled(t.sum(z), 1.0 / m);
    var centred = new int[m];
    var squares = new int[m];
    for (int k = 0; k < m; k++) {
      centred[k] = t.minus(z[k], mean);
      squares[k] = t.times(centred[k], centred[k]);
    }
    int variance = t.scaled(t.sum(squares), 1.0 / (unbiased ? m - 1 : m));
    int deviation = t.sqrt(t.plus(variance, t.leaf(epsilon)));
    var y = new int[m];
    for (int k = 0; k < m; k++) y[k] = t.times(gain + (scalar ? 0 : k), t.div(centred[k], deviation));
    return y;
  }
}
