package org.unroll.reference;

/**
 * Minimal LSTM (Feng et al. 2024, "Were RNNs all we needed?", section 3.2), not in log space.
 * <pre>
 *   (1) f = σ(x W_f + b_f)
 *   (2) i = σ(x W_i + b_i)
 *   (3) n = x W_n + b_n
 *   (4) h = f / (f + i) ⊙ h' + i / (f + i) ⊙ n
 * </pre>
 * Blocks of W and b: f i n; no R. A scan computes (4) for all steps at once.
 */
public record MinLstmEquations() implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(3, 0, 3, 0, false); }

  @Override public int states() { return 1; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int f = t.sigmoid(t.plus(w.fromInput(x, 0, k), w.bias(0, k)));            // (1)
      int i = t.sigmoid(t.plus(w.fromInput(x, 1, k), w.bias(1, k)));            // (2)
      int n = t.plus(w.fromInput(x, 2, k), w.bias(2, k));                       // (3)
      int both = t.plus(f, i);
      h[k] = t.plus(t.times(t.div(f, both), before[0][k]), t.times(t.div(i, both), w.entering(k, n))); // (4)
    }
    return new int[][] {h};
  }
}
