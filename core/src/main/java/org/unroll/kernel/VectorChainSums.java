package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link ScalarChainSums} with the lanes in vectors; some labels at a time share what is loaded. */
final class VectorChainSums implements ChainSums {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = S.length();

  @Override public void settle(float[] x, int at, float[] b, int bAt, int K, float[] largest, int largestAt) {
    for (int l = 0; l < LANES; l += L) {
      add(x, at + l, b, bAt + l, x, at + l, K, largest, largestAt + l);
      subtract(x, at + l, largest, largestAt + l, K);
    }
  }

  /** {@code z = x + y}, and its largest. A vector that left the method would be an object. */
  private static void add(float[] x, int at, float[] y, int yAt, float[] z, int zAt, int K, float[] largest, int to) {
    FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    for (int k = 0; k < K * LANES; k += LANES) {
      FloatVector s = FloatVector.fromArray(S, x, at + k).add(FloatVector.fromArray(S, y, yAt + k));
      s.intoArray(z, zAt + k);
      max = max.blend(s, s.compare(VectorOperators.GT, max));
    }
    max.intoArray(largest, to);
  }

  private static void subtract(float[] x, int at, float[] y, int yAt, int K) {
    var less = load(y, yAt);
    for (int k = 0; k < K * LANES; k += LANES) load(x, at + k).sub(less).intoArray(x, at + k);
  }

  @Override public int sums(float[] x, int at, float[] m, int K, float[] u, int uAt, float[] v, int vAt, float[] y, int yAt) {
    VectorPointwise.exp(x, at, u, uAt, K * LANES);
    int small = 0;
    for (int l = 0; l < LANES; l += L) {
      int j = 0;
      for (; j + 8 <= K; j += 8) eight(u, uAt + l, m, j * K, K, v, vAt + j * LANES + l);
      if (j + 4 <= K) {
        four(u, uAt + l, m, j * K, K, v, vAt + j * LANES + l);
        j += 4;
      }
      if (j + 2 <= K) {
        two(u, uAt + l, m, j * K, K, v, vAt + j * LANES + l);
        j += 2;
      }
      if (j < K) one(u, uAt + l, m, j * K, K, v, vAt + j * LANES + l);
      small |= small(v, vAt + l, K) << l;
    }
    VectorPointwise.log(v, vAt, y, yAt, K * LANES);
    return small;
  }

  private static int small(float[] v, int at, int K) {
    var some = S.maskAll(false);
    for (int k = 0; k < K * LANES; k += LANES) some = some.or(load(v, at + k).compare(VectorOperators.LT, SMALL));
    return (int) some.toLong();
  }

  private static void one(float[] u, int at, float[] m, int o, int K, float[] v, int to) {
    FloatVector s0 = FloatVector.zero(S);
    for (int i = 0; i < K; i++, at += LANES, o++) {
      FloatVector x = FloatVector.fromArray(S, u, at);
      s0 = x.fma(FloatVector.broadcast(S, m[o]), s0);
    }
    s0.intoArray(v, to);
  }

  private static void two(float[] u, int at, float[] m, int o, int K, float[] v, int to) {
    FloatVector s0 = FloatVector.zero(S), s1 = s0;
    for (int i = 0; i < K; i++, at += LANES, o += 2) {
      FloatVector x = FloatVector.fromArray(S, u, at);
      s0 = x.fma(FloatVector.broadcast(S, m[o]), s0);
      s1 = x.fma(FloatVector.broadcast(S, m[o + 1]), s1);
    }
    s0.intoArray(v, to); s1.intoArray(v, to + LANES);
  }

  private static void four(float[] u, int at, float[] m, int o, int K, float[] v, int to) {
    FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0;
    for (int i = 0; i < K; i++, at += LANES, o += 4) {
      FloatVector x = FloatVector.fromArray(S, u, at);
      s0 = x.fma(FloatVector.broadcast(S, m[o]), s0);
      s1 = x.fma(FloatVector.broadcast(S, m[o + 1]), s1);
      s2 = x.fma(FloatVector.broadcast(S, m[o + 2]), s2);
      s3 = x.fma(FloatVector.broadcast(S, m[o + 3]), s3);
    }
    s0.intoArray(v, to); s1.intoArray(v, to + LANES); s2.intoArray(v, to + 2 * LANES); s3.intoArray(v, to + 3 * LANES);
  }

  private static void eight(float[] u, int at, float[] m, int o, int K, float[] v, int to) {
    FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (int i = 0; i < K; i++, at += LANES, o += 8) {
      FloatVector x = FloatVector.fromArray(S, u, at);
      s0 = x.fma(FloatVector.broadcast(S, m[o]), s0);
      s1 = x.fma(FloatVector.broadcast(S, m[o + 1]), s1);
      s2 = x.fma(FloatVector.broadcast(S, m[o + 2]), s2);
      s3 = x.fma(FloatVector.broadcast(S, m[o + 3]), s3);
      s4 = x.fma(FloatVector.broadcast(S, m[o + 4]), s4);
      s5 = x.fma(FloatVector.broadcast(S, m[o + 5]), s5);
      s6 = x.fma(FloatVector.broadcast(S, m[o + 6]), s6);
      s7 = x.fma(FloatVector.broadcast(S, m[o + 7]), s7);
    }
    s0.intoArray(v, to); s1.intoArray(v, to + LANES); s2.intoArray(v, to + 2 * LANES); s3.intoArray(v, to + 3 * LANES);
    to += 4 * LANES;
    s4.intoArray(v, to); s5.intoArray(v, to + LANES); s6.intoArray(v, to + 2 * LANES); s7.intoArray(v, to + 3 * LANES);
  }

  @Override public void posterior(float[] a, int aAt, float[] b, int bAt, int K, float[] p, int at, float[] lanes, int lanesAt) {
    for (int l = 0; l < LANES; l += L) {
      add(a, aAt + l, b, bAt + l, p, at + l, K, lanes, lanesAt + l);
      exponentials(p, at + l, K, lanes, lanesAt + l);
      divide(p, at + l, lanes, lanesAt + l, K);
    }
  }

  /** {@code x = exp(x − lanes)}; then lanes is the sum. */
  private static void exponentials(float[] x, int at, int K, float[] lanes, int lanesAt) {
    FloatVector max = FloatVector.fromArray(S, lanes, lanesAt), sum = FloatVector.zero(S);
    for (int k = 0; k < K * LANES; k += LANES) {
      FloatVector e = VectorMath.exp(FloatVector.fromArray(S, x, at + k).sub(max));
      e.intoArray(x, at + k);
      sum = sum.add(e);
    }
    sum.intoArray(lanes, lanesAt);
  }

  private static void divide(float[] x, int at, float[] by, int byAt, int K) {
    var sum = load(by, byAt);
    for (int k = 0; k < K * LANES; k += LANES) load(x, at + k).div(sum).intoArray(x, at + k);
  }

  @Override public void quotient(float[] p, int pAt, float[] v, int vAt, int lanes, int K, float[] f, int fAt) {
    for (int l = 0; l < LANES; l += L) {
      var out = VectorMask.fromLong(S, ~(lanes >> l));
      for (int k = l; k < K * LANES; k += LANES) load(p, pAt + k).div(load(v, vAt + k)).blend(0f, out).intoArray(f, fAt + k);
    }
  }

  @Override public void transitions(float[] f, int fAt, float[] w, int wAt, int steps, float[] m, int K, float[] share, int at) {
    int whole = K / 4 * 4, row = K * LANES;
    for (int l = 0; l < LANES; l += L) {
      for (int i = 0; i < whole; i += 4) {
        int from = fAt + i * LANES + l, to = at + i * row + l, j = 0;
        for (; j + 2 <= K; j += 2) fourByTwo(f, from, w, wAt + j * LANES + l, steps, K, m, i * K + j, share, to + j * LANES);
        if (j < K) four(w, wAt + j * LANES + l, f, from, steps, K, m, i * K + j, K, share, to + j * LANES, row);
      }
      for (int i = whole; i < K; i++) {
        int from = fAt + i * LANES + l, to = at + i * row + l, j = 0;
        for (; j < whole; j += 4) four(f, from, w, wAt + j * LANES + l, steps, K, m, i * K + j, 1, share, to + j * LANES, LANES);
        for (; j < K; j++) one(f, from, w, wAt + j * LANES + l, steps, K, m[i * K + j], share, to + j * LANES);
      }
    }
  }

  private static void one(float[] f, int fAt, float[] w, int wAt, int steps, int K, float m, float[] share, int to) {
    FloatVector sum = FloatVector.zero(S);
    for (int s = 0, o = 0; s < steps; s++, o += K * LANES) {
      sum = FloatVector.fromArray(S, f, fAt + o).fma(FloatVector.fromArray(S, w, wAt + o), sum);
    }
    sum.fma(FloatVector.broadcast(S, m), FloatVector.fromArray(S, share, to)).intoArray(share, to);
  }

  /** One label of x with four of y; their m lie {@code mStep} apart, their shares {@code toStep}. */
  private static void four(float[] x, int xAt, float[] y, int yAt, int steps, int K, float[] m, int ij, int mStep, float[] share,
      int to, int toStep) {
    FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0;
    for (int s = 0, o = 0; s < steps; s++, o += K * LANES) {
      FloatVector v = FloatVector.fromArray(S, x, xAt + o);
      s0 = v.fma(FloatVector.fromArray(S, y, yAt + o), s0);
      s1 = v.fma(FloatVector.fromArray(S, y, yAt + o + LANES), s1);
      s2 = v.fma(FloatVector.fromArray(S, y, yAt + o + 2 * LANES), s2);
      s3 = v.fma(FloatVector.fromArray(S, y, yAt + o + 3 * LANES), s3);
    }
    s0.fma(FloatVector.broadcast(S, m[ij]), FloatVector.fromArray(S, share, to)).intoArray(share, to);
    s1.fma(FloatVector.broadcast(S, m[ij += mStep]), FloatVector.fromArray(S, share, to += toStep)).intoArray(share, to);
    s2.fma(FloatVector.broadcast(S, m[ij += mStep]), FloatVector.fromArray(S, share, to += toStep)).intoArray(share, to);
    s3.fma(FloatVector.broadcast(S, m[ij + mStep]), FloatVector.fromArray(S, share, to + toStep)).intoArray(share, to + toStep);
  }

  /** Four labels of f with two of w. */
  private static void fourByTwo(float[] f, int fAt, float[] w, int wAt, int steps, int K, float[] m, int ij, float[] share, int to) {
    FloatVector s00 = FloatVector.zero(S), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
    for (int s = 0, o = 0; s < steps; s++, o += K * LANES) {
      FloatVector w0 = FloatVector.fromArray(S, w, wAt + o), w1 = FloatVector.fromArray(S, w, wAt + o + LANES), x;
      x = FloatVector.fromArray(S, f, fAt + o);
      s00 = x.fma(w0, s00); s01 = x.fma(w1, s01);
      x = FloatVector.fromArray(S, f, fAt + o + LANES);
      s10 = x.fma(w0, s10); s11 = x.fma(w1, s11);
      x = FloatVector.fromArray(S, f, fAt + o + 2 * LANES);
      s20 = x.fma(w0, s20); s21 = x.fma(w1, s21);
      x = FloatVector.fromArray(S, f, fAt + o + 3 * LANES);
      s30 = x.fma(w0, s30); s31 = x.fma(w1, s31);
    }
    int row = K * LANES;
    s00.fma(FloatVector.broadcast(S, m[ij]), FloatVector.fromArray(S, share, to)).intoArray(share, to);
    s01.fma(FloatVector.broadcast(S, m[ij + 1]), FloatVector.fromArray(S, share, to + LANES)).intoArray(share, to + LANES);
    s10.fma(FloatVector.broadcast(S, m[ij += K]), FloatVector.fromArray(S, share, to += row)).intoArray(share, to);
    s11.fma(FloatVector.broadcast(S, m[ij + 1]), FloatVector.fromArray(S, share, to + LANES)).intoArray(share, to + LANES);
    s20.fma(FloatVector.broadcast(S, m[ij += K]), FloatVector.fromArray(S, share, to += row)).intoArray(share, to);
    s21.fma(FloatVector.broadcast(S, m[ij + 1]), FloatVector.fromArray(S, share, to + LANES)).intoArray(share, to + LANES);
    s30.fma(FloatVector.broadcast(S, m[ij += K]), FloatVector.fromArray(S, share, to += row)).intoArray(share, to);
    s31.fma(FloatVector.broadcast(S, m[ij + 1]), FloatVector.fromArray(S, share, to + LANES)).intoArray(share, to + LANES);
  }

  @Override public boolean best(double[] x, int at, double[] a, int K, double[] y, int yAt, boolean positive) {
    return VectorMaxima.best(x, at, a, K, y, yAt, positive);
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
