package org.unroll.look;

import java.util.Arrays;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * What an mLSTM reads, as a sum over what it wrote. From C_t = κ_t C_{t−1} + i_t k_tᵀ v_t and h̃_t = q_t C_t / e_t, which o_t
 * then lets through (equations 9, 11 to 14 of {@link org.unroll.cell.MatrixMemory}; vectors are rows), follows for each head
 * <pre>
 *   (1) h̃_t = w_0^t q_t C_0 + Σ_{i=1..t} r_i^t v_i
 *   (2) r_i^t = w_i^t (k_i · q_t)
 *   (3) w_i^t = i_i ∏_{j=i+1..t} κ_j / e_t
 *   (4) w_0^t = ∏_{j=1..t} κ_j / e_t
 *   (5) e_t = max(|q_t · n_t|, e^−m_t)       n_t = e_t (w_0^t n_0 + Σ_i w_i^t k_i)
 * </pre>
 * w_i^t is how much of k_iᵀ v_i is left in C_t, in the scale in which it is read; r_i^t is what attention would give step i at
 * step t, of either sign: where |q_t · n_t| is the larger, all r of a row sum to 1 or to −1. It does not depend on m.
 * Everything is of the pass: q, k, v, o and the gates; h̃_t of the pass is h_t / o_t.
 *
 * @param walk whose gates are used
 */
public record MatrixTrace(MatrixWalk walk) implements Unfolded {
  /** Where exp(−m) would leave the floats, the pass stays at their edge. */
  private static final double EDGE = 87;
  /** What single steps of float arithmetic may leave, of the sum of magnitudes. */
  private static final double ROUNDING = 1e-5;
  private static final int I = 0, KAPPA = 2, O = 3, Q = 4, K = 5, V = 6;

  /** M009, with what there is, for a layer that remembers no matrices. */
  public static MatrixTrace of(Walk walk) {
    if (walk instanceof MatrixWalk m) return new MatrixTrace(m);
    throw MemoryTrace.none(walk, Fault.of(Code.M009, "%s has no matrix memory", walk.cell()).because("%s", walk.has()));
  }

  @Override public String slot() { return "C"; }

  @Override public String whole() { return "h̃"; }

  @Override public String candidate() { return "v"; }

  @Override public List<String> equations() {
    return List.of("C = κ C' + i kᵀ v,   h̃ = q C / e,   h = o ⊙ h̃",
        "h̃_t = w_0^t q_t C_0 + Σ_i r_i^t v_i,   r_i^t = w_i^t (k_i · q_t),   w_i^t = i_i ∏_{j>i} κ_j / e_t,   "
            + "e_t = max(|q_t · n_t|, e^−m_t)");
  }

  /** w_i^t of the head of a unit. */
  @Override public double[][] weights(int unit) {
    int head = walk.head(unit), T = walk.steps();
    var w = new double[T][T + 1];
    for (int t = 1; t <= T; t++) {
      Arrays.fill(w[t - 1], Double.NaN);
      double kept = 1;
      for (int i = t; i >= 1; i--) {
        w[t - 1][i] = kept * at(I, i, head);                                                           // (3)
        kept *= at(KAPPA, i, head);
      }
      w[t - 1][0] = kept;                                                                              // (4)
      double e = Math.max(Math.abs(overlaps(head, t, w[t - 1])[T + 1]), floor(head, t));               // (5)
      for (int i = 0; i <= t; i++) w[t - 1][i] /= e;
    }
    return w;
  }

  /** r_i^t of the head of a unit, the same for all its units; column 0 is the first state's share in q_t · n_t / e_t. */
  public double[][] readings(int unit) {
    var r = weights(unit);
    for (int t = 1; t <= r.length; t++) r[t - 1] = Arrays.copyOf(overlaps(walk.head(unit), t, r[t - 1]), r.length + 1);
    return r;
  }

  /** w_i (k_i · q_t) for i = 1 … t, w_0 (n_0 · q_t) before them, and behind all of them their sum. */
  private double[] overlaps(int head, int t, double[] w) {
    var r = Arrays.copyOf(w, w.length + 1);
    double sum = 0;
    for (int i = 0; i <= t; i++) {
      double dot = 0;
      for (int j = 0; j < walk.d(); j++) {
        int u = head * walk.d() + j;
        dot += (i == 0 ? walk.first(head, walk.d() * walk.d() + j) : at(K, i, u)) * at(Q, t, u);
      }
      r[i] = w[i] * dot;                                                                               // (2)
      sum += r[i];
    }
    r[w.length] = sum;
    return r;
  }

  /** e^−m after the t-th step. */
  private double floor(int head, int t) {
    return StrictMath.exp(Math.clamp(-walk.after(2, walk.time(t - 1), head), -EDGE, EDGE));
  }

  /** r_i^t v_i of a unit, and the part of C_0 in column 0: what h̃ of step t is made of. */
  @Override public double[][] contributions(int unit) { return contributions(unit, weights(unit), readings(unit)); }

  private double[][] contributions(int unit, double[][] w, double[][] r) {
    var c = new double[r.length][];
    for (int t = 1; t <= r.length; t++) {
      c[t - 1] = r[t - 1].clone();
      for (int i = 1; i <= t; i++) c[t - 1][i] *= at(V, i, unit);                                      // (1)
      c[t - 1][0] = w[t - 1][0] * first(unit, t);
    }
    return c;
  }

  /** (q_t C_0) of a unit. */
  private double first(int unit, int t) {
    int d = walk.d(), head = walk.head(unit);
    double sum = 0;
    for (int j = 0; j < d; j++) sum += at(Q, t, head * d + j) * walk.first(head, j * d + unit % d);
    return sum;
  }

  /** h̃_t = h_t / o_t of the pass. */
  @Override public double[] states(int unit) {
    var s = new double[walk.steps()];
    for (int t = 1; t <= s.length; t++) s[t - 1] = walk.after(0, walk.time(t - 1), unit) / at(O, t, unit);
    return s;
  }

  /** A pass rounds every term of the sum and of the normaliser. */
  @Override public Check check() {
    double worst = 0, scale = 0, strain = 0;
    for (int u = 0; u < walk.units(); u++) {
      double[][] w = weights(u), r = readings(u), c = contributions(u, w, r);
      double[] states = states(u);
      for (int t = 0; t < states.length; t++) {
        double miss = Math.abs(Unfolded.sum(c[t]) - states[t]);
        double terms = magnitude(c[t]) + Math.abs(states[t]) * magnitude(r[t]);
        worst = Math.max(worst, miss);
        scale = Math.max(scale, Math.abs(states[t]));
        strain = Math.max(strain, miss / (ROUNDING * Math.max(1, terms)));
      }
    }
    return new Check(worst, scale, strain);
  }

  private static double magnitude(double[] row) { return Arrays.stream(row).filter(v -> !Double.isNaN(v)).map(Math::abs).sum(); }

  /** Number {@code unit} of a block at the i-th step of the walk, from 1. */
  private double at(int block, int i, int unit) { return walk.gate(block, walk.time(i - 1), unit); }
}
