package org.unroll.reference;

import java.util.SplittableRandom;

/**
 * Float's loss of digits, played in double: each number that is made of others becomes v (1 ± 2⁻²⁴) at a random sign, which is
 * the most that rounding to the nearest float can do to it (random rounding: Vignes 1993, Parker 1997). The data, weights and inputs,
 * stay as they are.
 */
final class Rounding {
  private final SplittableRandom random;
  private long signs;
  private int left;

  Rounding(long seed) { this.random = new SplittableRandom(seed); }

  double of(double v) {
    if (left == 0) {
      signs = random.nextLong();
      left = 64;
    }
    left--;
    signs = Long.rotateLeft(signs, 1);
    return v * (1 + ((signs & 1) == 0 ? 0x1p-24 : -0x1p-24));
  }

  /** Σ_i x_i · w_i, rounded at each addition: the products are exact where multiplication and addition are one operation. */
  double dot(double[] value, int[] x, int first, int stride) {
    double s = 0;
    for (int i = 0; i < x.length; i++) s = of(s + value[x[i]] * value[first + i * stride]);
    return s;
  }
}
