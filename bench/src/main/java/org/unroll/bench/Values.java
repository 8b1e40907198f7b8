package org.unroll.bench;

import java.util.Arrays;

/**
 * Numbers with a shape, row-major and dense.
 *
 * @param v not copied
 * @param shape their product is v's length
 */
public record Values(float[] v, int... shape) {
  public Values {
    if (Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact) != v.length) {
      throw new IllegalArgumentException(v.length + " values for the shape " + Arrays.toString(shape));
    }
  }
}
