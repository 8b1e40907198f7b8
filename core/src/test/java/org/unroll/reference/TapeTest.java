package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
