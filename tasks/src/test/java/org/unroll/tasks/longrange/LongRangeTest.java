package org.unroll.tasks.longrange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Slab;

/** The sequences are what the papers describe, and who has no memory is as bad as they say. */
class LongRangeTest {
  private static final int MANY = 20_000;

  /** Columns of sequence n. */
  private static int[] ids(Slab x, int n) {
    var ids = new int[x.steps()];
    for (int t = 0; t < ids.length; t++) ids[t] = (int) x.get(t * x.rows() + n, 0);
    return ids;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 25, 100})
  void adding_marksOneNumberInEachHalf_andWantsTheirSum(int lag) {
    var e = new Adding(lag).examples(1, 0, 200);
    for (int n = 0; n < 200; n++) {
      int first = 0, second = 0;
      float sum = 0;
      for (int t = 0; t < lag; t++) {
        float number = e.x().x().get(t * 200 + n, 0), mark = e.x().x().get(t * 200 + n, 1);
        assertTrue(number >= 0 && number < 1 && (mark == 0 || mark == 1));
        if (mark == 1 && t < lag / 2) first++;
        if (mark == 1 && t >= lag / 2) second++;
        sum += mark * number;
      }
      assertEquals(1, first);
      assertEquals(1, second);
      assertEquals(sum, e.target().get((lag - 1) * 200 + n, 0), 1e-6f);
    }
  }

  @Test void adding_marksReachBothEndsOfTheirHalves() {
    var e = new Adding(10).examples(3, 0, 500);
    for (int t = 0; t < 10; t++) {
      int marks = 0;
      for (int n = 0; n < 500; n++) marks += (int) e.x().x().get(t * 500 + n, 1);
      assertTrue(marks > 60 && marks < 140, marks + " marks at step " + t);
    }
  }

  /** Le et al. 2015 print 0.1767 for this; the variance of the sum is 1/6, as Arjovsky et al. have it. */
  @Test void adding_whoSaysOne_isOffByASixth() {
    var task = new Adding(2);
    var e = task.examples(1, 0, MANY);
    double sum = 0;
    for (int n = 0; n < MANY; n++) sum += StrictMath.pow(e.target().get(MANY + n, 0) - 1, 2);
    assertEquals(task.baseline(), sum / MANY, 0.002);
    assertEquals(0.166667, task.baseline(), 1e-6);
    assertEquals(0.25, task.measure(0.125)); // the head's loss is half the squared error
  }

  @Test void adding_answerIsWrong_fromEightHundredthsOn() {
    var task = new Adding(2);
    var e = task.examples(1, 0, 4);
    var said = Slab.zeros(2, 4, 1);
    float[] off = {0, 0.07f, -0.09f, Float.NaN};
    for (int n = 0; n < 4; n++) said.set(4 + n, 0, e.target().get(4 + n, 0) + off[n]);
    assertEquals(2, task.wrong(e, said));
  }

  @Test void copying_asksForTheTenSymbolsAfterTheSignal() {
    int lag = 7, steps = lag + 20;
    var e = new Copying(lag).examples(5, 0, 50);
    for (int n = 0; n < 50; n++) {
      int[] x = ids(e.x().x(), n), y = ids(e.target(), n);
      assertEquals(steps, x.length);
      for (int t = 0; t < steps; t++) {
        if (t < 10) assertTrue(x[t] >= 0 && x[t] < 8);
        else assertEquals(t == 10 + lag - 1 ? 9 : 8, x[t]);
        assertEquals(t < lag + 10 ? 8 : x[t - lag - 10], y[t]);
      }
    }
  }

  @Test void copying_whoGuesses_paysTheBaseline() {
    assertEquals(10 * StrictMath.log(8) / 120, new Copying(100).baseline(), 1e-15);
    assertEquals(0.049510, new Copying(400).baseline(), 1e-6);
    var task = new Copying(5);
    var e = task.examples(1, 0, 2_000);
    var said = Slab.zeros(25, 2_000, 9);
    double loss = 0;
    for (int r = 0; r < said.height(); r++) {
      boolean blank = r < 15 * 2_000;
      if (blank) said.set(r, 8, 1);
      for (int k = 0; k < 8 && !blank; k++) said.set(r, k, k == 3 ? 0.126f : 0.874f / 7);
      loss -= StrictMath.log(said.get(r, (int) e.target().get(r, 0)));
    }
    assertEquals(task.baseline(), task.measure(loss / said.height()), 1e-4);
    assertEquals(10, task.answers());
    assertEquals(7.0 / 8, task.wrong(e, said) / 20_000.0, 0.01);
  }

  @Test void order_hasTwoRelevantSymbols_atTheirPlaces_andTheirClass() {
    int lag = 100;
    var e = new TemporalOrder(lag).examples(9, 0, 400);
    var seen = new int[4];
    for (int n = 0; n < 400; n++) {
      int[] x = ids(e.x().x(), n);
      int first = -1, second = -1;
      for (int t = 1; t < lag - 1; t++) {
        if (x[t] < 4) continue;
        assertTrue(x[t] == 4 || x[t] == 5);
        if (first < 0) first = t;
        else if (second < 0) second = t;
        else throw new AssertionError("a third at " + t);
      }
      assertTrue(first >= 10 && first < 20 && second >= 50 && second < 60, first + ", " + second);
      assertEquals(7, x[0]);
      assertEquals(6, x[lag - 1]);
      int answer = 2 * (x[first] - 4) + x[second] - 4;
      assertEquals(answer, ids(e.target(), n)[lag - 1]);
      seen[answer]++;
    }
    for (int count : seen) assertEquals(100, count, 35);
  }

  @Test void order_whoGuesses_isWrongThreeTimesOfFour() {
    var task = new TemporalOrder(10);
    var e = task.examples(2, 0, MANY);
    var said = Slab.zeros(10, MANY, 4);
    for (int r = 0; r < said.height(); r++) for (int k = 0; k < 4; k++) said.set(r, k, k == 2 ? 0.4f : 0.2f);
    assertEquals(0.75, task.wrong(e, said) / (double) MANY, 0.01);
    assertEquals(StrictMath.log(4), task.baseline(), 1e-15);
    assertEquals(0.5, task.measure(0.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"adding", "copying", "order"})
  void sequence_ofASeed_isTheSame_whateverItStandsBeside(String name) {
    var task = LongRange.of(name, 12);
    assertEquals(12, task.lag());
    var all = task.examples(4, 0, 6);
    var some = task.examples(4, 3, 2);
    for (int t = 0; t < task.steps(); t++) {
      assertArrayEquals(all.x().x().copyRow(t, 4), some.x().x().copyRow(t, 1));
      assertArrayEquals(all.target().copyRow(t, 4), some.target().copyRow(t, 1));
    }
    assertArrayEquals(new long[] {3, 4}, some.x().ids());
    assertEquals(2 * task.steps(), some.x().tokens());
    var other = task.examples(5, 3, 2);
    assertTrue(IntStream.range(0, task.steps())
        .anyMatch(t -> !Arrays.equals(other.x().x().copyRow(t, 1), some.x().x().copyRow(t, 1))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"adding", "copying", "order"})
  void task_hasTheHeadAndInputOfANetwork(String name) {
    var task = LongRange.of(name, 10);
    var start = Start.of(Start.Kind.GLOROT);
    var gru = new Spec.Recurrent("gru", 3, Spec.Direction.FORWARD, 0, start, start);
    var net = Network.build(new Spec(task.input(), List.of(gru), task.head(start)));
    var e = task.examples(1, 0, 2);
    assertEquals(net.head().outputs(), task.head(start).outputs());
    assertEquals(task.steps(), e.x().x().steps());
    assertEquals(name.equals("adding"), task.input() instanceof Spec.Vectors);
  }

  @Test void task_thatIsUnknownOrTooShort_isRefused() {
    var f = assertThrows(Fault.class, () -> LongRange.of("sorting", 10));
    assertEquals(Code.C011, f.code());
    assertEquals("task: the task is 'sorting'; must be one of [adding, copying, order]", f.getMessage());
    assertEquals("task: T is 1; must be at least 2", assertThrows(Fault.class, () -> LongRange.of("adding", 1)).getMessage());
    assertEquals("task: T is 0; must be at least 1", assertThrows(Fault.class, () -> LongRange.of("copying", 0)).getMessage());
    assertEquals("task: T is 9; must be at least 10", assertThrows(Fault.class, () -> LongRange.of("order", 9)).getMessage());
  }
}
