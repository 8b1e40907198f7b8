package org.unroll.kernel;

import static org.unroll.kernel.ChainSums.LANES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ChainSums#best} with the lanes in vectors; some labels at a time share what is loaded. Each method says whether all its
 * maxima are above 0.
 *
 * <p>To keep the larger of two doubles takes a comparison and a choice, to keep that of two longs takes one instruction. Doubles
 * above 0 have the order of their bits as longs, and all others but NaN are smaller as longs too: so if the largest of the longs is
 * a number above 0, it is the largest of the doubles, whatever they are.
 */
final class VectorMaxima {
  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, Lanes.SPECIES.vectorShape());
  private static final VectorSpecies<Long> N = VectorSpecies.of(long.class, Lanes.SPECIES.vectorShape());
  private static final int DOUBLES = D.length();
  private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

  private VectorMaxima() {}

  static boolean best(double[] x, int at, double[] a, int K, double[] y, int yAt, boolean positive) {
    boolean all = true;
    for (int l = 0; l < LANES; l += 2 * DOUBLES) {
      int j = 0;
      for (; j + 8 <= K; j += 8) {
        all &= four(x, at + l, a, j * K, 8, K, y, yAt + j * LANES + l, positive);
        all &= four(x, at + l, a, j * K + 4, 8, K, y, yAt + (j + 4) * LANES + l, positive);
      }
      if (j + 4 <= K) {
        all &= four(x, at + l, a, j * K, 4, K, y, yAt + j * LANES + l, positive);
        j += 4;
      }
      if (j + 2 <= K) {
        all &= anyTwo(x, at + l, a, j * K, K, y, yAt + j * LANES + l);
        j += 2;
      }
      if (j < K) all &= anyOne(x, at + l, a, j * K, K, y, yAt + j * LANES + l);
    }
    return all;
  }

  /** Four labels, whose rows of a lie {@code step} apart: as longs if {@code positive}, as doubles where that was not so. */
  private static boolean four(double[] x, int at, double[] a, int o, int step, int K, double[] y, int to, boolean positive) {
    return positive && positiveFour(x, at, a, o, step, K, y, to) || anyFour(x, at, a, o, step, K, y, to);
  }

  private static boolean anyOne(double[] x, int at, double[] a, int o, int K, double[] y, int to) {
    DoubleVector m0 = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY);
    DoubleVector n0 = m0;
    for (int i = 0; i < K; i++, at += LANES, o++) {
      DoubleVector v = DoubleVector.fromArray(D, x, at), w = DoubleVector.fromArray(D, x, at + DOUBLES), b, s;
      b = DoubleVector.broadcast(D, a[o]);
      s = v.add(b); m0 = m0.blend(s, s.compare(VectorOperators.GT, m0));
      s = w.add(b); n0 = n0.blend(s, s.compare(VectorOperators.GT, n0));
    }
    m0.intoArray(y, to); n0.intoArray(y, to + DOUBLES);
    LongVector least = m0.reinterpretAsLongs().min(n0.reinterpretAsLongs());
    return least.compare(VectorOperators.GT, 0).allTrue();
  }

  private static boolean anyTwo(double[] x, int at, double[] a, int o, int K, double[] y, int to) {
    DoubleVector m0 = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY), m1 = m0;
    DoubleVector n0 = m0, n1 = m0;
    for (int i = 0; i < K; i++, at += LANES, o += 2) {
      DoubleVector v = DoubleVector.fromArray(D, x, at), w = DoubleVector.fromArray(D, x, at + DOUBLES), b, s;
      b = DoubleVector.broadcast(D, a[o]);
      s = v.add(b); m0 = m0.blend(s, s.compare(VectorOperators.GT, m0));
      s = w.add(b); n0 = n0.blend(s, s.compare(VectorOperators.GT, n0));
      b = DoubleVector.broadcast(D, a[o + 1]);
      s = v.add(b); m1 = m1.blend(s, s.compare(VectorOperators.GT, m1));
      s = w.add(b); n1 = n1.blend(s, s.compare(VectorOperators.GT, n1));
    }
    m0.intoArray(y, to); n0.intoArray(y, to + DOUBLES);
    m1.intoArray(y, to += LANES); n1.intoArray(y, to + DOUBLES);
    LongVector least = m0.reinterpretAsLongs().min(m1.reinterpretAsLongs()).min(n0.reinterpretAsLongs())
        .min(n1.reinterpretAsLongs());
    return least.compare(VectorOperators.GT, 0).allTrue();
  }

  /** In two vectors of lanes: what is loaded is used twice and four times. */
  private static boolean anyFour(double[] x, int at, double[] a, int o, int step, int K, double[] y, int to) {
    DoubleVector m0 = DoubleVector.broadcast(D, Double.NEGATIVE_INFINITY), m1 = m0, m2 = m0, m3 = m0;
    DoubleVector n0 = m0, n1 = m0, n2 = m0, n3 = m0;
    for (int i = 0; i < K; i++, at += LANES, o += step) {
      DoubleVector v = DoubleVector.fromArray(D, x, at), w = DoubleVector.fromArray(D, x, at + DOUBLES), b, s;
      b = DoubleVector.broadcast(D, a[o]);
      s = v.add(b); m0 = m0.blend(s, s.compare(VectorOperators.GT, m0));
      s = w.add(b); n0 = n0.blend(s, s.compare(VectorOperators.GT, n0));
      b = DoubleVector.broadcast(D, a[o + 1]);
      s = v.add(b); m1 = m1.blend(s, s.compare(VectorOperators.GT, m1));
      s = w.add(b); n1 = n1.blend(s, s.compare(VectorOperators.GT, n1));
      b = DoubleVector.broadcast(D, a[o + 2]);
      s = v.add(b); m2 = m2.blend(s, s.compare(VectorOperators.GT, m2));
      s = w.add(b); n2 = n2.blend(s, s.compare(VectorOperators.GT, n2));
      b = DoubleVector.broadcast(D, a[o + 3]);
      s = v.add(b); m3 = m3.blend(s, s.compare(VectorOperators.GT, m3));
      s = w.add(b); n3 = n3.blend(s, s.compare(VectorOperators.GT, n3));
    }
    m0.intoArray(y, to); n0.intoArray(y, to + DOUBLES);
    m1.intoArray(y, to += LANES); n1.intoArray(y, to + DOUBLES);
    m2.intoArray(y, to += LANES); n2.intoArray(y, to + DOUBLES);
    m3.intoArray(y, to += LANES); n3.intoArray(y, to + DOUBLES);
    LongVector least = m0.reinterpretAsLongs().min(m1.reinterpretAsLongs()).min(m2.reinterpretAsLongs())
        .min(m3.reinterpretAsLongs()).min(n0.reinterpretAsLongs()).min(n1.reinterpretAsLongs())
        .min(n2.reinterpretAsLongs()).min(n3.reinterpretAsLongs());
    return least.compare(VectorOperators.GT, 0).allTrue();
  }

  /** The same of longs: what it leaves is right if it returns true. */
  private static boolean positiveFour(double[] x, int at, double[] a, int o, int step, int K, double[] y, int to) {
    LongVector m0 = LongVector.broadcast(N, Long.MIN_VALUE), m1 = m0, m2 = m0, m3 = m0;
    LongVector n0 = m0, n1 = m0, n2 = m0, n3 = m0;
    for (int i = 0; i < K; i++, at += LANES, o += step) {
      DoubleVector v = DoubleVector.fromArray(D, x, at), w = DoubleVector.fromArray(D, x, at + DOUBLES), b;
      b = DoubleVector.broadcast(D, a[o]);
      m0 = v.add(b).reinterpretAsLongs().max(m0);
      n0 = w.add(b).reinterpretAsLongs().max(n0);
      b = DoubleVector.broadcast(D, a[o + 1]);
      m1 = v.add(b).reinterpretAsLongs().max(m1);
      n1 = w.add(b).reinterpretAsLongs().max(n1);
      b = DoubleVector.broadcast(D, a[o + 2]);
      m2 = v.add(b).reinterpretAsLongs().max(m2);
      n2 = w.add(b).reinterpretAsLongs().max(n2);
      b = DoubleVector.broadcast(D, a[o + 3]);
      m3 = v.add(b).reinterpretAsLongs().max(m3);
      n3 = w.add(b).reinterpretAsLongs().max(n3);
    }
    m0.reinterpretAsDoubles().intoArray(y, to); n0.reinterpretAsDoubles().intoArray(y, to + DOUBLES);
    m1.reinterpretAsDoubles().intoArray(y, to += LANES); n1.reinterpretAsDoubles().intoArray(y, to + DOUBLES);
    m2.reinterpretAsDoubles().intoArray(y, to += LANES); n2.reinterpretAsDoubles().intoArray(y, to + DOUBLES);
    m3.reinterpretAsDoubles().intoArray(y, to += LANES); n3.reinterpretAsDoubles().intoArray(y, to + DOUBLES);
    LongVector least = m0.min(m1).min(m2).min(m3).min(n0).min(n1).min(n2).min(n3);
    LongVector most = m0.max(m1).max(m2).max(m3).max(n0).max(n1).max(n2).max(n3);
    return least.compare(VectorOperators.GT, 0).and(most.compare(VectorOperators.LE, INFINITE)).allTrue();
  }
}
