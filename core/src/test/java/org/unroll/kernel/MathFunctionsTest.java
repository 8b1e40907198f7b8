package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Errors against float64 and the equality of the two twins, on every 4,099th float (twins: every 65,537th) by day and on all 2^32 at night. */
class MathFunctionsTest {
  private static final List<VectorSpecies<Float>> SPECIES =
      List.of(FloatVector.SPECIES_512, FloatVector.SPECIES_256, FloatVector.SPECIES_128, FloatVector.SPECIES_64);
  private static final int STRIDE = 4099;
  private static final int TWIN_STRIDE = 65_537;

  interface Scalar {
    float at(float x);
  }

  /** @param limit units in the last place */
  private record Function(String name, Scalar scalar, UnaryOperator<FloatVector> vector, DoubleUnaryOperator truth, double limit) {}

  private static final Function EXP = new Function("exp", ScalarMath::exp, VectorMath::exp, StrictMath::exp, 2);
  private static final Function TANH = new Function("tanh", ScalarMath::tanh, VectorMath::tanh, StrictMath::tanh, 2);
  private static final Function SIGMOID =
      new Function("sigmoid", ScalarMath::sigmoid, VectorMath::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), 2.5);
  private static final Function LOG = new Function("log", ScalarMath::log, VectorMath::log, StrictMath::log, 2);
  private static final List<Function> ALL = List.of(EXP, TANH, SIGMOID, LOG);

  private static final float[] SPECIAL = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
      -Float.MIN_VALUE, Float.MIN_NORMAL, -Float.MIN_NORMAL, Math.nextDown(Float.MIN_NORMAL), Float.MAX_VALUE, -Float.MAX_VALUE,
      1f, -1f, Math.nextUp(1f), Math.nextDown(1f), ScalarMath.EXP_TOP, Math.nextUp(ScalarMath.EXP_TOP), -ScalarMath.EXP_TOP,
      -Math.nextUp(ScalarMath.EXP_TOP), ScalarMath.EXP_BOTTOM, Math.nextDown(ScalarMath.EXP_BOTTOM), -ScalarMath.EXP_BOTTOM,
      0.625f, -0.625f, Math.nextDown(0.625f), 9f, 10f, Math.nextUp(10f), -10f, -11f, 0.70710677f, 1.4142135f, 0.35f, -0.35f,
      Float.intBitsToFloat(0x7f800001), Float.intBitsToFloat(0xffffffff), 3.4e10f, -3.4e10f, 20f, -20f, -100f};

  /** The worst error found so far. */
  private static final class Worst {
    double error;
    float at;

    void see(Function f, float x) {
      float y = f.scalar.at(x);
      double e = error(y, f.truth.applyAsDouble(x));
      if (!(e <= error)) {
        error = e;
        at = x;
      }
    }
  }

  /** In units of the float's last place; results below the normal floats may be 0 instead. */
  private static double error(float y, double truth) {
    if (Double.isNaN(truth)) return Float.isNaN(y) ? 0 : Double.NaN;
    if (Math.abs(truth) < Float.MIN_NORMAL && y == 0f) return 0;
    float nearest = (float) truth;
    if (nearest == y) return Float.isInfinite(y) ? 0 : Math.abs(y - truth) / Math.ulp(nearest);
    return Float.isInfinite(y) || Float.isInfinite(nearest) ? Double.NaN : Math.abs(y - truth) / Math.ulp(nearest);
  }

  @Test void functions_specialValues_areExact() {
    float inf = Float.POSITIVE_INFINITY;
    assertBits(1f, ScalarMath.exp(0f));
    assertBits(1f, ScalarMath.exp(-0f));
    assertBits(inf, ScalarMath.exp(inf));
    assertBits(inf, ScalarMath.exp(88.72284f));
    assertBits(0x1.ffff08p127f, ScalarMath.exp(ScalarMath.EXP_TOP));
    assertBits(0f, ScalarMath.exp(-inf));
    assertBits(0f, ScalarMath.exp(-87.34f));
    assertBits(0f, ScalarMath.tanh(0f));
    assertBits(-0f, ScalarMath.tanh(-0f));
    assertBits(Float.MIN_VALUE, ScalarMath.tanh(Float.MIN_VALUE));
    assertBits(1f, ScalarMath.tanh(inf));
    assertBits(-1f, ScalarMath.tanh(-inf));
    assertBits(0.5f, ScalarMath.sigmoid(0f));
    assertBits(1f, ScalarMath.sigmoid(inf));
    assertBits(0f, ScalarMath.sigmoid(-inf));
    assertBits(0f, ScalarMath.log(1f));
    assertBits(-inf, ScalarMath.log(0f));
    assertBits(-inf, ScalarMath.log(-0f));
    assertBits(inf, ScalarMath.log(inf));
    assertBits(Float.NaN, ScalarMath.log(-1f));
    assertBits(Float.NaN, ScalarMath.log(-inf));
    for (var f : ALL) assertBits(Float.NaN, f.scalar.at(Float.NaN));
  }

  private static void assertBits(float expected, float actual) {
    assertEquals(Integer.toHexString(Float.floatToIntBits(expected)), Integer.toHexString(Float.floatToIntBits(actual)),
        () -> "expected " + expected + ", was " + actual);
  }

  @Test void functions_manyFloats_areWithinTheirBounds() {
    for (var f : ALL) {
      var worst = new Worst();
      for (float x : SPECIAL) worst.see(f, x);
      for (long bits = 0; bits < 1L << 32; bits += STRIDE) worst.see(f, Float.intBitsToFloat((int) bits));
      for (int k = -200_000; k <= 200_000; k++) worst.see(f, k * 5e-5f);
      assertWithin(f, worst);
    }
  }

  private static void assertWithin(Function f, Worst worst) {
    System.out.printf("%s: largest error %.3f ulp at %s (%s)%n", f.name, worst.error, worst.at, Float.toHexString(worst.at));
    assertTrue(worst.error <= f.limit, () -> f.name + ": " + worst.error + " ulp at " + worst.at);
  }

  @Test void twins_manyFloats_areBitEqual() {
    for (var species : SPECIES) {
      for (var f : ALL) {
        float[] x = new float[16];
        for (int i = 0; i < SPECIAL.length; i++) {
          for (int k = 0; k < 16; k++) x[k] = SPECIAL[(i + k) % SPECIAL.length];
          assertTwins(f, x, species);
        }
        for (long bits = 0; bits < 1L << 32; bits += 16 * TWIN_STRIDE) {
          for (int k = 0; k < 16; k++) x[k] = Float.intBitsToFloat((int) (bits + (long) k * TWIN_STRIDE));
          assertTwins(f, x, species);
        }
      }
    }
  }

  private static void assertTwins(Function f, float[] x, VectorSpecies<Float> species) {
    float[] y = new float[16];
    for (int k = 0; k < 16; k += species.length()) f.vector.apply(FloatVector.fromArray(species, x, k)).intoArray(y, k);
    for (int k = 0; k < 16; k++) {
      float s = f.scalar.at(x[k]);
      if (Float.floatToIntBits(s) != Float.floatToIntBits(y[k])) {
        assertEquals(Float.toHexString(s), Float.toHexString(y[k]), f.name + " of " + Float.toHexString(x[k]) + ", " + species);
      }
    }
  }

  /** Some minutes on two threads. The figures stand in docs/numerics.md. */
  @Tag("slow")
  @Test void functions_allFloats_areWithinTheirBoundsAndTwins() {
    for (var f : ALL) {
      var halves = IntStream.range(0, 2).parallel().mapToObj(h -> sweep(f, (long) h << 31, (h + 1L) << 31)).toList();
      assertWithin(f, halves.get(0).error > halves.get(1).error ? halves.get(0) : halves.get(1));
    }
  }

  private static Worst sweep(Function f, long from, long to) {
    var worst = new Worst();
    float[] x = new float[16];
    for (long bits = from; bits < to; bits += 16) {
      for (int k = 0; k < 16; k++) worst.see(f, x[k] = Float.intBitsToFloat((int) (bits + k)));
      assertTwins(f, x, FloatVector.SPECIES_PREFERRED);
    }
    return worst;
  }
}
