package org.unroll.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.unroll.optim.OptimizerTest.assertFault;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;

class ScheduleTest {
  private static void assertRates(Schedule s, double... rates) {
    assertArrayEquals(rates, LongStream.rangeClosed(1, rates.length).mapToDouble(s::at).toArray(), 1e-15);
  }

  @Test void constant_everyStep_isTheRate() { assertRates(new Schedule.Constant(0.1), 0.1, 0.1, 0.1); }

  @Test void step_everyThree_fallsByTheFactor() {
    assertRates(new Schedule.Step(0.8, 0.5, 3), 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2);
  }

  @Test void cosine_fourSteps_fallsAlongHalfAWave() {
    double r = 0.5 * StrictMath.sqrt(0.5);
    assertRates(new Schedule.Cosine(1.2, 0.2, 4), 1.2, 0.7 + r, 0.7, 0.7 - r, 0.2, 0.2, 0.2);
  }

  @Test void warmup_beforeCosine_risesThenStartsItsClock() {
    assertRates(new Schedule.Warmup(4, new Schedule.Cosine(0.8, 0, 2)), 0.2, 0.4, 0.6, 0.8, 0.8, 0.4, 0, 0);
  }

  @Test void plateau_lossStandsStill_lowersAfterPatience() {
    var rule = new Plateau(0.5, 2, 0.1, 0.2);
    var s = Plateau.State.START;
    double[] losses = {3, 2.95, 2.5, 2.45, Double.NaN, 2.5, 2.6, 9, 9, 1, 0.95};
    double[] scales = {1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2};
    double[] best = {3, 3, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 1, 1};
    int[] bad = {0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1};
    for (int i = 0; i < losses.length; i++) {
      s = rule.after(s, losses[i]);
      assertEquals(new Plateau.State(scales[i], best[i], bad[i]), s, "evaluation " + i);
    }
  }

  @Test void settings_outOfRange_areRefusedWithTheRule() {
    String positive = "; it must be finite and greater than 0";
    assertFault(Code.C011, "schedule: rate is 0.0" + positive, () -> new Schedule.Constant(0));
    assertFault(Code.C011, "schedule: rate is NaN" + positive, () -> new Schedule.Constant(Double.NaN));
    assertFault(Code.C011, "schedule: rate is -1.0" + positive, () -> new Schedule.Step(-1, 0.5, 1));
    assertFault(Code.C011, "schedule: factor is 1.5; it must be greater than 0 and at most 1", () -> new Schedule.Step(1, 1.5, 1));
    assertFault(Code.C011, "schedule: every is 0; it must be at least 1", () -> new Schedule.Step(1, 0.5, 0));
    assertFault(Code.C011, "schedule: rate is Infinity" + positive, () -> new Schedule.Cosine(Double.POSITIVE_INFINITY, 0, 1));
    assertFault(Code.C011, "schedule: end is 2.0; it must be from 0 to the rate", () -> new Schedule.Cosine(1, 2, 5));
    assertFault(Code.C011, "schedule: steps is 0; it must be at least 1", () -> new Schedule.Cosine(1, 0, 0));
    assertFault(Code.C011, "schedule: warm-up is 0; it must be at least 1",
        () -> new Schedule.Warmup(0, new Schedule.Constant(1)));
    assertFault(Code.C011, "plateau: factor is 1.0; it must be between 0 and 1", () -> new Plateau(1, 1, 0, 0));
    assertFault(Code.C011, "plateau: patience is 0; it must be at least 1", () -> new Plateau(0.5, 0, 0, 0));
    assertFault(Code.C011, "plateau: better is -1.0; it must be finite and not negative", () -> new Plateau(0.5, 1, -1, 0));
    assertFault(Code.C011, "plateau: least is 2.0; it must be from 0 to 1", () -> new Plateau(0.5, 1, 0, 2));
  }
}
