package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** bfloat16 weights: how they are rounded, that products on halves have the bits of the scalar kernels, and when they are used. */
class PrecisionTest {
  private static final int[][] SHAPES = {{1, 1}, {2, 16}, {13, 33}, {64, 130}, {25, 207}, {100, 64}, {37, 48}, {128, 16}};

  private static int bits(float weight) { return Float.floatToRawIntBits(Precision.BF16.round(weight)); }

  @Test void round_knownWeights_nearestAndTiesToEven() {
    assertEquals(0x3f800000, bits(1f));
    assertEquals(0x3f800000, bits(Float.intBitsToFloat(0x3f807fff)));
    assertEquals(0x3f800000, bits(Float.intBitsToFloat(0x3f808000)), "a tie goes to the even one below");
    assertEquals(0x3f810000, bits(Float.intBitsToFloat(0x3f808001)));
    assertEquals(0x3f820000, bits(Float.intBitsToFloat(0x3f818000)), "a tie goes to the even one above");
    assertEquals(0xbf820000, bits(Float.intBitsToFloat(0xbf818000)));
    assertEquals(0x80000000, bits(-0f));
    assertEquals(0x00010000, bits(Float.intBitsToFloat(0x00008001)), "denormal");
    assertEquals(0x7f800000, bits(Float.MAX_VALUE), "rounds to infinity, as the nearest is 2^128");
    assertEquals(0xff800000, bits(Float.NEGATIVE_INFINITY));
    assertTrue(Float.isNaN(Precision.BF16.round(Float.intBitsToFloat(0x7f800001))), "a NaN stays one when its low bits go");
    assertEquals(0x3f8d3a11, Float.floatToRawIntBits(Precision.FP32.round(Float.intBitsToFloat(0x3f8d3a11))));
  }

  /** Of the two neighbours of 8 bits, found by cutting, the nearer in exact arithmetic. */
  @Test void round_anyWeight_isTheNearerNeighbour() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      float w = Float.intBitsToFloat(random.nextInt() & 0xfeffffff);       // finite, and its neighbours too
      if (!Float.isFinite(w)) continue;
      int down = Float.floatToRawIntBits(w) & 0xffff0000;
      var x = new BigDecimal(w);
      var below = new BigDecimal(Float.intBitsToFloat(down)).subtract(x).abs();
      var above = new BigDecimal(Float.intBitsToFloat(down + 0x10000)).subtract(x).abs();
      int c = below.compareTo(above);
      int want = c < 0 || c == 0 && (down >> 16 & 1) == 0 ? down : down + 0x10000;
      assertEquals(want, bits(w), Float.toHexString(w));
    }
  }

  /** Twins: scalar kernels on rounded floats, vector kernels on halves. Odd and even K, every width of panel, edges. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void product_onHalves_hasTheBitsOfTheScalarKernelsOnRoundedWeights(int threads) {
    Kernels scalar = new ScalarKernels(), vector = Kernels.best(threads);
    for (int[] s : SHAPES) for (int rows = 1; rows <= 3; rows++) for (int blocks = 1; blocks <= 4; blocks++) {
      var x = new Numbers(7);
      int n = blocks, r = rows;
      Slab a = x.matrix(rows + 1, s[0]), w = Precision.BF16.round(x.matrix(s[0], s[1] * n));
      Slab bias = x.vector(s[1] * n), c = x.matrix(rows, s[1] * n);
      String at = s[0] + "×" + s[1] + ", " + rows + " rows, " + blocks + " blocks";
      for (var from : new Slab[] {bias, null}) {
        Panels expected = x.panels(rows, s[1], n, true), actual = Numbers.copy(expected);
        scalar.product(a, 1, r, scalar.halves(scalar.pack(w, Tiling.gates(s[1], n), null)), expected, 0, 0, from);
        vector.product(a, 1, r, vector.halves(vector.pack(w, Tiling.gates(s[1], n), null)), actual, 0, 0, from);
        assertArrayEquals(Numbers.bits(expected.data()), Numbers.bits(actual.data()), at);
        Slab e = Numbers.copy(c), f = Numbers.copy(c);
        scalar.product(a, 1, r, scalar.pack(w, Tiling.dense(s[1] * n), null), e, 0, from, true);
        vector.product(a, 1, r, vector.halves(vector.pack(w, Tiling.dense(s[1] * n), null)), f, 0, from, true);
        assertArrayEquals(Numbers.bits(e.data()), Numbers.bits(f.data()), at + ", dense");
      }
    }
  }

  @Test void halves_takeHalfTheBytes() {
    var vector = Kernels.best(1);
    if (vector instanceof ScalarKernels) return;
    var packed = vector.pack(Precision.BF16.round(new Numbers(1).matrix(65, 64)), Tiling.dense(64), null);
    assertEquals(4 * 65 * 64, packed.segment().byteSize());
    assertEquals(4 * 33 * 64, vector.halves(packed).segment().byteSize());
  }

  @Test void weights_ofSingleRows_areHalvesWhereTheyAreRounded_packedOnceEach() {
    var ps = new Params();
    var w = ps.add("w", 6, 40, new Init.Uniform(1));
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    var vector = Kernels.best(1);
    var t = Tiling.dense(40);
    var exact = new Weights(ps, vector);
    assertSame(exact, exact.ofSingleRows());
    assertEquals(Precision.FP32, exact.precision());
    var rounded = new Weights(ps, vector, Precision.BF16);
    var single = rounded.ofSingleRows();
    assertEquals(Precision.BF16, single.precision());
    assertEquals(!(vector instanceof ScalarKernels), single.columns(w, t).halves());
    assertEquals(false, rounded.columns(w, t).halves());
    assertSame(single.columns(w, t), rounded.ofSingleRows().columns(w, t));
    assertNotSame(single.columns(w, t), single.transposed(w, t));

    float[] first = product(single, single.columns(w, t));
    assertArrayEquals(product(rounded, rounded.columns(w, t)), first);
    assertEquals(Precision.BF16.round(w.of(ps.array()).get(0, 5)), first[5]);
    assertEquals(w.of(ps.array()).get(0, 5), product(exact, exact.columns(w, t))[5]);
    ps.array()[w.offset() + 5] = 3;
    ps.touch();
    assertEquals(3, product(single, single.columns(w, t))[5]);
  }

  /** Row 0 of w. */
  private static float[] product(Weights weights, Packed w) {
    var x = Slab.zeros(1, 1, 6);
    var y = Slab.zeros(1, 1, 40);
    x.set(0, 0, 1);
    weights.kernels().product(x, 0, 1, w, y, 0, null, false);
    return y.data();
  }
}
