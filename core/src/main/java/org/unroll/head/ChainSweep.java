package org.unroll.head;

import static org.unroll.kernel.ChainSums.BLOCK;
import static org.unroll.kernel.ChainSums.LANES;

import java.util.Arrays;
import org.unroll.kernel.ChainSums;
import org.unroll.kernel.ScalarMath;
import org.unroll.layer.Run;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/**
 * The forward-backward algorithm for all sequences of a batch, sixteen at a time. α and β are the logarithms that
 * {@link ForwardBackward} has; the sum over the labels before (or after) is taken outside of them, as a product with the
 * exponentials of the transitions:
 * <pre>
 *   (1) c_j = max_i A(i, j),  E(i, j) = exp(A(i, j) − c_j)
 *   (2) α_1(j) = B_1(j) + start(j)
 *   (3) α_t(j) = B_t(j) + c_j + log Σ_i exp(α_{t−1}(i)) E(i, j)
 *   (4) w_t(j) = exp(B_{t+1}(j) + c_j + β_{t+1}(j) − max),  v_t(i) = Σ_j w_t(j) E(i, j)
 *   (5) β_t(i) = log v_t(i)                                              up to a number that is the same for all labels
 *   (6) p_t(i) = exp(α_t(i) + β_t(i) − max) / Σ
 *   (7) Σ_t p(y_t = i, y_{t+1} = j | x) = E(i, j) Σ_t p_t(i) / v_t(i) w_t(j)
 * </pre>
 * K exponentials and K logarithms a step in the place of K². Each α_t is kept less its largest element, or digits would be lost as
 * sequences grow; what was taken off is summed in double. Since α and β stay logarithms, nothing is lost between steps; within one,
 * exp gives 0 below 2^−126. A sum that could miss such terms, one below {@link ChainSums#SMALL}, is worked out anew in log space,
 * all of that sequence's step.
 */
final class ChainSweep {
  private final ChainSums sums;
  private final Batch h;
  private final Slab B, A, start, end, c;
  private final int T, N, K, size, groups;

  /** E; E and Eᵀ dealt. */
  private final float[] e, forth, back;

  /** B_t + c, and B_1 + start; α. [group][T][K][16] */
  private final float[] emissions, alpha;

  /** By group: room for steps. */
  private final float[] u, v, p, beta, f, w, share, largest;
  private final double[] logZ;

  /** Where what is found at a step goes. */
  interface Marginals {
    /** p_t of lanes 0 to rows − 1 stand at {@code at}; they are rows from {@code row} on. */
    void at(float[] p, int at, int row, int rows);
  }

  /** @param B [T, N, K] */
  ChainSweep(Batch h, Slab B, Slab A, Slab start, Slab end, Run run) {
    this.sums = run.k().chainSums();
    this.h = h;
    this.B = B;
    this.A = A;
    this.start = start;
    this.end = end;
    T = B.steps();
    N = B.rows();
    K = B.cols();
    size = K * LANES;
    groups = Math.ceilDiv(N, LANES);
    var ws = run.ws();
    c = ws.raw(1, 1, K);
    e = ws.array(K * K);
    forth = ws.array(K * K);
    back = ws.array(K * K);
    emissions = ws.array(Math.multiplyExact(groups * T, size));
    alpha = ws.array(groups * T * size);
    u = ws.array(groups * size);
    v = ws.array(groups * size);
    p = ws.array(groups * size);
    beta = ws.array(2 * groups * size);
    f = ws.array(groups * size * BLOCK);
    w = ws.array(groups * size * BLOCK);
    share = ws.array(groups * K * size);
    largest = ws.array(groups * LANES);
    logZ = new double[groups * LANES];
    exponentials();
  }

  private void exponentials() {
    for (int j = 0; j < K; j++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < K; i++) max = Math.max(max, A.get(i, j));
      c.set(0, j, max);
      for (int i = 0; i < K; i++) e[i * K + j] = ScalarMath.exp(A.get(i, j) - max);                     // (1)
    }
    for (int j = 0; j < K; j++) {
      int at = ChainSums.dealt(K, 0, j), step = ChainSums.width(K, j);
      for (int i = 0; i < K; i++, at += step) {
        forth[at] = e[i * K + j];
        back[at] = e[j * K + i];
      }
    }
  }

  /** How many groups of sequences there are; each may be given to another thread. */
  int groups() { return groups; }

  /** log Z of sequence n, after {@link #forward}; 0 for one without steps. */
  double logZ(int n) { return logZ[n]; }

  /** Rows of a group that have step t. */
  private int rows(int g, int t) { return t < T ? Math.clamp(h.alive()[t] - g * LANES, 0, LANES) : 0; }

  private int at(int g, int t) { return (g * T + t) * size; }

  // ---- forward

  /** α and log Z of a group. */
  void forward(int g) {
    for (int t = 0; rows(g, t) > 0; t++) {
      int rows = rows(g, t), at = at(g, t), row = t * N + g * LANES, small = 0;
      sums.turn(B, row, rows, t == 0 ? start : c, emissions, at);
      if (t == 0) Arrays.fill(alpha, at, at + size, 0f);
      else small = sums.sums(alpha, at - size, forth, K, u, g * size, v, g * size, alpha, at);
      sums.settle(alpha, at, emissions, at, K, largest, g * LANES);                                     // (2) (3)
      for (int l = 0; l < rows; l++) {
        if ((small >> l & 1) == 1) largest[g * LANES + l] = arriving(terms(g), at + l, row + l);
        logZ[g * LANES + l] += largest[g * LANES + l];
      }
      for (int l = rows(g, t + 1); l < rows; l++) logZ[g * LANES + l] += leaving(terms(g), at + l);
    }
  }

  /** Room in {@link #u} for the terms of a sum in log space: what stands there has been used by then. */
  private int terms(int g) { return g * size; }

  /** (3) of one sequence in log space; returns what was taken off. */
  private float arriving(int terms, int at, int row) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < K; j++) {
      for (int i = 0; i < K; i++) u[terms + i] = alpha[at - size + i * LANES] + A.get(i, j);
      alpha[at + j * LANES] = B.get(row, j) + (float) LogSpace.sum(u, terms, K);
      largest = Math.max(largest, alpha[at + j * LANES]);
    }
    for (int j = 0; j < K; j++) alpha[at + j * LANES] -= largest;
    return largest;
  }

  /** log Σ_j exp(α(j) + end(j)). */
  private double leaving(int terms, int at) {
    for (int j = 0; j < K; j++) u[terms + j] = alpha[at + j * LANES] + end.get(0, j);
    return LogSpace.sum(u, terms, K);
  }

  // ---- backward

  /** Gives p of a group, from the last step to the first. */
  void marginals(int g, Marginals to) { backward(g, null, to); }

  /** The same, and keeps the sums of (7) less the transitions of the targets, for {@link #transitions}. */
  void gradients(int g, Slab target, Marginals to) {
    Arrays.fill(share, g * K * size, (g + 1) * K * size, 0f);
    backward(g, target, to);
  }

  private void backward(int g, Slab target, Marginals to) {
    int last = 0, steps = 0;
    while (rows(g, last) > 0) last++;
    for (int t = last - 1; t >= 0; t--) {
      int rows = rows(g, t), on = rows(g, t + 1), b = beta(g, t), slot = (g * BLOCK + steps) * size, small = 0;
      if (on > 0) {
        System.arraycopy(beta, beta(g, t + 1), w, slot, size);
        sums.settle(w, slot, emissions, at(g, t + 1), K, largest, g * LANES);
        small = sums.sums(w, slot, back, K, w, slot, v, g * size, beta, b) & (1 << on) - 1;               // (4) (5)
        for (int l = 0; l < on; l++) if ((small >> l & 1) == 1) onward(g, t, l);
      }
      for (int l = on; l < LANES; l++) for (int k = 0; k < K; k++) beta[b + k * LANES + l] = end.get(0, k);
      sums.posterior(alpha, at(g, t), beta, b, K, p, g * size, largest, g * LANES);               // (6)
      to.at(p, g * size, t * N + g * LANES, rows);
      if (target == null || on == 0) continue;
      sums.quotient(p, g * size, v, g * size, (1 << on) - 1 & ~small, K, f, slot);
      for (int l = 0; l < on; l++) {
        if ((small >> l & 1) == 1) pairs(g, t, l);
        int n = t * N + g * LANES + l, gold = (int) target.get(n, 0) * K + (int) target.get(n + N, 0);
        share[(g * K * K + gold) * LANES + l] -= 1;
      }
      if (++steps == BLOCK || t == 0) {
        sums.transitions(f, g * BLOCK * size, w, g * BLOCK * size, steps, e, K, share, g * K * size);   // (7)
        steps = 0;
      }
    }
  }

  private int beta(int g, int t) { return (2 * g + t % 2) * size; }

  /** A(i, j) + B_{t+1}(j) + β_{t+1}(j) of all j, as the terms of a sum. */
  private void termsOnward(int g, int t, int l, int i) {
    int row = (t + 1) * N + g * LANES + l, after = beta(g, t + 1) + l, to = terms(g);
    for (int j = 0; j < K; j++) u[to + j] = A.get(i, j) + B.get(row, j) + beta[after + j * LANES];
  }

  /** (5) of one sequence in log space. */
  private void onward(int g, int t, int l) {
    float largest = Float.NEGATIVE_INFINITY;
    int at = beta(g, t) + l;
    for (int i = 0; i < K; i++) {
      termsOnward(g, t, l, i);
      beta[at + i * LANES] = (float) LogSpace.sum(u, terms(g), K);
      largest = Math.max(largest, beta[at + i * LANES]);
    }
    for (int i = 0; i < K; i++) beta[at + i * LANES] -= largest;
  }

  /** Step t's part of (7) of one sequence in log space. */
  private void pairs(int g, int t, int l) {
    int terms = terms(g);
    for (int i = 0; i < K; i++) {
      termsOnward(g, t, l, i);
      float sum = LogSpace.exponentials(u, terms, K, LogSpace.largest(u, terms, K)), here = p[g * size + i * LANES + l];
      for (int j = 0; j < K; j++) share[(g * K * K + i * K + j) * LANES + l] += here * u[terms + j] / sum;
    }
  }

  /** Rows of dA += scale · what {@link #gradients} has kept: the sequences of a group added up by halves, the groups in order. */
  void transitions(Slab dA, int from, int rows, float scale) {
    for (int i = from; i < from + rows; i++) {
      for (int j = 0; j < K; j++) {
        float sum = 0;
        for (int g = 0; g < groups; g++) sum += folded(share, (g * K * K + i * K + j) * LANES);
        dA.set(i, j, Math.fma(scale, sum, dA.get(i, j)));
      }
    }
  }

  /** Lane l and lane l + 8; of these l and l + 4; and so on. Written out, since a loop would keep what is between in memory. */
  private static float folded(float[] x, int at) {
    float a = x[at] + x[at + 8], b = x[at + 1] + x[at + 9], c = x[at + 2] + x[at + 10], d = x[at + 3] + x[at + 11];
    float e = x[at + 4] + x[at + 12], f = x[at + 5] + x[at + 13], g = x[at + 6] + x[at + 14], h = x[at + 7] + x[at + 15];
    return ((a + e) + (c + g)) + ((b + f) + (d + h));
  }
}
