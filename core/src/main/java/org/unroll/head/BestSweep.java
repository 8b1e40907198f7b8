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
 * Scores are summed in double and of equal ones the smaller label is taken, as {@link BestPaths} does. The walk back finds its
 * labels from v again, one column of A a step: forward keeps no pointers.
 */
final class BestSweep {
  private final ChainSums sums;
  private final Batch h;
  private final ForwardBackward scores;
  private final int T, N, K, size;
  private final double[] dealt, columns, v;

  BestSweep(Batch h, ForwardBackward scores, Run run) {
    this.sums = run.k().chainSums();
    this.h = h;
    this.scores = scores;
    T = scores.B().steps();
    N = scores.B().rows();
    K = scores.B().cols();
    size = K * LANES;
    dealt = new double[K * K];
    columns = new double[K * K];
    v = new double[Math.multiplyExact(groups() * T, size)];
    for (int i = 0; i < K; i++) {
      for (int j = 0; j < K; j++) dealt[ChainSums.dealt(K, i, j)] = columns[j * K + i] = scores.A().get(i, j);
    }
  }

  int groups() { return Math.ceilDiv(N, LANES); }

  private int rows(int g, int t) { return t < T ? Math.clamp(h.alive()[t] - g * LANES, 0, LANES) : 0; }

  private int at(int g, int t) { return (g * T + t) * size; }

  /** The labels of a group's sequences, each an array of its length. */
  void labels(int g, int[][] y) {
    int t = 0;
    for (; rows(g, t) > 0; t++) {
      int at = at(g, t), rows = rows(g, t), from = t * N + g * LANES;
      if (t > 0) sums.best(v, at - size, dealt, K, v, at);
      else for (int k = 0; k < size; k++) v[at + k] = scores.start().get(0, k / LANES);
      sums.add(scores.B(), from, rows, v, at);                                                          // (1) (2)
    }
    while (--t >= 0) {
      for (int l = 0; l < rows(g, t); l++) {
        int[] labels = y[g * LANES + l];
        labels[t] = t == labels.length - 1 ? last(at(g, t) + l) : before(at(g, t) + l, labels[t + 1] * K); // (3)
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

  private int before(int at, int column) {
    int best = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < K; i++) {
      double score = v[at + i * LANES] + columns[column + i];
      if (score > max) {
        max = score;
        best = i;
      }
    }
    return best;
  }
}
