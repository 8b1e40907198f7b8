package org.unroll.reference;

/**
 * Long short-term memory without a forget gate (Hochreiter and Schmidhuber 1997, whose equations have none; "NFG" of Greff et
 * al. 2017), with tanh for both squashing functions.
 * <pre>
 *   (1) i = σ(x W_i + h' R_i + b_i)
 *   (2) g = tanh(x W_g + h' R_g + b_g)
 *   (3) c = c' + i ⊙ g
 *   (4) o = σ(x W_o + h' R_o + b_o)
 *   (5) h = o ⊙ tanh c
 * </pre>
 * Blocks of W, R and b: i g o.
 */
public record Lstm1997Equations() implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(3, 3, 3, 0, false); }

  @Override public int states() { return 2; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    int[] hOld = before[0];
    int[] cOld = before[1];
    var h = new int[w.units()];
    var c = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int i = t.named("i", k, t.sigmoid(w.preActivation(x, hOld, 0, k)));       // (1)
      int g = t.named("g", k, t.tanh(w.preActivation(x, hOld, 1, k)));          // (2)
      c[k] = t.named("c", k, t.plus(cOld[k], t.times(i, w.entering(k, g))));    // (3)
      int o = t.named("o", k, t.sigmoid(w.preActivation(x, hOld, 2, k)));       // (4)
      h[k] = t.named("h", k, t.times(o, t.tanh(c[k])));                         // (5)
    }
    return new int[][] {h, c};
  }
}
