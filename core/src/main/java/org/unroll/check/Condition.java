package org.unroll.check;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.unroll.reference.FiniteDifference;

/**
 * How far rounding alone moves a result: the reference runs again, in double, with every number on the way moved by what rounding
 * to a float can do to it, at random signs. Near-equal numbers that a layer normalisation divides by their own deviation, sums of
 * thousands of products: what moves there cannot be had better in float, and an engine in float is off by about as much.
 * <pre>
 *   (1) ρ   = max over the runs of ‖rounded − want‖ / ‖want‖
 *   (2) bar = max(tolerance, min(2 ρ, 10⁻⁴))
 * </pre>
 */
final class Condition {
  /** Of (1). */
  private static final int RUNS = 4;

  /** Of (2): room for other draws of the rounding; of thousands of errors above 1e-6 the largest needed 1.62. */
  private static final double FACTOR = 2;

  /** Of (2): a result that moves more is not proved by any check in float. */
  private static final double MOST = 1e-4;

  private final Map<String, Double> moved = new HashMap<>();

  /** @param of the run whose results are asked for */
  Condition(Comparison of, long seed) {
    var seeds = new SplittableRandom(seed);
    for (int run = 0; run < RUNS; run++) {
      var r = of.model.rounded(of.sequences, of.values, of.loss, seeds.nextLong());
      add("loss", new double[] {r.loss()}, new double[] {of.want.loss()});
      add("y", r.y(), of.want.y());
      r.states().forEach((name, s) -> add(name, s, of.want.states().get(name)));
      r.gradients().forEach((name, d) -> add("δ" + name, d, of.want.gradients().get(name)));
    }
  }

  private void add(String tensor, double[] got, double[] want) {
    moved.merge(tensor, FiniteDifference.normRelative(got, want), Math::max);                            // (1)
  }

  /** The bar of a tensor whose plain one is {@code tolerance}. */
  double bar(String tensor, double tolerance) {
    return Math.max(tolerance, Math.min(FACTOR * moved.getOrDefault(tensor, 0.0), MOST));                // (2)
  }
}
