package org.unroll.kernel;

import org.unroll.slab.Slab;

/**
 * Sums over the labellings of sixteen sequences at a time. A lane is a sequence: no sum runs across lanes, so each sequence has the
 * bits that it has alone, in vectors of any width. One step of an array is [K][16], label after label. Offsets are those of the
 * step's first float. A matrix is K × K, row after row, or dealt: its columns in strips of eight, the rest in one of four, two and one.
 */
public interface ChainSums {
  /** Sequences at a time. */
  int LANES = Tiling.LANES;

  /** Below, a sum may lack what {@code exp} has rounded to 0: each such term is under 2^−126, which is 2^−62 of this. */
  float SMALL = 0x1p-64f;

  /** Steps of {@link #transitions} at a time. */
  int BLOCK = 16;

  /** Where m(i, j) stands in a dealt matrix: strip after strip, within a strip row after row. */
  static int dealt(int K, int i, int j) {
    int strip = 0, width = 8;
    while (j - strip >= width || K - strip < width) {
      if (K - strip >= width) strip += width;
      else width /= 2;
    }
    return strip * K + i * width + j - strip;
  }

  /** How far m(i + 1, j) stands from m(i, j) in a dealt matrix. */
  static int width(int K, int j) { return K == 1 ? 1 : dealt(K, 1, j) - dealt(K, 0, j); }

  /** Rows {@code from} to from + rows − 1 of b become lanes, each label plus its {@code add}; the other lanes hold zeros. */
  default void turn(Slab b, int from, int rows, Slab add, float[] to, int at) {
    int K = b.cols();
    for (int k = 0; k < K; k++) {
      float more = add.data()[add.row(0) + k];
      int o = at + k * LANES, r = b.row(from) + k;
      for (int l = 0; l < rows; l++, r += b.stride()) to[o + l] = b.data()[r] + more;
      for (int l = rows; l < LANES; l++) to[o + l] = 0;
    }
  }

  /**
   * Lanes 0 to rows − 1 of y are x plus rows {@code from} to from + rows − 1 of b, in double; the other lanes are infinite, so
   * that {@link #best} finds them above 0.
   */
  default void add(double[] x, int at, Slab b, int from, int rows, double[] y, int yAt) {
    int K = b.cols();
    for (int l = 0; l < rows; l++) {
      int o = at + l, r = b.row(from + l), to = yAt + l;
      for (int k = 0; k < K; k++) y[to + k * LANES] = x[o + k * LANES] + b.data()[r + k];
    }
    for (int l = rows; l < LANES; l++) for (int k = 0; k < K; k++) y[yAt + k * LANES + l] = Double.POSITIVE_INFINITY;
  }

  /** Lanes 0 to rows − 1 become rows, each number times {@code scale}. */
  default void turnBack(float[] x, int at, Slab to, int from, int rows, float scale) {
    int K = to.cols();
    for (int l = 0; l < rows; l++) {
      int r = to.row(from + l), o = at + l;
      for (int k = 0; k < K; k++, o += LANES) to.data()[r + k] = x[o] * scale;
    }
  }

  /** {@code x += b}; then the largest of each lane, which goes to {@code largest}, is taken off all of the lane. */
  void settle(float[] x, int at, float[] b, int bAt, int K, float[] largest, int largestAt);

  /**
   * {@code u = exp(x)}, {@code v_j = Σ_i u_i m(i, j)} by fma in the order of i, {@code y = log(v)}; u may be x.
   *
   * @param m dealt
   * @return bit l is set where lane l has a v below {@link #SMALL}
   */
  int sums(float[] x, int at, float[] m, int K, float[] u, int uAt, float[] v, int vAt, float[] y, int yAt);

  /** {@code p = exp(a + b − max) / Σ}, the sum in the order of the labels; it goes to {@code lanes}. */
  void posterior(float[] a, int aAt, float[] b, int bAt, int K, float[] p, int at, float[] lanes, int lanesAt);

  /** {@code f = p / v} in the lanes whose bit is set in {@code lanes}, 0 in the others. */
  void quotient(float[] p, int pAt, float[] v, int vAt, int lanes, int K, float[] f, int fAt);

  /** {@code share(i, j) += m(i, j) Σ_s f_s(i) w_s(j)} over {@code steps} steps in their order; share is [K][K][16], m row after row. */
  void transitions(float[] f, int fAt, float[] w, int wAt, int steps, float[] m, int K, float[] share, int at);

  /**
   * {@code y_j = max_i (x_i + a(i, j))}, in double; a is dealt.
   *
   * @param positive whether all y are likely to be above 0, which may be faster: no bit depends on it
   * @return whether they are
   */
  boolean best(double[] x, int at, double[] a, int K, double[] y, int yAt, boolean positive);
}
