package org.unroll.reference;

/**
 * Ways around a layer: residual (He et al. 2016, eq. 1) and highway (Srivastava et al. 2015, eqs. 2 and 3, whose H and T are f
 * and t, and whose C is 1 − T).
 * <pre>
 *   (1) y = f(x) + x
 *   (2) t = σ(x W + b)
 *   (3) y = f(x) ⊙ t + x ⊙ (1 − t)
 * </pre>
 */
final class ConnectionEquations {
  private ConnectionEquations() {}

  static int[] residual(Tape t, int[] x, int[] f) {
    var y = new int[wide("residual", x, f)];
    for (int k = 0; k < y.length; k++) y[k] = t.plus(f[k], x[k]);                                      // (1)
    return y;
  }

  /**
   * @param w where W starts, K × K
   * @param b where b starts
   */
  static int[] highway(Tape t, int w, int b, int[] x, int[] f) {
    int K = wide("highway", x, f);
    var y = new int[K];
    for (int k = 0; k < K; k++) {
      int gate = t.sigmoid(t.plus(t.dot(x, w + k, K), b + k));                                         // (2)
      y[k] = t.plus(t.times(f[k], gate), t.times(x[k], t.oneMinus(gate)));                             // (3)
    }
    return y;
  }

  private static int wide(String who, int[] x, int[] f) {
    if (x.length == f.length) return x.length;
    throw new IllegalArgumentException("reference " + who + ": width of the input is " + x.length + ", of the output " + f.length);
  }
}
