package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.unroll.reference.FiniteDifference.Difference;

class FiniteDifferenceTest {

  @Test void gradient_of_a_smooth_function_is_exact_to_twelve_digits_and_leaves_its_argument_alone() {
    double[] at = {0.4, -1.2};
    double[] g = FiniteDifference.gradient(x -> Math.sin(x[0]) * Math.exp(x[1]), at);
    assertArrayEquals(new double[] {Math.cos(0.4) * Math.exp(-1.2), Math.sin(0.4) * Math.exp(-1.2)}, g, 1e-12);
    assertArrayEquals(new double[] {0.4, -1.2}, at);
  }

  @Test void gradient_of_a_polynomial_of_degree_four_has_no_error_of_the_stencil() {
    double[] g = FiniteDifference.gradient(x -> Math.pow(x[0], 4), new double[] {1.5});
    assertEquals(4 * 1.5 * 1.5 * 1.5, g[0], 1e-11);
  }

  @Test void difference_is_relative_for_large_and_absolute_for_small_elements() {
    var d = Difference.between(new double[] {2.0002, 3e-5}, new double[] {2, 2e-5});
    assertEquals(1e-4, d.relative(), 1e-12);
    assertEquals(1e-5, d.absolute(), 1e-15);
    assertFalse(d.isSmall());
  }

  @Test void difference_within_both_bars_is_small() {
    assertTrue(new Difference(1e-6, 1e-8).isSmall());
    assertFalse(new Difference(1.1e-6, 0).isSmall());
    assertFalse(new Difference(0, 1.1e-8).isSmall());
  }

  @Test void difference_of_a_NaN_is_not_small() {
    assertFalse(Difference.between(new double[] {Double.NaN}, new double[] {1}).isSmall());
  }

  @Test void difference_of_unequal_lengths_is_refused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Difference.between(new double[2], new double[3]));
    assertEquals("gradient: length is 2, must be 3", e.getMessage());
  }

  @Test void norm_relative_divides_by_the_expected_norm() {
    assertEquals(0.2, FiniteDifference.normRelative(new double[] {3, 5}, new double[] {3, 4}), 1e-15);
    assertEquals(5, FiniteDifference.normRelative(new double[] {3, 4}, new double[2]), 1e-15);
  }
}
