package org.unroll.bench;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * How far two engines are apart on one job. No ratio is printed where they do not agree.
 *
 * @param output largest |ours − theirs| of any output, divided by the largest |theirs| where that is above 1
 * @param gradient largest, over the tensors, of max |ours − theirs| / max |theirs|
 */
public record Agreement(double output, double gradient) {
  public static final double OUTPUT = 1e-5;
  public static final double GRADIENT = 1e-4;

  /** Compares what the job wants compared; where only equal bits will do, values that differ in any are never 0 apart. */
  static Agreement of(Job job, Outcome ours, Outcome theirs, boolean bits) {
    var gradients = job.kind().gradients().stream().filter(job.arrays()::containsKey).toList();      // a minGRU has no R
    var a = of(job.kind().outputs(), gradients, ours, theirs);
    return !bits || same(ours.outputs(), theirs.outputs()) && same(ours.gradients(), theirs.gradients()) ? a
        : new Agreement(Math.max(a.output, Float.MIN_VALUE), a.gradient);
  }

  private static boolean same(Map<String, float[]> a, Map<String, float[]> b) {
    return a.keySet().stream().allMatch(name -> Arrays.equals(a.get(name), b.get(name)));
  }

  /** Compares what the kind of job wants compared, and whatever both have besides. A NaN anywhere is infinitely apart. */
  public static Agreement of(Kind kind, Outcome ours, Outcome theirs) {
    return of(kind.outputs(), kind.gradients(), ours, theirs);
  }

  private static Agreement of(List<String> outputs, List<String> gradients, Outcome ours, Outcome theirs) {
    return new Agreement(worst(outputs, ours.outputs(), theirs.outputs(), 1), worst(gradients, ours.gradients(), theirs.gradients(), 0));
  }

  /** Whether the two are close enough to be compared in speed. */
  public boolean holds() { return output <= OUTPUT && gradient <= GRADIENT; }

  /** @param floor least size that a difference is divided by */
  private static double worst(List<String> wanted, Map<String, float[]> ours, Map<String, float[]> theirs, double floor) {
    var names = new HashSet<>(ours.keySet());
    names.retainAll(theirs.keySet());
    if (!names.containsAll(wanted)) {
      throw new IllegalArgumentException("wanted are " + wanted + ", ours " + ours.keySet() + ", theirs " + theirs.keySet());
    }
    double worst = 0;
    for (var name : names) worst = Math.max(worst, apart(name, ours.get(name), theirs.get(name), floor));
    return worst;
  }

  private static double apart(String name, float[] a, float[] b, double floor) {
    if (a.length != b.length) throw new IllegalArgumentException(name + ": " + a.length + " values against " + b.length);
    double difference = 0, size = floor;
    for (int i = 0; i < a.length; i++) {
      double d = Math.abs((double) a[i] - b[i]);
      if (Double.isNaN(d)) return Double.POSITIVE_INFINITY;
      difference = Math.max(d, difference);
      size = Math.max(size, Math.abs(b[i]));
    }
    return difference == 0 ? 0 : difference / size;
  }
}
