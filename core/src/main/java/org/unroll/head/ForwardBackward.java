package org.unroll.head;

import java.util.function.IntUnaryOperator;
import org.unroll.kernel.ScalarMath;
import org.unroll.slab.Slab;

/**
 * The forward-backward algorithm of a linear-chain CRF, in log space: sums over all K^T labellings of a sequence (Baum 1972;
 * Lafferty, McCallum and Pereira 2001).
 * <pre>
 *   (1) score(y) = start(y_1) + Σ_{t=1..T} B_t(y_t) + Σ_{t=2..T} A(y_{t−1}, y_t) + end(y_T)
 *   (2) α_1(j) = start(j) + B_1(j)
 *   (3) α_t(j) = B_t(j) + log Σ_i exp(α_{t−1}(i) + A(i, j))
 *   (4) log Z  = log Σ_j exp(α_T(j) + end(j)),  Z = Σ_y exp(score(y))
 *   (5) β_T(i) = end(i)
 *   (6) β_t(i) = log Σ_j exp(A(i, j) + B_{t+1}(j) + β_{t+1}(j))
 *   (7) q_t(i, j) = p(y_{t+1} = j | y_t = i, x) = exp(A(i, j) + B_{t+1}(j) + β_{t+1}(j) − β_t(i))
 *   (8) p_t(i) = p(y_t = i | x) = exp(α_t(i) + β_t(i)) / Σ_k exp(α_t(k) + β_t(k))
 * </pre>
 * Each α_t and β_t is kept less its largest element, or digits would be lost as sequences grow: what was taken off α is summed in
 * double and is a part of log Z; (7) and (8) do not depend on it. Every sum runs over rising labels, so a row has the same bits
 * whatever batch it stands in. Row n's step t is row t·N + n of a slab. A score of −∞ is not a number to this: what must not be,
 * has a very small one (−10⁴).
 *
 * @param B emissions [T, N, K]
 * @param A transitions K × K: row i, column j is label j after label i
 * @param start scores of the first label, 1 × K
 * @param end scores of the last label, 1 × K
 */
record ForwardBackward(Slab B, Slab A, Slab start, Slab end) {

  /** The score of labels y of row n. */
  double score(int n, int length, IntUnaryOperator y) {
    if (length == 0) return 0;
    double score = (double) start.get(0, y.applyAsInt(0)) + B.get(n, y.applyAsInt(0));
    for (int t = 1; t < length; t++) {
      score += A.get(y.applyAsInt(t - 1), y.applyAsInt(t));
      score += B.get(t * B.rows() + n, y.applyAsInt(t));
    }
    return score + end.get(0, y.applyAsInt(length - 1));                                                // (1)
  }

  /** Fills row n of α [T, N, K]; returns log Z. */
  double forward(int n, int length, Slab alpha) {
    if (length == 0) return 0;
    int N = B.rows(), K = B.cols();
    var terms = new float[K];
    double taken = 0;
    for (int t = 0; t < length; t++) {
      int r = t * N + n;
      for (int j = 0; j < K; j++) {
        if (t == 0) alpha.set(r, j, start.get(0, j) + B.get(r, j));                                     // (2)
        else alpha.set(r, j, B.get(r, j) + arriving(r - N, j, alpha, terms));                           // (3)
      }
      taken += takeLargest(alpha, r);
    }
    return taken + leaving((length - 1) * N + n, alpha, terms);
  }

  /** log Σ_i exp(α(i) + A(i, j)), α being row {@code before}. */
  private float arriving(int before, int j, Slab alpha, float[] terms) {
    for (int i = 0; i < terms.length; i++) terms[i] = alpha.get(before, i) + A.get(i, j);
    return (float) LogSpace.sum(terms, 0, terms.length);
  }

  /** log Σ_j exp(α(j) + end(j)), α being row {@code last}. */
  private double leaving(int last, Slab alpha, float[] terms) {
    for (int j = 0; j < terms.length; j++) terms[j] = alpha.get(last, j) + end.get(0, j);
    return LogSpace.sum(terms, 0, terms.length);                                                        // (4)
  }

  /**
   * One step of the walk back over row n, from its last step to its first: β_t, p_t and, but for the last step, q_t.
   *
   * @param alpha of {@link #forward}
   * @param beta [T, N, K]; step t + 1 is read, step t written
   * @param p [T, N, K]; step t is written
   * @param q rows of K·K; row {@code to} is written
   */
  void back(int n, int t, int length, Slab alpha, Slab beta, Slab p, Slab q, int to) {
    int N = B.rows(), K = B.cols(), r = t * N + n;
    var terms = new float[K];
    for (int i = 0; i < K; i++) {
      if (t == length - 1) beta.set(r, i, end.get(0, i));                                               // (5)
      else beta.set(r, i, onward(r + N, i, beta, q, to, terms));
    }
    takeLargest(beta, r);
    for (int i = 0; i < K; i++) terms[i] = alpha.get(r, i) + beta.get(r, i);
    float sum = LogSpace.exponentials(terms, 0, K, LogSpace.largest(terms, 0, K));
    for (int i = 0; i < K; i++) p.set(r, i, terms[i] / sum);                                            // (8)
  }

  /** β_t(i), from step t + 1 in row {@code next}; row i of q_t comes with it. */
  private float onward(int next, int i, Slab beta, Slab q, int to, float[] terms) {
    int K = terms.length;
    for (int j = 0; j < K; j++) terms[j] = A.get(i, j) + B.get(next, j) + beta.get(next, j);
    float largest = LogSpace.largest(terms, 0, K), sum = LogSpace.exponentials(terms, 0, K, largest);
    for (int j = 0; j < K; j++) q.set(to, i * K + j, terms[j] / sum);                                   // (7)
    return largest + ScalarMath.log(sum);                                                               // (6)
  }

  /** Takes the largest element off all of row r; returns it. */
  private static float takeLargest(Slab s, int r) {
    float max = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < s.cols(); k++) max = Math.max(max, s.get(r, k));
    for (int k = 0; k < s.cols(); k++) s.set(r, k, s.get(r, k) - max);
    return max;
  }
}
