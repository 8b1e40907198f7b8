package org.unroll.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.unroll.head.Crf;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.head.SquaredError;
import org.unroll.layer.Activity;
import org.unroll.layer.Layer;
import org.unroll.layer.Pass;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.reference.ReferenceLoss;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/**
 * Outputs and gradients of a layer or a model, in float, against the double-precision reference from the same weights: every
 * element of every weight, of the input and of the first states. And sampled elements of the reference's gradient against
 * differences of its loss. A layer without a reference (a user's own cell) is compared with directional differences of itself,
 * and the report says so. What does not fit together is refused by C030.
 */
public final class GradCheck {
  /** Usual number of elements of each array that are compared with differences of the reference. */
  public static final int SAMPLES = 4;

  /** Largest error of a sampled element of the reference against differences: relative above 0.01, absolute to 1e-8 below. */
  public static final double SAMPLE_TOLERANCE = 1e-6;

  private GradCheck() {}

  /** What a gradient was compared with. */
  public enum Against { REFERENCE, DIFFERENCES }

  /**
   * One tensor.
   *
   * @param tensor {@code y}, {@code δ} and the name of an array, or a final state; {@code ∂} and the name where the reference is
   *     compared with differences
   * @param entries how many elements were compared
   * @param size how many it has
   * @param crossed how many were tried and left out because a kink (of a ReLU, of a maximum) lies within the difference
   * @param error ‖got − want‖ / ‖want‖; along a direction, |got − want| / the larger; of samples the worst element's
   * @param tolerance of the error: that of the report, or the bar that follows the tensor's condition where it is above
   * @param place indices, from 0, of the element that is furthest off: of a matrix row and column, of x step, row and column,
   *     of a state row and unit; {@code [:, k]} along a direction in column k; empty along one through all
   * @param got its value, or the slope by backward
   * @param want what it should be
   */
  public record Row(String tensor, int entries, int size, int crossed, double error, double tolerance, String place, double got,
      double want) {
    /** Whether the error is within the tolerance. */
    public boolean passed() { return error <= tolerance; }

    Row within(double bar) { return new Row(tensor, entries, size, crossed, error, bar, place, got, want); }

    Row sampled(int taken, int left) { return new Row(tensor, taken, size, left, error, tolerance, place, got, want); }
  }

  /**
   * What a check found.
   *
   * @param tolerance of {@link Row#error} where nothing is said against it
   * @param rows one for each tensor
   * @param samples one for each array: worst of the sampled elements of the reference against its differences. Empty against
   *     {@link Against#DIFFERENCES}, and where none were wanted
   */
  public record Report(Against against, double tolerance, List<Row> rows, List<Row> samples) {
    public Report {
      rows = List.copyOf(rows);
      samples = List.copyOf(samples);
    }

    /** Whether every tensor and every sample is within its tolerance. */
    public boolean passed() { return rows.stream().allMatch(Row::passed) && samples.stream().allMatch(Row::passed); }

    /** The largest error of all tensors. */
    public double worst() { return rows.stream().mapToDouble(Row::error).reduce(0, Math::max); }

    /** The row that comes nearest to its tolerance, or is furthest above it; of no tensor where there are none. */
    public Row nearest() {
      return rows.stream().max(Comparator.comparingDouble(r -> r.error / r.tolerance))
          .orElse(new Row("", 0, 0, 0, 0, tolerance, "", 0, 0));
    }

    @Override public String toString() {
      var s = new StringBuilder(against == Against.REFERENCE
          ? "against the double-precision reference, norm-relative, tolerance " + tolerance + "\n"
          : "against directional differences in float, tolerance " + tolerance + ": a part of this has no reference\n");
      for (var r : rows) s.append(line(r));
      if (!samples.isEmpty()) s.append("reference against differences of its loss, sampled elements, tolerance 1e-6\n");
      for (var r : samples) s.append(line(r));
      return s.toString();
    }

    private String line(Row r) {
      var where = !r.place.isEmpty() ? "worst at " + r.place : against == Against.REFERENCE ? "value" : "slope";
      var count = r.entries == r.size ? r.size + " elements" : r.entries + " of " + r.size + " elements";
      var notes = (r.crossed == 0 ? "" : "  " + r.crossed + " at a kink left out")
          + (r.tolerance > tolerance && !r.tensor.startsWith("∂")
              ? String.format(Locale.ROOT, "  bar %.1e by its rounding", r.tolerance) : "")
          + (r.passed() ? "" : "  FAILED");
      if (r.entries == 0) return String.format(Locale.ROOT, "  %-24s %20s%s%n", r.tensor, count, notes);
      var error = r.error == 0 && r.got != r.want ? "within rounding" : String.format(Locale.ROOT, "error %.1e", r.error);
      return String.format(Locale.ROOT, "  %-24s %20s  %s  %s: %.8g, must be %.8g%s%n", r.tensor, count, error, where,
          r.got, r.want, notes);
    }
  }

  /**
   * Checks a layer with random gradients from above and a random state to start from.
   *
   * @param x input; long sequences and wide layers take long, the reference is scalar
   * @param run weights, kernels, and whether dropout acts
   * @param samples elements of each array that are compared with differences of the reference: four runs of it each, or more
   *     where a kink or a strong curve is near
   */
  public static Report layer(Layer layer, Batch x, Run run, long seed, int samples) {
    Fits.layer(layer, x, State.ZERO, samples);
    var ps = run.weights().params();
    var rig = Rig.of(layer, ps, run.k(), x, seed);
    var pass = layer.forward(x, rig.in(), run);
    var mapping = Mapping.of(layer, pass);
    if (mapping.isEmpty()) return directional(rig, seed);
    var map = mapping.get();
    var loss = new ReferenceLoss.Linear(Slabs.alive(rig.dy(), x), map.states(rig.dOut(), ""));
    var grads = new Grads(ps);
    var g = pass.backward(rig.dy(), rig.dOut(), grads);
    var check = new Comparison(map, x, ps, rig.in(), loss);
    check.results(pass);
    check.gradients(ps, grads, new Pass.Gradient(dx(layer, map, x, rig.in(), run, rig.dy(), rig.dOut(), g), g.dIn()));
    return check.report(samples, seed);
  }

  /** From states of zeros; otherwise as {@link #model(Layer, Head, Batch, State, Slab, Run, long, int)}. */
  public static Report model(Layer body, Head<Slab> head, Batch x, Slab target, Run run, long seed, int samples) {
    return model(body, head, x, State.ZERO, target, run, seed, samples);
  }

  /**
   * Checks a body with a head on it. Where a part has no reference, body and head are each compared with directional
   * differences of their own loss; the head's rows begin with {@code head}.
   *
   * @param x input [T, N, width], or ids [T, N, 1]; ids that are fed as one-hot rows have a gradient δx by those rows
   * @param in states before the first step, one part [S, N, H] for each recurrent walk, each with a row {@code δ}; or
   *     {@link State#ZERO}, without
   * @param target as the head wants it: ids [T, N, 1] below its outputs, or values [T, N, outputs]
   * @param samples elements of each array that are compared with differences of the reference: four runs of it each, or more
   *     where a kink or a strong curve is near
   */
  public static Report model(Layer body, Head<Slab> head, Batch x, State in, Slab target, Run run, long seed, int samples) {
    Fits.layer(body, x, in, samples);
    Fits.head(body, head, x, target);
    var ps = run.weights().params();
    var pass = body.forward(x, in, run);
    var h = pass.y();
    var mapped = Mapping.of(body, pass);
    var top = Fits.outputOf(head).flatMap(output -> Mapping.of(output, output.forward(h, State.ZERO, run)));
    if (mapped.isEmpty() || top.isEmpty()) {
      var rows = new ArrayList<>(rows(Rig.of(body, ps, run.k(), x, seed), seed));
      rows.addAll(rows("head δ", Directional.slopes(head, ps, run.k(), h, target, seed)));
      return new Report(Against.DIFFERENCES, Directional.TOLERANCE, moving(rows), List.of());
    }
    var map = mapped.get().then(top.get());
    if (head instanceof Crf c) map = map.with(c.A(), c.start(), c.end());
    var loss = head.loss(h, target, run);
    var grads = new Grads(ps);
    var dh = loss.backward(grads);
    var g = pass.backward(dh, State.ZERO, grads);
    var check = new Comparison(map, x, ps, in, reference(head, h, target, 1.0 / loss.count()));
    check.row("loss", new int[0], new double[] {loss.mean() + penalty(pass)}, new double[] {check.want.loss()});
    var dIn = in.isZero() ? State.ZERO : g.dIn();
    check.gradients(ps, grads, new Pass.Gradient(dx(body, map, x, in, run, dh, State.ZERO, g), dIn));
    return check.report(samples, seed);
  }

  /** ∂L/∂x; of ids by the one-hot rows that they stand for, from the same layer fed with these. Null for a table's. */
  private static Slab dx(Layer layer, Mapping map, Batch x, State in, Run run, Slab dy, State dOut, Pass.Gradient g) {
    if (map.hot() == 0) return g.dx();
    var fed = OneHot.fed(layer).orElseThrow();
    return fed.forward(x.with(map.numbers(x)), in, run).backward(dy, dOut, new Grads(run.weights().params())).dx();
  }

  /** What the layers add to the loss. */
  private static double penalty(Pass pass) {
    double own = pass instanceof Activity.Trace t ? t.penalty() : 0;
    return own + pass.inner().stream().mapToDouble(GradCheck::penalty).sum();
  }

  private static ReferenceLoss reference(Head<Slab> head, Batch h, Slab target, double scale) {
    return switch (head) {
      case Softmax s -> new ReferenceLoss.SoftmaxCrossEntropy(at(s.at()), Targets.ids(h, target, s.at()), scale);
      case SquaredError s -> new ReferenceLoss.SquaredError(at(s.at()), Targets.values(h, target, s.at()), scale);
      case Crf c -> new ReferenceLoss.Crf(Mapping.stem(c.A()), c.outputs(), Targets.ids(h, target, Head.At.EVERY_STEP), scale);
      default -> throw new AssertionError(head);
    };
  }

  private static ReferenceLoss.At at(Head.At at) { return ReferenceLoss.At.valueOf(at.name()); }

  private static Report directional(Rig rig, long seed) {
    return new Report(Against.DIFFERENCES, Directional.TOLERANCE, rows(rig, seed), List.of());
  }

  /** Without those of weights that the loss does not depend on: the head's for the body, the body's for the head. */
  private static List<Row> moving(List<Row> rows) { return rows.stream().filter(r -> r.got != 0 || r.want != 0).toList(); }

  /** Of each tensor one direction through all of it, and of its columns, each a direction of its own, the worst. */
  private static List<Row> rows(Rig rig, long seed) {
    var rows = new ArrayList<>(rows("δ", Directional.slopes(rig, seed)));
    for (var w : Columns.of(rig, seed)) {
      rows.add(new Row("δ" + w.tensor() + " by columns", w.entries(), w.size(), 0, w.slope().error(), Directional.TOLERANCE,
          "[:, " + w.column() + "]", w.slope().backward(), w.slope().differences()));
    }
    return rows;
  }

  private static List<Row> rows(String prefix, List<Directional.Slope> slopes) {
    return slopes.stream().map(s -> new Row(prefix + s.tensor(), s.entries(), s.entries(), 0, s.error(), Directional.TOLERANCE,
        "", s.backward(), s.differences())).toList();
  }
}
