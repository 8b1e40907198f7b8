package org.unroll.check;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.unroll.check.GradCheck.Row;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.ReferenceModel;

/**
 * Elements of the reference's gradient against central differences of its own loss. A ReLU, a maximum have a kink: a difference
 * over it is no derivative. So each run tells on which side of every kink it stayed; an element that changes sides at ±h, and at
 * smaller h, is left out and counted, and another one is taken for it.
 */
final class Sampled {
  /** Distances that are tried: a strongly curved loss wants a smaller one, a flat one loses digits with it. */
  private static final double[] STEPS = {FiniteDifference.STEP, FiniteDifference.STEP / 4, FiniteDifference.STEP / 16};

  /** Of so many that were wanted, how many may be tried in all. */
  private static final int TRIES = 4;

  private final Comparison of;
  private final ReferenceModel.Value here;
  private final SplittableRandom random;

  Sampled(Comparison of, long seed) {
    this.of = of;
    this.here = of.model.value(of.sequences, of.values, of.loss);
    this.random = new SplittableRandom(seed);
  }

  /** One element: its difference, how far off the gradient is; or that there is none. */
  private record Try(double difference, double error, boolean crossed) {}

  /** The worst of {@code samples} elements of an array. */
  Row row(String name, int[] shape, double[] array, int samples) {
    double[] gradient = of.want.gradients().get(name);
    int[] moving = IntStream.range(0, gradient.length).filter(i -> gradient[i] != 0).toArray();
    var moved = new LinkedHashMap<>(of.values);
    double[] at = array.clone();
    moved.put(name, at);
    int taken = 0, crossed = 0, wanted = Math.min(samples, array.length);
    var seen = new HashSet<Integer>();
    Row worst = new Row("∂" + name, 0, array.length, 0, 0, GradCheck.SAMPLE_TOLERANCE, "", 0, 0);
    for (int i = 0; i < Math.min(TRIES * wanted, array.length) && taken < wanted; i++) {
      int element = samples >= array.length ? i : element(i, moving, array.length, seen);
      var t = attempt(moved, at, element, gradient[element]);
      if (t.crossed) {
        crossed++;
        continue;
      }
      if (taken++ == 0 || !(t.error <= worst.error())) {
        worst = new Row(worst.tensor(), 0, array.length, 0, t.error, worst.tolerance(), Comparison.place(element, shape),
            gradient[element], t.difference);
      }
    }
    return worst.sampled(taken, crossed);
  }

  /**
   * One that was not taken yet. Three of four among those that have a gradient; the fourth anywhere: a path that was forgotten
   * gives 0 too.
   */
  private int element(int i, int[] moving, int size, Set<Integer> seen) {
    for (int draw = 0; ; draw++) {
      boolean anywhere = moving.length == 0 || i % 4 == 3 || draw > 20;
      int element = anywhere ? random.nextInt(size) : moving[random.nextInt(moving.length)];
      if (seen.add(element)) return element;
    }
  }

  private Try attempt(LinkedHashMap<String, double[]> moved, double[] at, int element, double want) {
    Try best = null;
    for (double h : STEPS) {
      boolean[] crossed = {false};
      double by = FiniteDifference.partial(_ -> {
        var v = of.model.value(of.sequences, moved, of.loss);
        crossed[0] |= v.sides() != here.sides();
        return v.loss();
      }, at, element, h);
      double error = Math.abs(want - by) / Math.max(Math.abs(by), 100 * FiniteDifference.SMALL);
      if (!crossed[0] && (best == null || best.crossed || error < best.error)) best = new Try(by, error, false);
      if (best == null) best = new Try(by, error, true);
      if (!best.crossed && best.error <= GradCheck.SAMPLE_TOLERANCE) return best;
    }
    return best;
  }
}
