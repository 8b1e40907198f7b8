package org.unroll.reference;

import java.util.List;

/**
 * sLSTM (Beck et al. 2024, "xLSTM: extended long short-term memory", eqs. 8 to 17), forget gate σ, one head. The paper's z is g.
 * <pre>
 *   (1) f = σ(x W_f + h' R_f + b_f)
 *   (2) m = max(log f + m', a_i),  a_i = x W_i + h' R_i + b_i;  m = a_i where n' = 0
 *   (3) i = exp(a_i − m)
 *   (4) k = exp(log f + m' − m);  0 where n' = 0
 *   (5) g = tanh(x W_g + h' R_g + b_g)
 *   (6) c = k ⊙ c' + i ⊙ g
 *   (7) n = k ⊙ n' + i
 *   (8) o = σ(x W_o + h' R_o + b_o)
 *   (9) h = o ⊙ c / n
 * </pre>
 * Blocks of W, R and b: i f g o.
 */
public record SlstmEquations() implements ReferenceCell {

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(4, 4, 4, 0, false); }

  @Override public int states() { return 4; }

  @Override public List<String> slots() { return List.of("h", "c", "n", "m"); }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    var s = new int[4][w.units()];
    for (int k = 0; k < w.units(); k++) {
      int a = w.preActivation(x, before[0], 0, k);
      int f = t.sigmoid(w.preActivation(x, before[0], 1, k));                   // (1)
      int g = t.tanh(w.preActivation(x, before[0], 2, k));                      // (5)
      int o = t.sigmoid(w.preActivation(x, before[0], 3, k));                   // (8)
      if (t.value(before[2][k]) == 0) {                                         // nothing is remembered: i is 1, k is 0
        s[1][k] = w.entering(k, g);
        s[2][k] = t.leaf(1);
        s[3][k] = a;
      } else {
        int kept = t.plus(t.log(f), before[3][k]);
        int m = t.max(kept, a);                                                 // (2)
        int i = t.exp(t.minus(a, m));                                           // (3)
        int keep = t.exp(t.minus(kept, m));                                     // (4)
        s[1][k] = t.plus(t.times(keep, before[1][k]), t.times(i, w.entering(k, g))); // (6)
        s[2][k] = t.plus(t.times(keep, before[2][k]), i);                       // (7)
        s[3][k] = m;
      }
      s[0][k] = t.times(o, t.div(s[1][k], s[2][k]));                            // (9)
    }
    return s;
  }
}
