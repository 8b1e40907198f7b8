package org.unroll.reference;

/**
 * Gated recurrent unit (Cho et al. 2014) with the reset gate after the recurrent product, as PyTorch and cuDNN have it.
 * The candidate's recurrent bias stands inside the reset product.
 * <pre>
 *   (1) r = σ(x W_r + h' R_r + b_r)
 *   (2) z = σ(x W_z + h' R_z + b_z)
 *   (3) q = h' R_q + b_q
 *   (4) n = tanh(x W_n + b_n + r ⊙ q)
 *   (5) h = (1 − z) ⊙ n + z ⊙ h'         writes: h = (1 − z) ⊙ h' + z ⊙ n  (Chung et al. 2014)
 * </pre>
 * Blocks of W: r z n. Blocks of R: q r z. Blocks of b: q r z n.
 */
public record GruAfterEquations(boolean writes) implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(3, 3, 4, 0, false); }

  @Override public int states() { return 1; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    int[] hOld = before[0];
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int ar = t.sum(w.fromInput(x, 0, k), w.fromState(hOld, 1, k), w.bias(1, k));
      int r = t.named("r", k, t.sigmoid(t.named("a_r", k, ar)));                // (1)
      int az = t.sum(w.fromInput(x, 1, k), w.fromState(hOld, 2, k), w.bias(2, k));
      int z = t.named("z", k, t.sigmoid(t.named("a_z", k, az)));                // (2)
      int q = t.named("q", k, t.plus(w.fromState(hOld, 0, k), w.bias(0, k)));   // (3)
      int an = t.sum(w.fromInput(x, 2, k), w.bias(3, k), t.times(r, q));
      int n = t.named("n", k, t.tanh(t.named("a_n", k, an)));                   // (4)
      h[k] = t.named("h", k, blend(t, z, w.entering(k, n), hOld[k], writes));   // (5)
    }
    return new int[][] {h};
  }

  /** (1 − z) n + z h', or the other way round. */
  static int blend(Tape t, int z, int candidate, int hOld, boolean writes) {
    int keep = writes ? t.oneMinus(z) : z;
    int take = writes ? z : t.oneMinus(z);
    return t.plus(t.times(take, candidate), t.times(keep, hOld));
  }
}
