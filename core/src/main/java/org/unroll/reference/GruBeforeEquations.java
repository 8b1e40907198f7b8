package org.unroll.reference;

/**
 * Gated recurrent unit (Cho et al. 2014) with the reset gate before the recurrent product: r ⊙ h' meets a matrix of its own.
 * <pre>
 *   (1) r = σ(x W_r + h' R_r + b_r)
 *   (2) z = σ(x W_z + h' R_z + b_z)
 *   (3) n = tanh(x W_n + (r ⊙ h') S + b_n)
 *   (4) h = (1 − z) ⊙ n + z ⊙ h'         writes: h = (1 − z) ⊙ h' + z ⊙ n  (Chung et al. 2014)
 * </pre>
 * Blocks of W and b: r z n. Blocks of R: r z.
 */
public record GruBeforeEquations(boolean writes) implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(3, 2, 3, 0, true); }

  @Override public int states() { return 1; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    int[] hOld = before[0];
    var reset = new int[w.units()];
    for (int k = 0; k < reset.length; k++) {
      int r = t.named("r", k, t.sigmoid(w.preActivation(x, hOld, 0, k)));       // (1)
      reset[k] = t.named("m", k, t.times(r, hOld[k]));
    }
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int z = t.named("z", k, t.sigmoid(w.preActivation(x, hOld, 1, k)));       // (2)
      int an = t.sum(w.fromInput(x, 2, k), w.fromSecond(reset, k), w.bias(2, k));
      int n = t.named("n", k, t.tanh(t.named("a_n", k, an)));                   // (3)
      h[k] = t.named("h", k, GruAfterEquations.blend(t, z, w.entering(k, n), hOld[k], writes)); // (4)
    }
    return new int[][] {h};
  }
}
