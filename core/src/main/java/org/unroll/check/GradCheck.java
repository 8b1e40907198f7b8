package org.unroll.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.unroll.head.Crf;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.head.SquaredError;
import org.unroll.layer.Activity;
import org.unroll.layer.Layer;
import org.unroll.layer.Pass;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/**
 * Outputs and gradients of a layer or a model, in float, against the double-precision reference from the same weights; and
 * sampled entries of the reference's gradient against differences of its loss. A layer without a reference (a user's own
 * cell) is compared with directional differences of itself, and the report says so.
 */
public final class GradCheck {
  /** Usual number of entries of each array that are compared with differences of the reference. */
  public static final int SAMPLES = 4;

  /** Largest relative error of a sampled entry of the reference against differences. */
  public static final double SAMPLE_TOLERANCE = 1e-6;

  /** Differences say nothing when a kink lies this near. */
  private static final double KINK = 0.02;

  private GradCheck() {}

  /** What a gradient was compared with. */
  public enum Against { REFERENCE, DIFFERENCES }

  /**
   * One tensor.
   *
   * @param tensor {@code y}, {@code δ} and the name of an array, or a final state
   * @param entries how many were compared
   * @param error ‖got − want‖ / ‖want‖; along a direction, |got − want| / the larger
   * @param worst the entry that is furthest off
   * @param got its value, or the slope by backward
   * @param want what it should be
   */
  public record Row(String tensor, int entries, double error, int worst, double got, double want) {}

  /**
   * What a check found.
   *
   * @param tolerance of {@link Row#error}
   * @param rows one for each tensor
   * @param samples one for each array: worst of the sampled entries of the reference against its differences. Empty against
   *     {@link Against#DIFFERENCES}, where none were wanted, and where the model has a kink too near
   */
  public record Report(Against against, double tolerance, List<Row> rows, List<Row> samples) {
    public Report {
      rows = List.copyOf(rows);
      samples = List.copyOf(samples);
    }

    /** Whether every tensor and every sample is within its tolerance. */
    public boolean passed() {
      return rows.stream().allMatch(r -> r.error <= tolerance) && samples.stream().allMatch(r -> r.error <= SAMPLE_TOLERANCE);
    }

    /** The largest error of all tensors. */
    public double worst() { return rows.stream().mapToDouble(Row::error).reduce(0, Math::max); }

    @Override public String toString() {
      var s = new StringBuilder(against == Against.REFERENCE
          ? "against the double-precision reference, norm-relative, tolerance " + tolerance + "\n"
          : "against directional differences in float, tolerance " + tolerance + ": a part of this has no reference\n");
      for (var r : rows) s.append(line(r, tolerance));
      if (!samples.isEmpty()) s.append("reference against differences of its loss, sampled entries, tolerance 1e-6\n");
      for (var r : samples) s.append(line(r, SAMPLE_TOLERANCE));
      return s.toString();
    }

    private static String line(Row r, double tolerance) {
      return String.format(Locale.ROOT, "  %-24s %8d entries  error %.1e  worst at %d: %.8g, must be %.8g%s%n", r.tensor, r.entries,
          r.error, r.worst, r.got, r.want, r.error <= tolerance ? "" : "  FAILED");
    }
  }

  /**
   * Checks a layer with random gradients from above and a random state to start from.
   *
   * @param x input; long sequences and wide layers take long, the reference is scalar
   * @param run weights, kernels, and whether dropout acts
   * @param samples entries of each array that are compared with differences of the reference: four runs of it each
   */
  public static Report layer(Layer layer, Batch x, Run run, long seed, int samples) {
    var ps = run.weights().params();
    var rig = Rig.of(layer, ps, run.k(), x, seed);
    var pass = layer.forward(x, rig.in(), run);
    var mapping = Mapping.of(layer, pass);
    if (mapping.isEmpty()) return directional(rig, seed);
    var map = mapping.get();
    var loss = new ReferenceLoss.Linear(Slabs.alive(rig.dy(), x), map.states(rig.dOut(), ""));
    var grads = new Grads(ps);
    var g = pass.backward(rig.dy(), rig.dOut(), grads);
    var check = new Comparison(map, x, map.values(ps, x, rig.in()), loss);
    check.row("y", Slabs.alive(pass.y().x(), x), check.want.y());
    map.states(pass.out(), "").forEach((name, s) -> check.row(name, s, check.want.states().get(name)));
    check.gradients(ps, grads, g);
    return check.report(samples, seed);
  }

  /**
   * Checks a body with a head on it. Where a part has no reference, body and head are each compared with directional
   * differences of their own loss; the head's rows begin with {@code head}.
   *
   * @param target as the head wants it
   * @param samples entries of each array that are compared with differences of the reference: four runs of it each
   */
  public static Report model(Layer body, Head<Slab> head, Batch x, Slab target, Run run, long seed, int samples) {
    var ps = run.weights().params();
    var pass = body.forward(x, State.ZERO, run);
    var h = pass.y();
    var mapped = Mapping.of(body, pass);
    var top = outputOf(head).flatMap(output -> Mapping.of(output, output.forward(h, State.ZERO, run)));
    if (mapped.isEmpty() || top.isEmpty()) {
      var rows = new ArrayList<>(rows("δ", Directional.slopes(Rig.of(body, ps, run.k(), x, seed), seed)));
      rows.addAll(rows("head δ", Directional.slopes(head, ps, run.k(), h, target, seed)));
      return new Report(Against.DIFFERENCES, Directional.TOLERANCE, moving(rows), List.of());
    }
    var map = mapped.get().then(top.get());
    if (head instanceof Crf c) map = map.with(c.A(), c.start(), c.end());
    var loss = head.loss(h, target, run);
    var grads = new Grads(ps);
    var g = pass.backward(loss.backward(grads), State.ZERO, grads);
    var check = new Comparison(map, x, map.values(ps, x, State.ZERO), reference(head, h, target, 1.0 / loss.count()));
    check.row("loss", new double[] {loss.mean() + penalty(pass)}, new double[] {check.want.loss()});
    check.gradients(ps, grads, new Pass.Gradient(g.dx(), State.ZERO));
    return check.report(samples, seed);
  }

  /** What the layers add to the loss. */
  private static double penalty(Pass pass) {
    double own = pass instanceof Activity.Trace t ? t.penalty() : 0;
    return own + pass.inner().stream().mapToDouble(GradCheck::penalty).sum();
  }

  /** The output matrix of a head of ours; empty for a user's own. */
  private static Optional<Layer> outputOf(Head<Slab> head) {
    return switch (head) {
      case Softmax s -> Optional.of(s.output());
      case SquaredError s -> Optional.of(s.output());
      case Crf c -> Optional.of(c.output());
      default -> Optional.empty();
    };
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
    return new Report(Against.DIFFERENCES, Directional.TOLERANCE, rows("δ", Directional.slopes(rig, seed)), List.of());
  }

  /** Without those of weights that the loss does not depend on: the head's for the body, the body's for the head. */
  private static List<Row> moving(List<Row> rows) { return rows.stream().filter(r -> r.got != 0 || r.want != 0).toList(); }

  private static List<Row> rows(String prefix, List<Directional.Slope> slopes) {
    return slopes.stream().map(s -> new Row(prefix + s.tensor(), s.entries(), s.error(), -1, s.backward(), s.differences())).toList();
  }

  /** One run of the reference, and the rows that come of it. */
  private static final class Comparison {
    final Mapping map;
    final Batch x;
    final Map<String, double[]> values;
    final ReferenceLoss loss;
    final ReferenceModel model;
    final ReferenceModel.Result want;
    private final List<Row> rows = new ArrayList<>();

    Comparison(Mapping map, Batch x, Map<String, double[]> values, ReferenceLoss loss) {
      this.map = map;
      this.x = x;
      this.values = values;
      this.loss = loss;
      this.model = new ReferenceModel(map.layer());
      this.want = model.run(map.sequences(x), values, loss);
    }

    void row(String tensor, double[] got, double[] want) {
      int worst = 0;
      for (int i = 0; i < got.length; i++) if (Math.abs(got[i] - want[i]) > Math.abs(got[worst] - want[worst])) worst = i;
      rows.add(new Row(tensor, got.length, FiniteDifference.normRelative(got, want), worst, got[worst], want[worst]));
    }

    void gradients(Params ps, Grads grads, Pass.Gradient g) {
      var gradients = want.gradients();
      for (var p : map.params()) row("δ" + p.name(), Slabs.flat(p.of(grads.array())), gradients.get(p.name()));
      if (g.dx() != null) row("δx", Slabs.alive(g.dx(), x), gradients.get("x"));
      var dIn = map.states(g.dIn(), "0");
      values.keySet().stream().filter(name -> !name.equals("x") && map.params().stream().noneMatch(p -> p.name().equals(name)))
          .forEach(name -> row("δ" + name, dIn.getOrDefault(name, new double[values.get(name).length]), gradients.get(name)));
    }

    Report report(int samples, long seed) {
      var random = new SplittableRandom(seed);
      var list = new ArrayList<Row>();
      if (samples > 0 && want.nearestKink() >= KINK) {
        values.forEach((name, array) -> list.add(sample(name, array.clone(), samples, random)));
      }
      return new Report(Against.REFERENCE, x.x().steps() <= 64 ? 1e-6 : 3e-6, rows, list);
    }

    private Row sample(String name, double[] array, int samples, SplittableRandom random) {
      var moved = new LinkedHashMap<>(values);
      moved.put(name, array);
      Row worst = null;
      int count = Math.min(samples, array.length);
      for (int i = 0; i < count; i++) {
        int at = random.nextInt(array.length);
        double got = want.gradients().get(name)[at];
        double by = FiniteDifference.partial(_ -> model.loss(map.sequences(x), moved, loss), array, at);
        double off = Math.abs(got - by) / Math.max(Math.abs(by), 100 * FiniteDifference.SMALL);
        if (worst == null || off > worst.error) worst = new Row("∂" + name, count, off, at, got, by);
      }
      return worst;
    }
  }
}
