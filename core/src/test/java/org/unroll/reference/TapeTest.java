package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TapeTest {
  private final Tape t = new Tape();

  @Test void plus_minus_times_div_have_their_values_and_derivatives() {
    int a = t.leaf(3);
    int b = t.leaf(-4);
    assertDerivatives(-1, 1, 1, t.plus(a, b), a, b);
    assertDerivatives(7, 1, -1, t.minus(a, b), a, b);
    assertDerivatives(-12, -4, 3, t.times(a, b), a, b);
    assertDerivatives(-0.75, -0.25, -3.0 / 16, t.div(a, b), a, b);
  }

  @Test void functions_have_their_values_and_derivatives() {
    double x = 0.3;
    int a = t.leaf(x);
    double tanh = (Math.exp(2 * x) - 1) / (Math.exp(2 * x) + 1);
    double sigmoid = 1 / (1 + Math.exp(-x));
    assertDerivative(tanh, 1 - tanh * tanh, t.tanh(a), a);
    assertDerivative(sigmoid, sigmoid * (1 - sigmoid), t.sigmoid(a), a);
    assertDerivative(Math.exp(x), Math.exp(x), t.exp(a), a);
    assertDerivative(Math.log(x), 1 / x, t.log(a), a);
    assertDerivative(1 - x, -1, t.oneMinus(a), a);
    assertDerivative(2.5 * x, 2.5, t.scaled(a, 2.5), a);
    assertDerivative(x, 1, t.relu(a), a);
  }

  @Test void relu_of_a_negative_number_is_flat_and_tells_how_near_its_kink_was() {
    int a = t.leaf(-0.2);
    assertDerivative(0, 0, t.relu(a), a);
    t.relu(t.leaf(0.5));
    assertEquals(0.2, t.nearestKink());
  }

  @Test void saturated_functions_stay_finite() {
    for (double x : new double[] {-1000, 1000}) {
      int a = t.leaf(x);
      assertDerivative(x < 0 ? 0 : 1, 0, t.sigmoid(a), a);
      assertDerivative(Math.signum(x), 0, t.tanh(a), a);
    }
  }

  @Test void a_variable_used_twice_collects_both_ways() {
    int a = t.leaf(1.5);
    int y = t.times(t.times(a, a), t.plus(a, a));                               // 2 a³
    assertDerivative(2 * 1.5 * 1.5 * 1.5, 6 * 1.5 * 1.5, y, a);
    assertDerivative(6, 4, t.sum(a, a, a, a), a);
  }

  @Test void dot_takes_a_column_of_a_matrix() {
    int w = t.leaves(new double[] {1, 2, 3, 4, 5, 6});                          // 3 × 2
    int[] x = {t.leaf(0.5), t.leaf(-1), t.leaf(2)};
    int y = t.dot(x, w + 1, 2);
    assertEquals(0.5 * 2 - 4 + 2 * 6, t.value(y));
    double[] d = t.gradient(y);
    assertArrayEquals(new double[] {0, 0.5, 0, -1, 0, 2, 2, 4, 6, 1}, d);
  }

  @Test void a_chain_of_a_million_does_not_overflow_the_stack() {
    int a = t.leaf(1);
    int y = a;
    for (int i = 0; i < 1_000_000; i++) y = t.plus(y, a);
    assertEquals(1_000_001, t.value(y));
    assertEquals(1_000_001, t.gradient(y)[a]);
  }

  private void assertDerivative(double value, double derivative, int y, int a) {
    assertEquals(value, t.value(y), 1e-15);
    assertEquals(derivative, t.gradient(y)[a], 1e-14);
  }

  private void assertDerivatives(double value, double byA, double byB, int y, int a, int b) {
    assertEquals(value, t.value(y));
    assertEquals(byA, t.gradient(y)[a]);
    assertEquals(byB, t.gradient(y)[b]);
  }

  @Test void sides_tellWhereEachKinkWasPassed() {
    var sides = new HashSet<Long>();
    for (double a : new double[] {-1, 1}) {
      for (double b : new double[] {-1, 1}) {
        var tape = new Tape();
        tape.relu(tape.leaf(a));
        tape.max(tape.leaf(b), tape.leaf(0));
        sides.add(tape.sides());
        var same = new Tape();
        same.relu(same.leaf(3 * a));
        same.max(same.leaf(b / 7), same.leaf(0));
        assertEquals(tape.sides(), same.sides());
      }
    }
    assertEquals(4, sides.size());
  }

  /** Columns that are summed ahead are those that are summed alone, whoever else asks between. */
  @Test void dot_ofNeighbours_isThatOfEachAlone() {
    var random = new SplittableRandom(3);
    var columns = new Columns();
    var value = random.doubles(5_000, -1, 1).toArray();
    for (int i = 0; i < 2_000; i++) {
      int[] x = random.ints(random.nextInt(1, 9), 0, 100).toArray();
      int stride = random.nextInt(1, 40), first = random.nextInt(100, 4_600);
      for (int j = 0; j < 20; j++) {
        double want = 0;
        for (int k = 0; k < x.length; k++) want += value[x[k]] * value[first + j + k * stride];
        assertEquals(want, columns.dot(value, value.length, x, first + j, stride), 0.0);
      }
    }
    assertEquals(0.0, columns.dot(value, value.length, new int[0], 3, 40), 0.0);
    int[] last = {1, 2};
    assertEquals(value[1] * value[4_949] + value[2] * value[4_999], columns.dot(value, value.length, last, 4_949, 50), 0.0);
  }

  @Test void rounding_movesByNoMoreThanHalfAUnitInTheLastPlace() {
    var tape = new Tape(true, new Rounding(5));
    int a = tape.leaf(3), b = tape.leaf(7), product = tape.times(a, b), sum = tape.plus(product, a);
    assertEquals(3, tape.value(a), 0.0);
    assertEquals(21 * 0x1p-24, Math.abs(tape.value(product) - 21), 1e-12);
    assertEquals(24, tape.value(sum), 45 * 0x1p-24);
    double[] d = tape.gradient(sum);
    assertEquals(8, d[a], 30 * 0x1p-24);
    assertTrue(Math.abs(d[a] - 8) > 1e-9, "nothing was rounded on the way back");
    var other = new Tape(true, new Rounding(5));
    assertEquals(tape.value(product), other.value(other.times(other.leaf(3), other.leaf(7))), 0.0);
  }

  @Test void valuesAlone_haveNoGradient() {
    var tape = new Tape(false, null);
    int y = tape.times(tape.leaf(3), tape.leaf(7));
    assertEquals(21, tape.value(y));
    assertEquals("reference tape: remembers values alone",
        assertThrows(IllegalStateException.class, () -> tape.gradient(y)).getMessage());
  }
}
