package org.unroll.reference;

/**
 * Independently recurrent network (Li, Li, Cook, Zhu and Gao 2018, eq. 2). The weight of a unit's own state is in p.
 * <pre>
 *   (1) h = φ(x W + p ⊙ h' + b),  φ = max(0, ·) or tanh
 * </pre>
 * One block in W, b and p; no R.
 */
public record IndRnnEquations(boolean tanh) implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(1, 0, 1, 1, false); }

  @Override public int states() { return 1; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int a = t.sum(w.fromInput(x, 0, k), t.times(w.perUnit(0, k), before[0][k]), w.bias(0, k));
      h[k] = tanh ? t.tanh(a) : t.relu(a);                                      // (1)
    }
    return new int[][] {h};
  }
}
