package org.unroll.reference;

/**
 * Linear-chain conditional random field (Lafferty, McCallum and Pereira 2001): all labellings of a sequence compete. B_t(j) is
 * the model's output at step t, A(i, j) the score of label j after label i.
 * <pre>
 *   (1) score(y) = start(y_1) + Σ_{t=1..T} B_t(y_t) + Σ_{t=2..T} A(y_{t−1}, y_t) + end(y_T)
 *   (2) a_1(j) = start(j) + B_1(j)
 *   (3) a_t(j) = B_t(j) + log Σ_i exp(a_{t−1}(i) + A(i, j))
 *   (4) log Z = log Σ_j exp(a_T(j) + end(j))
 *   (5) L = log Z − score(y), which is −log p(y | x)
 * </pre>
 * The forward algorithm alone: its gradient is the tape's business.
 *
 * @param labels K
 * @param between where A starts, K × K
 * @param start where the scores of the first label start, K
 * @param end likewise of the last
 */
record CrfEquations(Tape tape, int labels, int between, int start, int end) {

  static CrfEquations of(ReferenceLoss.Crf l, Graph g) {
    int K = l.labels();
    return new CrfEquations(g.tape, K, g.array(l.name() + ".A", K * K), g.array(l.name() + ".start", K), g.array(l.name() + ".end", K));
  }

  /** @param B [T][K], T at least 1 */
  int loss(int[][] B, int[] y) { return tape.minus(logZ(B), score(B, y)); }                 // (5)

  int score(int[][] B, int[] y) {
    int s = tape.plus(start + y[0], B[0][y[0]]);
    for (int t = 1; t < B.length; t++) s = tape.sum(s, between + y[t - 1] * labels + y[t], B[t][y[t]]);
    return tape.plus(s, end + y[B.length - 1]);                                             // (1)
  }

  int logZ(int[][] B) {
    var a = new int[labels];
    for (int j = 0; j < labels; j++) a[j] = tape.plus(start + j, B[0][j]);                  // (2)
    for (int t = 1; t < B.length; t++) {
      var next = new int[labels];
      for (int j = 0; j < labels; j++) {
        var v = new int[labels];
        for (int i = 0; i < labels; i++) v[i] = tape.plus(a[i], between + i * labels + j);
        next[j] = tape.plus(B[t][j], logSumExp(v));                                         // (3)
      }
      a = next;
    }
    var last = new int[labels];
    for (int j = 0; j < labels; j++) last[j] = tape.plus(a[j], end + j);
    return logSumExp(last);                                                                 // (4)
  }

  /** m + log Σ exp(v − m) with m = max v, a constant: moving it changes nothing. */
  private int logSumExp(int[] v) {
    double m = Double.NEGATIVE_INFINITY;
    for (int i : v) m = Math.max(m, tape.value(i));
    int shift = tape.leaf(m);
    var e = new int[v.length];
    for (int i = 0; i < v.length; i++) e[i] = tape.exp(tape.minus(v[i], shift));
    return tape.plus(shift, tape.log(tape.sum(e)));
  }
}
