package org.unroll.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Philox.Stream;

class InitTest {
  private final Philox rng = new Philox(7, Stream.INIT);

  private Slab filled(Init init, int rows, int cols) {
    var w = Slab.zeros(1, rows, cols);
    init.fill(w, rng, 3);
    return w;
  }

  private static double moment(Slab w, int power) {
    double sum = 0;
    for (float x : w.data()) sum += StrictMath.pow(x, power);
    return sum / w.data().length;
  }

  /** From a second program, written in Python from the classes' descriptions. */
  @Test void fill_fixedSeed_hasGoldenBits() {
    assertArrayEquals(UNIFORM, filled(new Init.Uniform(0.1f), 2, 3).data());
    assertArrayEquals(GAUSSIAN, filled(new Init.Gaussian(0.02f), 2, 3).data());
    assertArrayEquals(GLOROT, filled(new Init.Glorot(), 2, 3).data());
    assertArrayEquals(HE, filled(new Init.He(), 2, 3).data());
    assertArrayEquals(TWO, filled(Init.blocks(2, new Init.Uniform(0.1f)), 1, 4).data());
    assertArrayEquals(ORTHOGONAL, filled(new Init.Orthogonal(2f), 2, 3).data());
  }

  @Test void range_isTheUniformNumbers_movedAndStretched() {
    var uniform = filled(new Init.Uniform(1), 2, 3).data();
    var range = filled(new Init.Range(2, 6), 2, 3).data();
    for (int i = 0; i < range.length; i++) assertEquals(4 + 2 * uniform[i], range[i], 1e-6);
  }

  @Test void identity_ofAnyShape_hasItsScaleOnTheDiagonal() {
    assertArrayEquals(new float[] {0.5f, 0, 0, 0, 0.5f, 0}, filled(new Init.Identity(0.5f), 2, 3).data());
    assertArrayEquals(new float[] {1, 0, 0, 1, 0, 0}, filled(new Init.Identity(1), 3, 2).data());
    var dirty = Slab.zeros(1, 2, 2);
    dirty.fillRow(0, 7);
    new Init.Identity(1).fill(dirty, rng, 0);
    assertArrayEquals(new float[] {1, 0, 0, 1}, dirty.data());
    assertFault(Code.C011, "init: scale is Infinity; it must be finite", () -> new Init.Identity(Float.POSITIVE_INFINITY));
  }

  @Test void uniform_bigMatrix_hasMeanZeroAndAThirdOfTheSquare() {
    var w = filled(new Init.Uniform(0.5f), 400, 300);
    assertEquals(0, moment(w, 1), 0.003);
    assertEquals(0.25 / 3, moment(w, 2), 0.001);
    for (float x : w.data()) assertTrue(x >= -0.5f && x < 0.5f);
  }

  @Test void gaussian_bigMatrix_hasItsDeviation() {
    var w = filled(new Init.Gaussian(0.3f), 400, 300);
    assertEquals(0, moment(w, 1), 0.003);
    assertEquals(0.09, moment(w, 2), 0.001);
    assertEquals(3 * 0.0081, moment(w, 4), 0.001);
  }

  @Test void glorot_bigMatrix_hasVarianceTwoOverTheFans() {
    assertEquals(2.0 / 700, moment(filled(new Init.Glorot(), 400, 300), 2), 0.02 / 700);
  }

  @Test void he_bigMatrix_hasVarianceTwoOverInputs() {
    assertEquals(2.0 / 400, moment(filled(new Init.He(), 400, 300), 2), 0.04 / 400);
  }

  @Test void constant_window_leavesTheRestOfTheArray() {
    var w = Slab.zeros(1, 2, 5);
    new Init.Constant(1.5f).fill(w.cols(1, 3), rng, 0);
    assertArrayEquals(new float[] {0, 1.5f, 1.5f, 0, 0, 0, 1.5f, 1.5f, 0, 0}, w.data());
  }

  @Test void orthogonal_anyShape_hasOrthogonalRowsOrColumns() {
    for (int[] shape : new int[][] {{1, 1}, {48, 48}, {20, 50}, {50, 20}}) {
      int rows = shape[0];
      int cols = shape[1];
      var w = filled(new Init.Orthogonal(1.5f), rows, cols);
      boolean wide = rows <= cols;
      int n = Math.min(rows, cols);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double dot = 0;
          for (int k = 0; k < Math.max(rows, cols); k++) {
            dot += wide ? (double) w.data()[i * cols + k] * w.data()[j * cols + k]
                : (double) w.data()[k * cols + i] * w.data()[k * cols + j];
          }
          assertEquals(i == j ? 2.25 : 0, dot, 1e-6);
        }
      }
    }
  }

  @Test void orthogonal_manyOneByOne_areOfEitherSign() {
    int positive = 0;
    for (int i = 0; i < 1000; i++) {
      var w = Slab.zeros(1, 1, 1);
      new Init.Orthogonal(1).fill(w, rng, i);
      assertEquals(1, Math.abs(w.data()[0]));
      if (w.data()[0] > 0) positive++;
    }
    assertEquals(500, positive, 60);
  }

  @Test void blocks_ofARecurrentMatrix_areEachTheirOwnOrthogonalMatrix() {
    var w = filled(Init.blocks(4, new Init.Orthogonal(1)), 8, 32);
    for (int b = 0; b < 4; b++) {
      for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 8; j++) {
          double dot = 0;
          for (int k = 0; k < 8; k++) dot += (double) w.data()[i * 32 + b * 8 + k] * w.data()[j * 32 + b * 8 + k];
          assertEquals(i == j ? 1 : 0, dot, 1e-6);
        }
        for (int c = 0; c < b; c++) assertTrue(w.data()[i * 32 + b * 8] != w.data()[i * 32 + c * 8]);
      }
    }
  }

  @Test void blocks_ofGlorot_useTheFansOfOneBlock() {
    var w = filled(Init.blocks(4, new Init.Glorot()), 200, 800);
    assertEquals(2.0 / 400, moment(w, 2), 0.02 / 400);
  }

  @Test void blocks_ofABias_startTheForgetGateAlone() {
    var zero = new Init.Constant(0);
    var w = filled(new Init.Blocks(List.of(zero, new Init.Constant(1), zero, zero)), 1, 8);
    assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0, 0, 0}, w.data());
  }

  @Test void settings_outOfRange_areRefusedWithTheRule() {
    assertFault(Code.C011, "init: bound is -1.0; it must be finite and not negative", () -> new Init.Uniform(-1));
    assertFault(Code.C011, "init: low is NaN; it must be finite", () -> new Init.Range(Float.NaN, 1));
    assertFault(Code.C011, "init: high is Infinity; it must be finite", () -> new Init.Range(0, Float.POSITIVE_INFINITY));
    assertFault(Code.C011, "init: bound is NaN; it must be finite and not negative", () -> new Init.Uniform(Float.NaN));
    assertFault(Code.C011, "init: deviation is Infinity; it must be finite and not negative",
        () -> new Init.Gaussian(Float.POSITIVE_INFINITY));
    assertFault(Code.C011, "init: value is NaN; it must be finite", () -> new Init.Constant(Float.NaN));
    assertFault(Code.C011, "init: gain is NaN; it must be finite", () -> new Init.Orthogonal(Float.NaN));
    assertFault(Code.C030, "init: 128 blocks; there must be at most 127", () -> Init.blocks(128, new Init.Glorot()));
    assertFault(Code.C030, "init: 1 columns do not divide into 0 blocks", () -> filled(new Init.Blocks(List.of()), 1, 1));
    assertFault(Code.C030, "init: a block is made of blocks; only one level can be keyed",
        () -> Init.blocks(2, Init.blocks(2, new Init.Glorot())));
    assertFault(Code.C030, "init: 7 columns do not divide into 2 blocks", () -> filled(Init.blocks(2, new Init.Glorot()), 1, 7));
  }

  private static void assertFault(Code code, String message, Runnable action) {
    var fault = assertThrows(Fault.class, action::run);
    assertEquals(code, fault.code());
    assertEquals(message, fault.getMessage());
  }

  private static final float[] UNIFORM = {0x1.7700a0p-4f, -0x1.f3309ap-6f, 0x1.abe93ap-5f, -0x1.c7cc00p-6f, -0x1.a5d274p-5f, -0x1.92f79ep-4f};
  private static final float[] GAUSSIAN = {-0x1.bb7230p-9f, 0x1.2cb86cp-9f, -0x1.0158e8p-8f, 0x1.5eb5e0p-10f, -0x1.f94d54p-5f, -0x1.b326d6p-6f};
  private static final float[] GLOROT = {0x1.00bf24p+0f, -0x1.55c59ep-2f, 0x1.24f87ep-1f, -0x1.381014p-2f, -0x1.20cd46p-1f, -0x1.13e490p+0f};
  private static final float[] HE = {-0x1.5a7136p-3f, 0x1.d5e028p-4f, -0x1.921aecp-3f, 0x1.11fe18p-4f, -0x1.8ac46ap+1f, -0x1.53f658p+0f};
  private static final float[] TWO = {0x1.7700a0p-4f, -0x1.f3309ap-6f, 0x1.11b31ap-6f, -0x1.546ed4p-5f};
  private static final float[] ORTHOGONAL = {-0x1.31984ap+0f, 0x1.9e798cp-1f, -0x1.62b1e2p+0f, -0x1.774328p-4f, -0x1.c227bep+0f, -0x1.e59c10p-1f};
}
