package org.unroll.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * A layer's gradient against central differences of its own loss, one direction for each tensor. Works without a reference,
 * in float: single elements drown in rounding, a whole direction does not. Directions agree with most of the gradient's
 * signs, so that their derivative is never small by chance.
 */
final class Directional {
  /** Relative. */
  static final double TOLERANCE = 1e-3;

  private static final double[] STEPS = {4e-3, 1e-3, 1e-3, 5e-4};

  private Directional() {}

  /** One tensor, row by row, of so many columns: its values now, ∂L/∂values, and L with other values. */
  record Tensor(String name, int cols, double[] values, double[] gradient, ToDoubleFunction<double[]> loss) {}

  /** Along one direction: by backward, and by differences. */
  record Slope(String tensor, int entries, double backward, double differences, double floor) {
    double error() {
      double off = Math.max(0, Math.abs(backward - differences) - floor);
      return off == 0 ? 0 : off / Math.max(Math.abs(backward), Math.abs(differences));
    }

    boolean ok() { return error() <= TOLERANCE; }
  }

  /** One slope for each parameter, the input (unless it is ids) and each part of the first state. */
  static List<Slope> slopes(Rig rig, long seed) {
    double noise = rig.noise();
    return tensors(rig).stream().map(t -> slope(t, noise, seed)).toList();
  }

  /** A kink within the step spoils a difference, so one that disagrees is tried again with others. */
  private static Slope slope(Tensor t, double noise, long seed) {
    Slope s = null;
    for (int i = 0; i < STEPS.length; i++) {
      s = slope(t, STEPS[i], noise, new SplittableRandom(seed + i));
      if (s.ok()) return s;
    }
    return s;
  }

  private static Slope slope(Tensor t, double h, double noise, SplittableRandom random) {
    int n = t.values.length;
    var up = new double[n];
    var down = new double[n];
    double backward = 0;
    for (int i = 0; i < n; i++) {
      double v = (t.gradient[i] < 0 ? -1 : 1) * (random.nextInt(4) == 0 ? -1 : 1) / Math.sqrt(n);
      up[i] = (float) (t.values[i] + h * v);
      down[i] = (float) (t.values[i] - h * v);
      backward += t.gradient[i] * (up[i] - down[i]) / (2 * h);
    }
    double differences = (t.loss.applyAsDouble(up) - t.loss.applyAsDouble(down)) / (2 * h);
    return new Slope(t.name, n, backward, differences, noise / h);
  }

  static List<Tensor> tensors(Rig rig) {
    var r = rig.both();
    var list = new ArrayList<Tensor>();
    for (var p : rig.ps().all()) {
      list.add(new Tensor(p.name(), p.of(rig.ps().array()).cols(), Slabs.flat(p.of(rig.ps().array())),
          Slabs.flat(p.of(r.grads().array())), v -> {
        var moved = rig.ps().copy();
        set(p.of(moved.array()), v);
        moved.touch();
        return rig.with(moved).loss();
      }));
    }
    var x = rig.x();
    if (r.dx() != null) {
      list.add(new Tensor("x", x.x().cols(), Slabs.alive(x.x(), x), Slabs.alive(r.dx(), x), v -> rig.withX(Slabs.unflat(v, x.x())).loss()));
    }
    for (int i = 0; i < rig.in().parts().size(); i++) {
      var part = rig.in().part(i);
      int at = i;
      list.add(new Tensor("state " + i, part.cols(), Slabs.flat(part), Slabs.flat(r.dIn().part(i)), v -> {
        var parts = new ArrayList<>(rig.in().parts());
        parts.set(at, Slabs.unflat(v, part));
        return rig.withIn(new State(parts)).loss();
      }));
    }
    return list;
  }

  /** The head alone, on these hidden states: one slope for each parameter (0 for those it has not), and one for the states. */
  static List<Slope> slopes(Head<Slab> head, Params ps, Kernels k, Batch h, Slab target, long seed) {
    var loss = loss(head, ps, k, h, target);
    var grads = new Grads(ps);
    var dh = loss.backward(grads);
    var list = new ArrayList<Tensor>();
    for (var p : ps.all()) {
      list.add(new Tensor(p.name(), p.of(ps.array()).cols(), Slabs.flat(p.of(ps.array())), Slabs.flat(p.of(grads.array())), v -> {
        var moved = ps.copy();
        set(p.of(moved.array()), v);
        return loss(head, moved, k, h, target).mean();
      }));
    }
    list.add(new Tensor("h", h.x().cols(), Slabs.alive(h.x(), h), Slabs.alive(dh, h),
        v -> loss(head, ps, k, h.with(Slabs.unflat(v, h.x())), target).mean()));
    double noise = Math.abs(loss.mean()) / Math.sqrt(loss.count()) * 0x1p-22;
    return list.stream().map(t -> slope(t, noise, seed)).toList();
  }

  private static Head.Loss loss(Head<Slab> head, Params ps, Kernels k, Batch h, Slab target) {
    return head.loss(h, target, Run.evaluation(new Weights(ps, k), new Workspace()));
  }

  private static void set(Slab s, double[] v) {
    for (int r = 0; r < s.height(); r++) for (int k = 0; k < s.cols(); k++) s.set(r, k, (float) v[r * s.cols() + k]);
  }
}
