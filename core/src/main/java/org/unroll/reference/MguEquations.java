package org.unroll.reference;

/**
 * Minimal gated unit (Zhou, Wu, Zhang and Zhou 2016, "Minimal gated unit for recurrent neural networks", table 1).
 * <pre>
 *   (1) f = σ(x W_f + h' R_f + b_f)
 *   (2) n = tanh(x W_n + (f ⊙ h') S + b_n)
 *   (3) h = (1 − f) ⊙ h' + f ⊙ n
 * </pre>
 * Blocks of W and b: f n. Block of R: f.
 */
public record MguEquations() implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(2, 1, 2, 0, true); }

  @Override public int states() { return 1; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    int[] hOld = before[0];
    var f = new int[w.units()];
    var kept = new int[w.units()];
    for (int k = 0; k < f.length; k++) {
      f[k] = t.sigmoid(w.preActivation(x, hOld, 0, k));                         // (1)
      kept[k] = t.times(f[k], hOld[k]);
    }
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int n = t.tanh(t.sum(w.fromInput(x, 1, k), w.fromSecond(kept, k), w.bias(1, k))); // (2)
      h[k] = t.plus(t.times(t.oneMinus(f[k]), hOld[k]), t.times(f[k], w.entering(k, n))); // (3)
    }
    return new int[][] {h};
  }
}
