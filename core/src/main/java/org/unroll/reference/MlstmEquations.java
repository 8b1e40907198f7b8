package org.unroll.reference;

/**
 * mLSTM (Beck et al. 2024, "xLSTM: extended long short-term memory", eqs. 19 to 27, with the stabiliser of eqs. 15 to 17), forget gate σ.
 * Vectors are columns here as in the paper. For each head of d units:
 * <pre>
 *   (1) q = W_q x + b_q
 *   (2) k = (W_k x + b_k) / √d
 *   (3) v = W_v x + b_v
 *   (4) o = σ(W_o x + b_o)
 *   (5) f = σ(w_f · x + b_f)
 *   (6) m = max(log f + m', a_i),  a_i = w_i · x + b_i
 *   (7) i = exp(a_i − m)
 *   (8) κ = exp(log f + m' − m)
 *   (9) C = κ C' + i v kᵀ
 *  (10) n = κ n' + i k
 *  (11) h = o ⊙ (C q) / max(|nᵀ q|, exp(−m))
 * </pre>
 * Columns of W: q k v o, H each, heads side by side; of M: w_i of all heads, then w_f. A row's state: of each head C, column by column,
 * n and m.
 */
final class MlstmEquations {
  private MlstmEquations() {}

  static int[][][] forward(ReferenceLayer.Mlstm l, int[][][] x, Graph g) {
    int X = l.inputs(), H = l.units();
    var w = new Weights(l, g.array(l.name() + ".W", X * 4 * H), g.array(l.name() + ".b", 4 * H),
        g.array(l.name() + ".M", X * 2 * l.heads()), g.array(l.name() + ".c", 2 * l.heads()));
    int size = l.heads() * (w.d() * w.d() + w.d() + 1);
    int[][] s0 = g.initial(l.name() + ".s0", size);
    var y = new int[g.in.steps()][g.in.rows()][];
    int[] last = g.states.computeIfAbsent(l.name() + ".s", _ -> new int[g.in.rows() * size]);
    for (int n = 0; n < g.in.rows(); n++) {
      int[] s = s0[n].clone();
      for (int i = 0; i < g.in.lengths()[n]; i++) {
        int t = l.backward() ? g.in.lengths()[n] - 1 - i : i;
        y[t][n] = new int[H];
        for (int head = 0; head < l.heads(); head++) head(w, g.tape, x[t][n], s, head, y[t][n]);
      }
      System.arraycopy(s, 0, last, n * size, size);
    }
    return y;
  }

  /** Where the weights start. */
  private record Weights(ReferenceLayer.Mlstm l, int W, int b, int M, int c) {
    int d() { return l.units() / l.heads(); }

    /** Block {@code block} of x W + b for one head. */
    int[] block(Tape t, int[] x, int block, int head) {
      var a = new int[d()];
      for (int j = 0; j < a.length; j++) {
        int col = block * l.units() + head * a.length + j;
        a[j] = t.plus(t.dot(x, W + col, 4 * l.units()), b + col);
      }
      return a;
    }

    int gate(Tape t, int[] x, int col) { return t.plus(t.dot(x, M + col, 2 * l.heads()), c + col); }
  }

  /** One step of one head: s in place, h to y. */
  private static void head(Weights w, Tape t, int[] x, int[] s, int head, int[] y) {
    int d = w.d(), at = head * (d * d + d + 1), n = at + d * d, m = n + d;
    int[] q = w.block(t, x, 0, head);                                           // (1)
    int[] k = w.block(t, x, 1, head);                                           // (2)
    for (int j = 0; j < d; j++) k[j] = t.scaled(k[j], 1 / StrictMath.sqrt(d));  // (2)
    int[] v = w.block(t, x, 2, head);                                           // (3)
    int[] o = w.block(t, x, 3, head);
    int a = w.gate(t, x, head);
    int f = t.sigmoid(w.gate(t, x, w.l().heads() + head));                      // (5)
    int before = t.plus(t.log(f), s[m]);
    s[m] = t.max(before, a);                                                    // (6)
    int i = t.exp(t.minus(a, s[m]));                                            // (7)
    int keep = t.exp(t.minus(before, s[m]));                                    // (8)
    int nq = t.leaf(0);
    for (int j = 0; j < d; j++) {
      for (int r = 0; r < d; r++) {
        s[at + j * d + r] = t.plus(t.times(keep, s[at + j * d + r]), t.times(i, t.times(v[r], k[j])));     // (9)
      }
      s[n + j] = t.plus(t.times(keep, s[n + j]), t.times(i, k[j]));             // (10)
      nq = t.plus(nq, t.times(s[n + j], q[j]));
    }
    int most = t.max(t.max(nq, t.scaled(nq, -1)), t.exp(t.scaled(s[m], -1)));
    for (int r = 0; r < d; r++) {
      int cq = t.leaf(0);
      for (int j = 0; j < d; j++) cq = t.plus(cq, t.times(s[at + j * d + r], q[j]));
      y[head * d + r] = t.times(t.sigmoid(o[r]), t.div(cq, most));              // (4) (11)
    }
  }
}
