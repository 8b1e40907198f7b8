package org.unroll.reference;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997) with forget gate (Gers, Schmidhuber and Cummins 2000).
 * Peepholes after Gers, Schraudolph and Schmidhuber 2002: the input and forget gate look at the cell before the step, the
 * output gate at the new one. Coupled gates after Greff et al. 2017: what is not written is kept.
 * <pre>
 *   (1) i = σ(x W_i + h' R_i + b_i [+ p_i ⊙ c'])
 *   (2) f = σ(x W_f + h' R_f + b_f [+ p_f ⊙ c'])     coupled: f = 1 − i
 *   (3) g = tanh(x W_g + h' R_g + b_g)
 *   (4) c = f ⊙ c' + i ⊙ g
 *   (5) o = σ(x W_o + h' R_o + b_o [+ p_o ⊙ c])
 *   (6) h = o ⊙ tanh c
 * </pre>
 * Blocks of W, R and b: i f g o, coupled i g o. Blocks of p: i f o, coupled i o.
 */
public record LstmEquations(boolean peepholes, boolean coupled) implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() {
    int gates = coupled ? 3 : 4;
    return new CellWeights.Sizes(gates, gates, gates, peepholes ? gates - 1 : 0, false);
  }

  @Override public int states() { return 2; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    int[] hOld = before[0];
    int[] cOld = before[1];
    int blockF = 1;
    int blockG = coupled ? 1 : 2;
    int blockO = coupled ? 2 : 3;
    var h = new int[w.units()];
    var c = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int i = t.named("i", k, gate(w, x, hOld, cOld[k], 0, 0, k));              // (1)
      int f = t.named("f", k, coupled ? t.oneMinus(i) : gate(w, x, hOld, cOld[k], blockF, 1, k)); // (2)
      int g = t.named("g", k, t.tanh(w.preActivation(x, hOld, blockG, k)));     // (3)
      c[k] = t.named("c", k, t.plus(t.times(f, cOld[k]), t.times(i, w.entering(k, g)))); // (4)
      int o = t.named("o", k, gate(w, x, hOld, c[k], blockO, coupled ? 1 : 2, k)); // (5)
      h[k] = t.named("h", k, t.times(o, t.tanh(c[k])));                         // (6)
    }
    return new int[][] {h, c};
  }

  /** Unit k of σ(x W + h' R + b [+ p ⊙ c]). */
  private int gate(CellWeights w, int[] x, int[] hOld, int cell, int block, int peephole, int k) {
    Tape t = w.tape();
    int a = w.preActivation(x, hOld, block, k);
    return t.sigmoid(peepholes ? t.plus(a, t.times(w.perUnit(peephole, k), cell)) : a);
  }
}
