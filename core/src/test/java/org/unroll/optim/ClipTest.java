package org.unroll.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.optim.OptimizerTest.assertFault;

import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;

class ClipTest {
  private final Params w = new Params();

  private Grads grads(float... values) {
    w.add("a", 1, 1, new Init.Constant(0));
    w.add("b", 1, values.length - 1, new Init.Constant(0));
    var g = new Grads(w);
    System.arraycopy(values, 0, g.array(), 0, values.length);
    return g;
  }

  @Test void byNorm_aboveTheLimit_scalesAllToIt() {
    var g = grads(3, -4, 12);
    assertEquals(13, new Clip.ByNorm(6.5).apply(g, Windows.all(w)).norm());
    assertArrayEquals(new float[] {1.5f, -2, 6}, g.array());
  }

  @Test void byNorm_atOrBelowTheLimit_changesNothing() {
    var g = grads(3, -4, 12);
    assertEquals(13, new Clip.ByNorm(13).apply(g, Windows.all(w)).norm());
    assertArrayEquals(new float[] {3, -4, 12}, g.array());
  }

  @Test void byNorm_someWindows_leavesTheOthersOut() {
    var g = grads(100, 3, -4);
    assertEquals(5, new Clip.ByNorm(1).apply(g, Windows.of(w, p -> p.name().equals("b"))).norm());
    assertArrayEquals(new float[] {100, 0.6f, -0.8f}, g.array(), 1e-7f);
  }

  @Test void byValue_beyondTheLimit_movesEachToIt() {
    var g = grads(3, -4, 0.5f);
    assertEquals(StrictMath.sqrt(25.25), new Clip.ByValue(1).apply(g, Windows.all(w)).norm());
    assertArrayEquals(new float[] {1, -1, 0.5f}, g.array());
  }

  @Test void acted_isWhetherAnElementChanged() {
    var g = grads(3, -4, 0.5f);
    var all = Windows.all(w);
    assertFalse(new Clip.None().apply(g, all).acted());
    assertFalse(new Clip.ByNorm(5.1).apply(g, all).acted());
    assertFalse(new Clip.ByValue(4).apply(g, all).acted()); // the norm is beyond it
    assertTrue(new Clip.ByValue(3.9).apply(g, all).acted());
    assertFalse(new Clip.ByValue(3.9).apply(g, all).acted());
    assertTrue(new Clip.ByNorm(1).apply(g, all).acted());
    g.array()[0] = Float.NaN;
    assertFalse(new Clip.ByNorm(1).apply(g, all).acted());
    assertFalse(new Clip.ByValue(0.1).apply(g, all).acted());
  }

  @Test void none_anyGradient_onlyMeasures() {
    var g = grads(3, -4, 0);
    assertEquals(5, new Clip.None().apply(g, Windows.all(w)).norm());
    assertArrayEquals(new float[] {3, -4, 0}, g.array());
  }

  @Test void apply_gradientNotFinite_isReportedAndLeft() {
    var g = grads(3, Float.NaN, 7);
    for (var clip : new Clip[] {new Clip.None(), new Clip.ByNorm(1), new Clip.ByValue(1)}) {
      assertEquals(Double.NaN, clip.apply(g, Windows.all(w)).norm());
      assertArrayEquals(new float[] {3, Float.NaN, 7}, g.array());
    }
    assertEquals("b", Clip.firstNotFinite(w, g.array()).name());
    g.array()[1] = 0;
    assertNull(Clip.firstNotFinite(w, g.array()));
    g.array()[0] = Float.NEGATIVE_INFINITY;
    assertEquals(Double.POSITIVE_INFINITY, new Clip.ByNorm(1).apply(g, Windows.all(w)).norm());
    assertEquals(Double.POSITIVE_INFINITY, new Clip.ByValue(1).apply(g, Windows.all(w)).norm());
    assertEquals("a", Clip.firstNotFinite(w, g.array()).name());
    assertEquals(Float.NEGATIVE_INFINITY, g.array()[0]);
  }

  /** The largest floats: their squares do not overflow, as they are summed in double; the factor is denormal. */
  @Test void byNorm_largestFloats_haveAFiniteNorm() {
    var g = grads(Float.MAX_VALUE, Float.MAX_VALUE);
    assertEquals(StrictMath.sqrt(2) * Float.MAX_VALUE, new Clip.ByNorm(1).apply(g, Windows.all(w)).norm(), 1e24);
    assertArrayEquals(new float[] {0.70710677f, 0.70710677f}, g.array(), 1e-6f);
  }

  /** Whoever sums the blocks by himself and adds them in order gets the norm's bits. */
  @Test void norm_manyElements_isTheSumOverBlocks() {
    float[] values = new float[3 * Clip.BLOCK + 7];
    for (int k = 0; k < values.length; k++) values[k] = (k % 1013 - 500) * 1e-3f;
    double plain = 0;
    for (float v : values) plain += (double) v * v;
    double blocks = 0;
    for (int b = 0; b < 4; b++) blocks += Clip.squares(values, b * Clip.BLOCK, Math.min((b + 1) * Clip.BLOCK, values.length));
    double norm = new Clip.None().apply(grads(values), Windows.all(w)).norm();
    assertEquals(StrictMath.sqrt(blocks), norm);
    assertEquals(StrictMath.sqrt(plain), norm, 1e-10);
  }

  @Test void limits_outOfRange_areRefused() {
    assertFault(Code.C011, "clip: norm is 0.0; it must be finite and greater than 0", () -> new Clip.ByNorm(0));
    assertFault(Code.C011, "clip: value is NaN; it must be finite and greater than 0", () -> new Clip.ByValue(Double.NaN));
  }
}
