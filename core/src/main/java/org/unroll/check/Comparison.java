package org.unroll.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.unroll.check.GradCheck.Row;
import org.unroll.layer.Pass;
import org.unroll.layer.State;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;

/** One run of the reference, and the rows that come of it. */
final class Comparison {
  final Mapping map;
  final Batch x;
  final Sequences sequences;
  final Map<String, double[]> values;
  final ReferenceLoss loss;
  final ReferenceModel model;
  final ReferenceModel.Result want;
  private final Map<String, int[]> shapes = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final double tolerance;

  Comparison(Mapping map, Batch x, Params ps, State in, ReferenceLoss loss) {
    this.map = map;
    this.x = x;
    this.sequences = map.sequences(x);
    this.values = map.values(ps, x, in);
    this.loss = loss;
    this.model = new ReferenceModel(map.layer());
    this.want = model.run(sequences, values, loss);
    this.tolerance = x.x().steps() <= 64 ? 1e-6 : 3e-6;
    int N = x.x().rows();
    for (var p : map.params()) shapes.put(p.name(), p.rows() == 1 ? new int[] {p.cols()} : new int[] {p.rows(), p.cols()});
    values.forEach((name, v) -> shapes.computeIfAbsent(name, _ -> name.equals("x")
        ? new int[] {x.x().steps(), N, v.length / x.x().steps() / N} : new int[] {N, v.length / N}));
  }

  /** Compares a tensor of this shape with what the reference gives. */
  void row(String tensor, int[] shape, double[] got, double[] want) {
    int worst = 0;
    for (int i = 0; i < got.length; i++) if (!(Math.abs(got[i] - want[i]) <= Math.abs(got[worst] - want[worst]))) worst = i;
    double error = FiniteDifference.normRelative(got, want);
    rows.add(new Row(tensor, got.length, got.length, 0, error, tolerance, place(worst, shape), got[worst], want[worst]));
  }

  /** Output and final states. */
  void results(Pass pass) {
    var y = pass.y().x();
    row("y", new int[] {y.steps(), y.rows(), y.cols()}, Slabs.alive(y, x), want.y());
    int N = y.rows();
    map.states(pass.out(), "").forEach((name, s) -> row(name, new int[] {N, s.length / N}, s, want.states().get(name)));
  }

  /** Of every window, the input where it has a gradient, and every slot of the first state. */
  void gradients(Params ps, Grads grads, Pass.Gradient g) {
    for (var p : map.params()) gradient(p.name(), Slabs.flat(p.of(grads.array())));
    if (g.dx() != null) gradient("x", Slabs.alive(g.dx(), x));
    var dIn = map.states(g.dIn(), "0");
    values.forEach((name, v) -> {
      if (!name.equals("x") && ps.find(name) == null) gradient(name, dIn.getOrDefault(name, new double[v.length]));
    });
  }

  private void gradient(String name, double[] got) { row("δ" + name, shapes.get(name), got, want.gradients().get(name)); }

  /** @param samples of each array, against differences */
  GradCheck.Report report(int samples, long seed) {
    var differences = new ArrayList<Row>();
    if (samples > 0) {
      var sampled = new Sampled(this, seed);
      values.forEach((name, v) -> differences.add(sampled.row(name, shapes.get(name), v, samples)));
    }
    return new GradCheck.Report(GradCheck.Against.REFERENCE, tolerance, within(seed), differences);
  }

  /** The rows, with the bar of its condition for each that is above the plain one. */
  private List<Row> within(long seed) {
    if (rows.stream().noneMatch(r -> r.error() > tolerance)) return rows;
    var condition = new Condition(this, new SplittableRandom(seed).nextLong());
    return rows.stream().map(r -> r.error() > tolerance ? r.within(condition.bar(r.tensor(), tolerance)) : r).toList();
  }

  /** Where element {@code at} stands in an array of this shape, each index from 0. */
  static String place(int at, int[] shape) {
    if (shape.length == 0) return "";                         // a number
    var indices = new int[shape.length];
    for (int i = shape.length - 1, rest = at; i >= 0; rest /= shape[i--]) indices[i] = rest % shape[i];
    return Arrays.toString(indices);
  }
}
