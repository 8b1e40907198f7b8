package org.unroll.reference;

/**
 * Minimal GRU (Feng et al. 2024, "Were RNNs all we needed?", section 3.1), not in log space.
 * <pre>
 *   (1) z = σ(x W_z + b_z)
 *   (2) n = x W_n + b_n
 *   (3) h = (1 − z) ⊙ h' + z ⊙ n
 * </pre>
 * Blocks of W and b: z n; no R. A scan computes (3) for all steps at once.
 */
public record MinGruEquations() implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(2, 0, 2, 0, false); }

  @Override public int states() { return 1; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int z = t.sigmoid(t.plus(w.fromInput(x, 0, k), w.bias(0, k)));            // (1)
      int n = t.plus(w.fromInput(x, 1, k), w.bias(1, k));                       // (2)
      h[k] = t.plus(t.times(t.oneMinus(z), before[0][k]), t.times(z, w.entering(k, n))); // (3)
    }
    return new int[][] {h};
  }
}
