package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.unroll.kernel.ChainSums.BLOCK;
import static org.unroll.kernel.ChainSums.LANES;

import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.slab.Slab;

/** The sums of sixteen sequences in vectors and lane after lane: the same bits; and what rows become. */
class ChainSumsTest {
  private static final ChainSums SCALAR = new ScalarChainSums(), VECTOR = new VectorChainSums();

  /** All that the steps of one batch compute, from one seed, with awkward numbers among them. */
  static float[] all(ChainSums s, int K, long seed) {
    int size = K * LANES, at = 3;
    var r = new SplittableRandom(seed);
    float[] x = numbers(size + at, 40, r), b = numbers(size + at, 5, r), m = numbers(K * K, 1, r), y = new float[size + at];
    for (int i = 0; i < m.length; i++) m[i] = Math.abs(m[i]);
    x[at] = Float.NEGATIVE_INFINITY;
    if (K > 1) x[at + LANES + 1] = -1e4f;
    float[] u = new float[size + at], v = new float[size + at], largest = new float[LANES + at], p = new float[size + at];
    s.settle(x, at, b, at, K, largest, at);
    int small = s.sums(x, at, m, K, u, at, v, at, y, at);
    float[] lanes = new float[LANES + at];
    s.posterior(b, at, y, at, K, p, at, lanes, at);
    float[] f = numbers(size * BLOCK + at, 1, r), w = numbers(size * BLOCK + at, 1, r), share = numbers(size * K + at, 1, r);
    s.quotient(p, at, v, at, 0x5a3c & ~small, K, f, at + 2 * size);
    s.transitions(f, at, w, at, BLOCK - 1, m, K, share, at);
    double[] dx = new double[size + at], da = new double[K * K], dy = new double[size + at];
    for (int i = 0; i < dx.length; i++) dx[i] = x[i];
    for (int i = 0; i < da.length; i++) da[i] = m[i] * 7 - 3;
    boolean above = s.best(dx, at, da, K, dy, at, seed % 2 == 0);
    float[] best = new float[2 * dy.length];
    for (int i = 0; i < dy.length; i++) {
      best[2 * i] = (float) dy[i];
      best[2 * i + 1] = (float) (dy[i] - best[2 * i]);
    }
    return joined(x, largest, lanes, u, v, y, p, f, share, best, new float[] {small, above ? 1 : 0});
  }

  private static float[] numbers(int n, float scale, SplittableRandom r) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) x[i] = r.nextInt(20) == 0 ? 0 : (float) r.nextDouble(-scale, scale);
    return x;
  }

  private static float[] joined(float[]... parts) {
    int n = 0, at = 0;
    for (float[] p : parts) n += p.length;
    float[] all = new float[n];
    for (float[] p : parts) {
      System.arraycopy(p, 0, all, at, p.length);
      at += p.length;
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 31, 50})
  void vectors_giveTheBitsOfLanes(int K) {
    for (long seed = 0; seed < 20; seed++) {
      assertArrayEquals(Numbers.bits(all(SCALAR, K, seed)), Numbers.bits(all(VECTOR, K, seed)), "seed " + seed);
    }
  }

  @Test void dealt_isAnOrderOfAllElements_stripAfterStrip() {
    for (int K = 1; K < 30; K++) {
      var places = new HashSet<Integer>();
      for (int i = 0; i < K; i++) for (int j = 0; j < K; j++) places.add(ChainSums.dealt(K, i, j));
      assertEquals(K * K, places.size());
      assertEquals(K * K - 1, places.stream().max(Integer::compare).orElseThrow());
      for (int j = 0; j < K; j++) {
        for (int i = 0; i < K; i++) assertEquals(ChainSums.dealt(K, i, j), ChainSums.dealt(K, 0, j) + i * ChainSums.width(K, j));
      }
    }
    assertEquals(8 + 3, ChainSums.dealt(15, 1, 3));
    assertEquals(8 * 15 + 4 + 2, ChainSums.dealt(15, 1, 10));
    assertEquals(12 * 15 + 2 + 1, ChainSums.dealt(15, 1, 13));
    assertEquals(14 * 15 + 1, ChainSums.dealt(15, 1, 14));
  }

  @Test void sums_areProductsOfExponentials() {
    int K = 3;
    float[] x = new float[K * LANES], m = new float[K * K], u = new float[x.length], v = new float[x.length], y = new float[x.length];
    for (int i = 0; i < x.length; i++) x[i] = -i / 7f;
    for (int i = 0; i < K; i++) for (int j = 0; j < K; j++) m[ChainSums.dealt(K, i, j)] = i + 2 * j + 1;
    x[2 * LANES + 5] = x[LANES + 5] = x[5] = -60;
    assertEquals(1 << 5, VECTOR.sums(x, 0, m, K, u, 0, v, 0, y, 0));
    for (int j = 0; j < K; j++) for (int l = 0; l < LANES; l++) {
      double sum = 0;
      for (int i = 0; i < K; i++) sum += Math.exp(x[i * LANES + l]) * (i + 2 * j + 1);
      assertEquals(Math.log(sum), y[j * LANES + l], 1e-5);
      assertEquals(1, v[j * LANES + l] / sum, 1e-6);
    }
  }

  @Test void rows_becomeLanes_andLanesRows() {
    var b = new Numbers(1).matrix(9, 5);
    var add = new Numbers(2).matrix(1, 5);
    float[] lanes = new float[5 * LANES + 4];
    SCALAR.turn(b, 2, 6, add, lanes, 4);
    for (int k = 0; k < 5; k++) {
      for (int l = 0; l < 6; l++) assertEquals(b.get(2 + l, k) + add.get(0, k), lanes[4 + k * LANES + l]);
      for (int l = 6; l < LANES; l++) assertEquals(0, lanes[4 + k * LANES + l]);
    }
    var to = Slab.zeros(1, 9, 5);
    SCALAR.turnBack(lanes, 4, to, 3, 2, 3f);
    for (int k = 0; k < 5; k++) {
      assertEquals(lanes[4 + k * LANES + 1] * 3f, to.get(4, k));
      assertEquals(0, to.get(5, k));
    }
  }

  @Test void add_ofRows_isInDouble() {
    int K = 5, rows = 6;
    var b = new Numbers(1).matrix(9, K);
    double[] x = new double[K * LANES + 2], y = new double[K * LANES + 1];
    for (int i = 0; i < x.length; i++) x[i] = i / 7d;
    SCALAR.add(x, 2, b, 3, rows, y, 1);
    for (int l = 0; l < rows; l++) for (int k = 0; k < K; k++) {
      assertEquals(x[2 + k * LANES + l] + b.get(3 + l, k), y[1 + k * LANES + l]);
    }
    for (int l = rows; l < LANES; l++) for (int k = 0; k < K; k++) assertEquals(Double.POSITIVE_INFINITY, y[1 + k * LANES + l]);
    assertEquals(0, y[0]);
  }

  /** Of zeros with either sign the first is the largest, and only a sum below the bound counts as small. */
  @Test void edges_areTheFirstZero_andTheBoundItself() {
    for (var sums : new ChainSums[] {SCALAR, VECTOR}) {
      float[] x = new float[2 * LANES], largest = new float[LANES];
      double[] d = new double[2 * LANES], y = new double[2 * LANES], none = {-0.0, -0.0, -0.0, -0.0};
      Arrays.fill(x, LANES, 2 * LANES, -0f);
      Arrays.fill(d, LANES, 2 * LANES, -0.0);
      assertFalse(sums.best(d, 0, none, 2, y, 0, false));
      sums.settle(x, 0, x.clone(), 0, 2, largest, 0);
      for (int l = 0; l < LANES; l++) {
        assertEquals(0f, largest[l]);
        assertEquals(-0f, x[LANES + l]);
        for (int j = 0; j < 2; j++) assertEquals(0.0, y[j * LANES + l]);
      }
      float[] one = new float[LANES], u = new float[LANES], v = new float[LANES];
      assertEquals(0, sums.sums(one, 0, new float[] {ChainSums.SMALL}, 1, u, 0, v, 0, u, 0));
      assertEquals(0xffff, sums.sums(one, 0, new float[] {Math.nextDown(ChainSums.SMALL)}, 1, u, 0, v, 0, u, 0));
      assertEquals(Math.nextDown(ChainSums.SMALL), v[7]);
    }
  }

  /** Whatever is expected of the sign: a largest sum that is no number above 0, in one lane, and larger bits that are no number. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 9, 14, 20})
  void best_isTheSame_whetherSumsAreThoughtPositive(int K) {
    double nan = Double.longBitsToDouble(-1), inf = Double.POSITIVE_INFINITY;
    double[] odd = {7, 0, -0.0, -3, Double.NaN, nan, -inf, inf, Double.MIN_VALUE};
    var r = new SplittableRandom(K);
    double[] a = r.doubles(K * K, 0, 2).toArray();
    for (double one : odd) for (boolean all : new boolean[] {false, true}) {
      double[] x = r.doubles(K * LANES, 1, 9).toArray();
      for (int i = 0; i < K; i++) if (all || i == K / 2) x[i * LANES + 11] = one;
      double[] steps = all ? new double[K * K] : a;
      double[] expected = new double[K * LANES];
      boolean above = SCALAR.best(x, 0, steps, K, expected, 0, true);
      assertEquals(!all || one > 0, above, "all above 0: " + one);
      for (boolean positive : new boolean[] {false, true}) {
        double[] y = new double[K * LANES];
        assertEquals(above, VECTOR.best(x, 0, steps, K, y, 0, positive), positive + " " + one);
        assertArrayEquals(bits(expected), bits(y), positive + " " + one);
      }
    }
  }

  private static long[] bits(double[] x) { return Arrays.stream(x).mapToLong(Double::doubleToRawLongBits).toArray(); }
}
