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

  /** log Σ exp(x), in double its two parts are added; x is written over. */
  static double sum(float[] x, int at, int count) {
    float largest = largest(x, at, count);
    return (double) largest + ScalarMath.log(exponentials(x, at, count, largest));
  }
}
