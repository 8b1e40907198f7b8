package org.unroll.head;

import static org.unroll.kernel.ChainSums.LANES;

import org.unroll.kernel.ChainSums;
import org.unroll.layer.Run;
import org.unroll.slab.Batch;

/**
 * Viterbi's algorithm for all sequences of a batch, sixteen at a time:
 * <pre>
 *   (1) v_1(j) = start(j) + B_1(j)
 *   (2) v_t(j) = B_t(j) + max_i (v_{t−1}(i) + A(i, j))
 *   (3) y_T = argmax_j (v_T(j) + end(j)),  y_t = argmax_i (v_t(i) + A(i, y_{t+1}))
 * </pre>
 * Scores are summed in double and of equal ones the smaller label is taken, as {@link BestPaths} does. What is kept of (2) are v and
 * the maxima: the walk back looks for the label by which one was reached, and forward keeps no pointers.
 */
final class BestSweep {
  private final ChainSums sums;
  private final Batch h;
  private final ForwardBackward scores;
  private final int T, N, K, size;

  /** A dealt; Aᵀ. */
  private final double[] dealt, columns;

  /** v; the maxima, of step 1 the start. [group][T][K][16] */
  private final double[] v, most;

  BestSweep(Batch h, ForwardBackward scores, Run run) {
    this.sums = run.k().chainSums();
    this.h = h;
    this.scores = scores;
    T = scores.B().steps();
    N = scores.B().rows();
    K = scores.B().cols();
    size = K * LANES;
    var ws = run.ws();
    dealt = ws.doubles(K * K);
    columns = ws.doubles(K * K);
    v = ws.doubles(Math.multiplyExact(groups() * T, size));
    most = ws.doubles(groups() * T * size);
    for (int j = 0; j < K; j++) {
      int at = ChainSums.dealt(K, 0, j), step = ChainSums.width(K, j);
      for (int i = 0; i < K; i++) dealt[at + i * step] = columns[j * K + i] = scores.A().get(i, j);
    }
  }

  int groups() { return Math.ceilDiv(N, LANES); }

  private int rows(int g, int t) { return t < T ? Math.clamp(h.alive()[t] - g * LANES, 0, LANES) : 0; }

  private int at(int g, int t) { return (g * T + t) * size; }

  /** The labels of a group's sequences, each an array of its length. */
  void labels(int g, int[][] y) {
    int t = 0;
    boolean positive = false;
    for (; rows(g, t) > 0; t++) {
      int at = at(g, t);
      if (t > 0) positive = sums.best(v, at - size, dealt, K, most, at, positive);
      else for (int k = 0; k < size; k++) most[at + k] = scores.start().get(0, k / LANES);
      sums.add(most, at, scores.B(), t * N + g * LANES, rows(g, t), v, at);                             // (1) (2)
    }
    while (--t >= 0) {
      for (int l = 0; l < rows(g, t); l++) {
        int[] labels = y[g * LANES + l];
        int at = at(g, t);
        if (t == labels.length - 1) labels[t] = last(at + l);
        else labels[t] = before(at + l, labels[t + 1] * K, most[at + size + labels[t + 1] * LANES + l]);   // (3)
      }
    }
  }

  private int last(int at) {
    int best = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < K; j++) {
      double score = v[at + j * LANES] + scores.end().get(0, j);
      if (score > max) {
        max = score;
        best = j;
      }
    }
    return best;
  }

  /** The first label with v(i) + A(i, y) = max; 0 where no score is a number. */
  private int before(int at, int column, double max) {
    for (int i = 0; i < K; i++, at += LANES) if (v[at] + columns[column + i] == max) return i;
    return 0;
  }
}
