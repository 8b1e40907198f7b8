package org.unroll.head;

import org.unroll.kernel.ScalarMath;

/**
 * Sums of what is kept as logarithms: log Σ exp(x_k). The largest is taken off all terms before their exponentials are, so none
 * overflows and one is 1; they are added in their order.
 */
final class LogSpace {
  private LogSpace() {}

  /** The largest of {@code count} numbers from {@code at} on. */
  static float largest(float[] x, int at, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int k = 0; k < count; k++) max = Math.max(max, x[at + k]);
    return max;
  }

  /** x = exp(x − largest); returns their sum. */
  static float exponentials(float[] x, int at, int count, float largest) {
    float sum = 0;
    for (int k = at; k < at + count; k++) {
      x[k] = ScalarMath.exp(x[k] - largest);
      sum += x[k];
    }
    return sum;
  }

  /**
   * log Σ exp(x); x is written over. It has two parts, both floats: the largest, and the logarithm of the sum of exponentials. They
   * are added in double, so that log Z, which is double, is as exact as they are. Cast to float, the result has the bits of their sum
   * in float: a sum of two floats that is rounded to double and then to float is the sum rounded to float at once, for a double has
   * 53 ≥ 2 · 24 + 2 bits (Figueroa 1995).
   */
  static double sum(float[] x, int at, int count) {
    float largest = largest(x, at, count);
    return (double) largest + ScalarMath.log(exponentials(x, at, count, largest));
  }
}
