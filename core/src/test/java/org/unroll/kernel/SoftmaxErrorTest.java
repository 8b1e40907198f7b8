package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Absolute errors of softmax and of the loss against float64: random rows, and rows made to lose as much as they can. */
class SoftmaxErrorTest {
  private static final double LIMIT = 1e-7;
  private static final int[] SIZES = {2, 3, 5, 16, 17, 33, 65, 207, 1000, 5000, 50_000};
  /** Near e^−17.33 = 2^−25: what a sum that stands at 1 rounds away. */
  private static final float[] LOSABLE = {-17.3287f, -17.4f, -17f, -16.7f, -16.6356f, -15.9424f, -18f, -20f, -10f, -3f, -0.7f};
  private static final Kernels SCALAR = Kernels.scalar();

  /** The worst error found so far. */
  private static final class Worst {
    double error;
    double loss;
    String at = "";
    String lossAt = "";
    long points;

    void see(float[] z, String name) {
      float[] p = z.clone();
      SCALAR.softmax(p, 0, z.length);
      double max = Double.NEGATIVE_INFINITY, sum = 0;
      for (float x : z) max = Math.max(max, x);
      double[] truth = new double[z.length];
      for (int k = 0; k < z.length; k++) sum += truth[k] = StrictMath.exp(z[k] - max);
      for (int k = 0; k < z.length; k++) {
        double e = Math.abs(p[k] - truth[k] / sum);
        if (!(e <= error)) {
          error = e;
          at = name + ", symbol " + k + " of probability " + truth[k] / sum;
        }
      }
      points += z.length;
      System.arraycopy(z, 0, p, 0, z.length);
      float nll = SCALAR.crossEntropy(p, 0, z.length, 0, 1f);
      double exact = StrictMath.log(sum) - (z[0] - max);
      double e = Math.abs(nll - exact) / Math.max(1, exact);
      if (!(e <= loss)) {
        loss = e;
        lossAt = name + ", loss " + exact;
      }
    }

    Worst with(Worst other) {
      if (other.error > error) {
        error = other.error;
        at = other.at;
      }
      if (other.loss > loss) {
        loss = other.loss;
        lossAt = other.lossAt;
      }
      points += other.points;
      return this;
    }
  }

  /** One symbol or two stand out, all others add what is nearly lost; ramps; equal scores; all far from zero. */
  private static void adversarial(Worst worst) {
    for (int n : SIZES) {
      for (float low : LOSABLE) {
        for (int top : new int[] {0, n - 1, n / 2}) {
          float[] z = new float[n];
          java.util.Arrays.fill(z, low);
          z[top] = 0;
          worst.see(z, n + " scores " + low + ", one 0");
          z[(top + 1) % n] = -1e-3f;
          worst.see(z, n + " scores " + low + ", one 0, one -0.001");
          for (int k = 0; k < n; k++) z[k] += 1000;
          worst.see(z, n + " scores " + low + ", one 0, one -0.001, all moved by 1000");
        }
        float[] ramp = new float[n];
        for (int k = 0; k < n; k++) ramp[k] = low * k / n;
        worst.see(ramp, n + " scores falling to " + low);
      }
      worst.see(new float[n], n + " equal scores");
    }
  }

  private static Worst random(long seed, long points) {
    var worst = new Worst();
    var random = new SplittableRandom(seed);
    while (worst.points < points) {
      int n = random.nextInt(4) == 0 ? SIZES[random.nextInt(SIZES.length)] : 2 + random.nextInt(300);
      double scale = StrictMath.exp(random.nextDouble(-3, 5)), shift = random.nextInt(3) == 0 ? random.nextDouble(-50, 50) : 0;
      float[] z = new float[n];
      for (int k = 0; k < n; k++) z[k] = (float) (shift + scale * (random.nextDouble() + random.nextDouble() - 1));
      if (random.nextBoolean()) z[random.nextInt(n)] += (float) random.nextDouble(0, 20);
      worst.see(z, n + " random scores, seed " + seed + ", scale " + (float) scale);
    }
    return worst;
  }

  private static void assertWithin(Worst worst) {
    System.out.printf("softmax: largest error %.3g of %,d probabilities, in %s%n", worst.error, worst.points, worst.at);
    System.out.printf("cross-entropy: largest error %.3g, in %s%n", worst.loss, worst.lossAt);
    assertTrue(worst.error <= LIMIT, () -> worst.error + " in " + worst.at);
  }

  @Test void softmax_someRows_isWithinItsBound() {
    var worst = random(7, 500_000);
    adversarial(worst);
    assertWithin(worst);
  }

  @Test void softmax_edges_areExact() {
    float[] z = {3f, Float.NEGATIVE_INFINITY, -200f};
    SCALAR.softmax(z, 0, 3);
    assertEquals(List.of(1f, 0f, 0f), List.of(z[0], z[1], z[2]));
    float[] one = {-7f};
    SCALAR.softmax(one, 0, 1);
    assertEquals(1f, one[0]);
  }

  /** A minute or two on two threads. The figures stand in docs/numerics.md. */
  @Tag("slow")
  @Test void softmax_hundredMillionProbabilities_areWithinTheirBound() {
    var worst = IntStream.range(0, 16).parallel().mapToObj(s -> random(100 + s, 6_300_000)).toList().stream().reduce(Worst::with)
        .orElseThrow();
    adversarial(worst);
    assertTrue(worst.points > 100_000_000, () -> worst.points + " points");
    assertWithin(worst);
  }
}
