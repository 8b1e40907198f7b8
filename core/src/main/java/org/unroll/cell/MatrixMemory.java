package org.unroll.cell;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Slab;

/**
 * The pointwise part of an mLSTM of xLSTM (Beck et al. 2024, eqs. 19 to 27, stabilised by eqs. 15 to 17): heads that remember a
 * matrix each. A head of d units puts the outer product of a key and a value into C, d × d, and asks it by a query; n is the sum
 * of the keys in C, and m, near the logarithm of the largest weight so far, keeps every exponential within (0, 1]. i and f are one
 * number a head. No gate sees the state: all products are done before the first step, and heads never meet.
 * <pre>
 *   (1) q = a_q                          (B1) δa_o = δh ⊙ u / e ⊙ o ⊙ (1 − o)
 *   (2) k = a_k / √d                     (B2) δu   = δh ⊙ o / e
 *   (3) v = a_v                          (B3) w    = Σ δu ⊙ u                     which is −e δe
 *   (4) o = σ(a_o)                       (B4) δs   = [|s| ≥ exp(−m)] · −w / s
 *   (5) f = σ(a_f)                       (B5) δm  += [|s| < exp(−m)] · w
 *   (6) m = max(log f + m', a_i)         (B6) δC  += qᵀ δu,  δn += δs q
 *   (7) i = exp ι,  ι = a_i − m          (B7) δa_q = δu Cᵀ + δs n
 *   (8) κ = exp λ,  λ = log f + m' − m   (B8) δa_k = i (v δCᵀ + δn) / √d
 *   (9) C = κ C' + i kᵀ v               (B9) δa_v = i k δC
 *  (10) n = κ n' + i k                  (B10) δι   = i (k δC vᵀ + δn · k)
 *  (11) u = q C                         (B11) δλ   = κ (Σ δC ⊙ C' + δn · n')
 *  (12) s = q · n                       (B12) ρ    = δm − δι − δλ                 of m
 *  (13) e = max(|s|, exp(−m))           (B13) δa_i = δι + [m = a_i] ρ
 *  (14) h = o ⊙ u / e                   (B14) δm'  = δλ + [m = log f + m'] ρ
 *                                       (B15) δa_f = δm' (1 − f)
 *                                       (B16) δC'  = κ δC,  δn' = κ δn
 * </pre>
 *
 * <p>Vectors are rows, so C is the paper's transposed. The paper adds the key's bias after dividing by √d, its authors' code
 * before, as here. exp(−m) in (13) is the 1 of the paper's eq. 21 in the scale of C and n. h does not depend on which m is subtracted:
 * where the loss sees h alone, ρ is 0. Before the first step C, n and m are 0.
 *
 * <p>A row of the pre-activations {@code a} holds the blocks q, k, v, o of H units, heads side by side; one of {@code g} all a_i, then all
 * a_f. A row of states holds C, row by row, n and m of the first head, then of the next. Not for use by several threads.
 */
public final class MatrixMemory {
  /** Where exp(−m) would leave the floats, it stays at their edge. */
  private static final float EDGE = 87;

  private static final int Q = 0, K = 1, V = 2, O = 3;

  private final Kernels k;
  private final Slab a, g;
  private final int heads, units, d;
  private final float[] u, du, dv;
  private final float[] small = new float[2];

  private float m, in, keep;
  private boolean old;
  private float dot, floor, most;

  /**
   * @param a [T, N, 4H]
   * @param g [T, N, 2 · heads]
   */
  public MatrixMemory(Kernels k, Slab a, Slab g) {
    this.k = k;
    this.a = a;
    this.g = g;
    this.heads = g.cols() / 2;
    this.units = a.cols() / 4;
    this.d = units / heads;
    this.u = new float[d];
    this.du = new float[d];
    this.dv = new float[d];
  }

  /** Floats that a head of d units remembers: C, n, m. */
  public static int size(int d) { return d * d + d + 1; }

  /** C011 where the units do not divide into the heads. */
  public static void requireHeads(String where, int units, int heads) {
    if (heads >= 1 && units >= heads && units % heads == 0) return;
    var fault = Fault.of(Code.C011, "units is %d, heads is %d", units, heads).at(where).because("units must be a multiple of heads");
    throw heads < 1 ? fault.mend("%s: %d or more", "heads", 1) : fault.mend("units: %d", Math.max(1, units / heads) * heads);
  }

  private int at(int row, int block, int head) { return a.row(row) + block * units + head * d; }

  /** Products to gates, in place: those of rows {@code from} to {@code from + rows − 1}. */
  public void gates(int from, int rows, Slab b, Slab c) {
    float shrink = (float) (1 / Math.sqrt(d));
    for (int row = from; row < from + rows; row++) {
      add(b, a, row);
      add(c, g, row);
      for (int j = at(row, K, 0); j < at(row, V, 0); j++) a.data()[j] *= shrink;                            // (2)
      k.sigmoid(a.data(), at(row, O, 0), units);                                                            // (4)
      k.sigmoid(g.data(), g.row(row) + heads, heads);                                                       // (5)
    }
  }

  private static void add(Slab bias, Slab to, int row) {
    for (int j = 0; j < to.cols(); j++) to.data()[to.row(row) + j] += bias.data()[bias.offset() + j];
  }

  /** What the memory's parts weigh after step {@code row}, given what is at {@code before} of {@code s}. */
  private void weigh(int row, int head, float[] s, int before) {
    float now = g.data()[g.row(row) + head];
    k.log(g.data(), g.row(row) + heads + head, small, 0, 1);
    float kept = small[0] + s[before + d * d + d];
    old = kept >= now;
    m = old ? kept : now;                                                                                   // (6)
    small[0] = now - m;
    small[1] = kept - m;
    k.exp(small, 0, small, 0, 2);
    in = small[0];                                                                                          // (7)
    keep = small[1];                                                                                        // (8)
  }

  /** One head, one step: state of row {@code prev} to that of row {@code next}, which may be the same. */
  public void write(int row, int head, Slab from, int prev, Slab to, int next) {
    float[] s = from.data(), t = to.data(), x = a.data();
    int c0 = from.row(prev) + head * size(d), c = to.row(next) + head * size(d), key = at(row, K, head), value = at(row, V, head);
    weigh(row, head, s, c0);
    for (int j = 0; j < d; j++) {
      float each = in * x[key + j];
      for (int l = 0; l < d; l++) t[c + j * d + l] = Math.fma(keep, s[c0 + j * d + l], each * x[value + l]);  // (3) (9)
      t[c + d * d + j] = Math.fma(keep, s[c0 + d * d + j], each);                                           // (10)
    }
    t[c + d * d + d] = m;
  }

  /** What the query of step {@code row} finds in the state after it: u, s, e. */
  private void ask(int row, int head, float[] s, int c) {
    int query = at(row, Q, head);
    double sum = 0;
    for (int l = 0; l < d; l++) u[l] = 0;
    for (int j = 0; j < d; j++) {
      float q = a.data()[query + j];                                                                        // (1)
      for (int l = 0; l < d; l++) u[l] = Math.fma(q, s[c + j * d + l], u[l]);                               // (11)
      sum += (double) q * s[c + d * d + j];                                                                 // (12)
    }
    dot = (float) sum;
    small[0] = Math.max(-EDGE, Math.min(EDGE, -s[c + d * d + d]));
    k.exp(small, 0, small, 0, 1);
    floor = small[0];
    most = Math.max(Math.abs(dot), floor);                                                                  // (13)
  }

  /** The output of step {@code row}, to row {@code to} of y [·, ·, H], from the state after it. */
  public void read(int row, int head, Slab s, int next, Slab y, int to) {
    ask(row, head, s.data(), s.row(next) + head * size(d));
    int out = at(row, O, head), h = y.row(to) + head * d;
    for (int l = 0; l < d; l++) y.data()[h + l] = a.data()[out + l] * (u[l] / most);                        // (14)
  }

  /**
   * One head, one step back.
   *
   * @param s states: of row {@code prev} before the step, of row {@code next} after
   * @param dy δh, its row {@code row}
   * @param ds row n: δ of the state after the step, becomes that of the state before
   * @param da δa, written
   * @param dg δ of the gates' pre-activations, written
   */
  public void backward(int row, int head, Slab s, int prev, int next, Slab dy, Slab ds, int n, Slab da, Slab dg) {
    int c0 = s.row(prev) + head * size(d), c = s.row(next) + head * size(d), dc = ds.row(n) + head * size(d);
    float[] b = ds.data();
    weigh(row, head, s.data(), c0);
    ask(row, head, s.data(), c);
    float w = output(row, head, dy, da);
    boolean counts = Math.abs(dot) >= floor;
    float dDot = counts ? -w / dot : 0f;                                                                    // (B4)
    float dm = counts ? b[dc + d * d + d] : b[dc + d * d + d] + w;                                          // (B5)
    query(row, head, s.data(), c, b, dc, dDot, da);
    double fresh = stored(row, head, b, dc, da);
    double kept = 0;
    for (int j = 0; j < d * d + d; j++) {
      kept += (double) b[dc + j] * s.data()[c0 + j];
      b[dc + j] *= keep;                                                                                    // (B16)
    }
    float dNow = (float) (in * fresh);                                                                      // (B10)
    float dKept = (float) (keep * kept);                                                                    // (B11)
    float rest = dm - dNow - dKept;                                                                         // (B12)
    float before = old ? dKept + rest : dKept;                                                              // (B14)
    int gate = dg.row(row);
    dg.data()[gate + head] = old ? dNow : dNow + rest;                                                               // (B13)
    dg.data()[gate + heads + head] = before * (1 - g.data()[g.row(row) + heads + head]);                    // (B15)
    b[dc + d * d + d] = before;
  }

  /** δa_o and δu; returns w. */
  private float output(int row, int head, Slab dy, Slab da) {
    int h = dy.row(row) + head * d, out = at(row, O, head), dOut = da.row(row) + O * units + head * d;
    double w = 0;
    for (int l = 0; l < d; l++) {
      float o = a.data()[out + l], dh = dy.data()[h + l];
      da.data()[dOut + l] = dh * (u[l] / most) * o * (1 - o);                                               // (B1)
      du[l] = dh * o / most;                                                                                // (B2)
      w += (double) du[l] * u[l];                                                                           // (B3)
    }
    return (float) w;
  }

  /** What the query has to do with: δC, δn, δa_q. */
  private void query(int row, int head, float[] s, int c, float[] b, int dc, float dDot, Slab da) {
    int query = at(row, Q, head), dQuery = da.row(row) + head * d;
    for (int j = 0; j < d; j++) {
      float q = a.data()[query + j];
      double dq = (double) dDot * s[c + d * d + j];
      for (int l = 0; l < d; l++) {
        b[dc + j * d + l] = Math.fma(q, du[l], b[dc + j * d + l]);                                          // (B6)
        dq += (double) du[l] * s[c + j * d + l];
      }
      b[dc + d * d + j] = Math.fma(dDot, q, b[dc + d * d + j]);                                             // (B6)
      da.data()[dQuery + j] = (float) dq;                                                                   // (B7)
    }
  }

  /** What key and value have to do with: δa_k, δa_v; returns k δC vᵀ + δn · k. */
  private double stored(int row, int head, float[] b, int dc, Slab da) {
    int key = at(row, K, head), value = at(row, V, head), dKey = da.row(row) + K * units + head * d;
    int dValue = da.row(row) + V * units + head * d;
    float shrink = (float) (1 / Math.sqrt(d));
    double all = 0;
    for (int l = 0; l < d; l++) dv[l] = 0;
    for (int j = 0; j < d; j++) {
      float kj = a.data()[key + j];
      double each = b[dc + d * d + j];
      for (int l = 0; l < d; l++) {
        each += (double) b[dc + j * d + l] * a.data()[value + l];
        dv[l] = Math.fma(kj, b[dc + j * d + l], dv[l]);
      }
      da.data()[dKey + j] = (float) (in * each) * shrink;                                                   // (B8)
      all += kj * each;
    }
    for (int l = 0; l < d; l++) da.data()[dValue + l] = in * dv[l];                                         // (B9)
    return all;
  }
}
