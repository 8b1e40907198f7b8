package org.unroll.tasks.lesson;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.look.CellWalk;
import org.unroll.look.Walk;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.reference.Traced;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * A recurrent layer over one sequence, judged at its last step: by the reference in double, where all numbers of a lesson come
 * from, and by the kernels in float, which must say the same.
 *
 * @param cell its name
 * @param x [T][X]
 * @param traced the reference: arrays {@code rnn.W}, {@code rnn.R}, {@code rnn.b}, {@code rnn.S}, {@code rnn.h0}, {@code x}
 * @param kernels the pass of the kernels
 * @param gap the largest difference between the two: states and gradients, relative where they are above 1
 */
record LayerNumbers(String cell, double[][] x, int units, Traced traced, CellWalk kernels, double gap) {

  /**
   * With L = ½ Σ (h − y)² at the last step, or where {@code target} is null L = Σ dh ⊙ h.
   *
   * @param arrays W, R, b, S as the cell has them, h0 and the like, by these names
   */
  static LayerNumbers of(String cell, double[][] x, int units, Map<String, double[]> arrays, double[] target, double[] dh) {
    int T = x.length, X = x[0].length;
    var values = new LinkedHashMap<String, double[]>();
    arrays.forEach((name, v) -> values.put("rnn." + name, v));
    values.put("x", flat(x));
    var dy = new double[T * units];
    if (target == null) System.arraycopy(dh, 0, dy, (T - 1) * units, units);
    ReferenceLoss loss = target == null ? new ReferenceLoss.Linear(dy, Map.of())
        : new ReferenceLoss.SquaredError(ReferenceLoss.At.LAST_STEP, target, 1);
    var traced = new ReferenceModel(new ReferenceLayer.Recurrent("rnn", cell, X, units, false))
        .traced(Sequences.ofVectors(X, T), values, loss);
    var ps = new Params();
    var zero = new Init.Constant(0);
    var layer = Recurrent.of("rnn", Cells.find(cell), Input.of(X), units, Recurrent.Direction.FORWARD,
        new Recurrent.Inits(zero, zero, 0), ps);
    for (var p : ps.all()) set(p.of(ps.array()), values.get(p.name()));
    ps.touch();
    var in = Slab.zeros(layer.cell().slots().size(), 1, units);
    for (int s = 0; s < in.steps(); s++) {
      var first = arrays.get(layer.cell().slots().get(s) + "0");
      if (first != null) set(in.step(s), first);
    }
    var pass = layer.forward(Batch.full(slab(x), new long[1]), new State(List.of(in)),
        Run.evaluation(new Weights(ps, Kernels.scalar()), new Workspace()));
    var walk = (CellWalk) Walk.within(pass).getFirst();
    var up = Slab.zeros(T, 1, units);
    for (int u = 0; u < units; u++) {
      up.set(T - 1, u, (float) (target == null ? dh[u] : walk.after(0, T - 1, u) - target[u]));
    }
    var grads = new Grads(ps);
    pass.backward(up, State.ZERO, grads);
    double gap = 0;
    for (var p : ps.all()) {
      for (int i = 0; i < p.size(); i++) gap = Math.max(gap, off(grads.array()[p.offset() + i], traced.gradient(p.name(), i)));
    }
    for (int u = 0; u < units; u++) {
      gap = Math.max(gap, off(walk.after(0, T - 1, u), traced.value("rnn.h[" + T + "][" + (u + 1) + "]")));
    }
    return new LayerNumbers(cell, x, units, traced, walk, gap);
  }

  static double off(double got, double want) { return Math.abs(got - want) / Math.max(1, Math.abs(want)); }

  static double[] flat(double[][] rows) {
    var v = new double[rows.length * rows[0].length];
    for (int i = 0; i < v.length; i++) v[i] = rows[i / rows[0].length][i % rows[0].length];
    return v;
  }

  /** Rows as [T, 1, K]. */
  static Slab slab(double[][] rows) {
    var s = Slab.zeros(rows.length, 1, rows[0].length);
    set(s, flat(rows));
    return s;
  }

  static void set(Slab s, double[] values) {
    for (int i = 0; i < values.length; i++) s.set(i / s.cols(), i % s.cols(), (float) values[i]);
  }

  static double[] doubles(Slab s) {
    var v = new double[s.height() * s.cols()];
    for (int i = 0; i < v.length; i++) v[i] = s.get(i / s.cols(), i % s.cols());
    return v;
  }

  int inputs() { return x[0].length; }

  /** Columns of an array of weights: W, R. */
  int cols(String array) {
    var layout = Cells.find(cell).layout();
    return units * (array.equals("W") ? layout.byW() : layout.byR());
  }

  /** What unit u of a letter is called at the last step. */
  private String name(String letter, int u) { return "rnn." + letter + "[" + x.length + "][" + (u + 1) + "]"; }

  double value(String letter, int u) { return traced.value(name(letter, u)); }

  double gradient(String letter, int u) { return traced.gradient(name(letter, u)); }

  double difference(String letter, int u) { return traced.difference(name(letter, u)); }
}
