package org.unroll.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unroll.cell.Cell;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Input;
import org.unroll.layer.Layer;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * A layer with everything that its two passes need. The loss is L = Σ dy ⊙ y + Σ dOut ⊙ out, so any gradient that can come
 * from above is tried.
 *
 * @param x [T, N, X]
 * @param in state before the first step
 * @param dy ∂L/∂y [T, N, width]
 * @param dOut ∂L/∂(final state)
 */
record Rig(Layer layer, Params ps, Kernels k, Batch x, State in, Slab dy, State dOut) {

  /** What both passes gave. */
  record Result(Pass pass, Slab dx, State dIn, Grads grads) {}

  /** A cell alone, with weights of order one half and a state to start from. */
  static Rig of(Cell cell, Kernels k, int inputs, int units, Recurrent.Direction d, int[] lengths, long seed) {
    var ps = new Params();
    var half = new Init.Uniform(0.5f);
    var layer = Recurrent.of("cell", cell, Input.of(inputs), units, d, new Recurrent.Inits(half, half, 1), ps);
    fill(ps, 0.5f, seed);
    var alive = Slabs.reach(lengths);
    var ids = new long[lengths.length];
    for (int n = 0; n < ids.length; n++) ids[n] = n;
    var x = new Batch(Slabs.random(alive.length, lengths.length, inputs, 1, seed, 100), alive, ids);
    return of(layer, ps, k, x, seed);
  }

  /** Any layer, with a random state to start from and random gradients from above. */
  static Rig of(Layer layer, Params ps, Kernels k, Batch x, long seed) {
    var in = new ArrayList<Slab>();
    var dOut = new ArrayList<Slab>();
    int N = x.x().rows();
    for (var m : layer.memories()) {
      in.add(Slabs.random(m.slots(), N, m.width(), 1, seed, 101 + in.size()));
      dOut.add(Slabs.random(m.slots(), N, m.width(), 1, seed, 201 + in.size()));
      within(m, in.getLast());
    }
    var dy = Slabs.random(x.x().steps(), N, layer.width(), 1, seed, 301);
    return new Rig(layer, ps, k, x, new State(in), dy, new State(dOut));
  }

  /** Moves the slots that have a least value above it. */
  private static void within(Layer.Memory memory, Slab state) {
    for (int i = 0; i < memory.slots(); i++) {
      float least = memory.least().get(i);
      if (least == Float.NEGATIVE_INFINITY) continue;
      for (int r = i * state.rows(); r < (i + 1) * state.rows(); r++) {
        for (int k = 0; k < state.cols(); k++) state.set(r, k, least + Math.abs(state.get(r, k)));
      }
    }
  }

  /** Every weight anew, uniform on (−bound, bound): biases and weights per unit too. */
  static void fill(Params ps, float bound, long seed) {
    var rng = new Philox(seed, Philox.Stream.INIT);
    for (int i = 0; i < ps.all().size(); i++) new Init.Uniform(bound).fill(ps.all().get(i).of(ps.array()), rng, i);
    ps.touch();
  }

  Rig with(Params other) { return new Rig(layer, other, k, x, in, dy, dOut); }

  Rig with(Kernels other) { return new Rig(layer, ps, other, x, in, dy, dOut); }

  Rig with(Layer other) { return new Rig(other, ps, k, x, in, dy, dOut); }

  Rig withX(Slab other) { return new Rig(layer, ps, k, x.with(other), in, dy, dOut); }

  Rig withIn(State other) { return new Rig(layer, ps, k, x, other, dy, dOut); }

  Rig withDy(Slab other) { return new Rig(layer, ps, k, x, in, other, dOut); }

  Rig withDOut(State other) { return new Rig(layer, ps, k, x, in, dy, other); }

  /** Row n of the batch, alone. */
  Rig row(int n) {
    int steps = x.length(n);
    var alone = new Batch(Slabs.row(x.x(), n, steps), Slabs.reach(steps), new long[] {x.ids()[n]});
    return new Rig(layer, ps, k, alone, Slabs.row(in, n), Slabs.row(dy, n, steps), Slabs.row(dOut, n));
  }

  /** Steps {@code from} (inclusive) to {@code to} (exclusive), starting in another state. */
  Rig chunk(int from, int to, State start) {
    var alive = Arrays.copyOfRange(x.alive(), from, to);
    return new Rig(layer, ps, k, new Batch(x.x().steps(from, to), alive, x.ids()), start, dy.steps(from, to), dOut);
  }

  Run run(Workspace ws) { return Run.evaluation(new Weights(ps, k), ws); }

  Pass forward() { return layer.forward(x, in, run(new Workspace())); }

  Result both() { return backward(forward()); }

  Result backward(Pass pass) {
    var grads = new Grads(ps);
    var g = pass.backward(dy, dOut, grads);
    return new Result(pass, g.dx(), g.dIn(), grads);
  }

  /** L, summed in double. */
  double loss() { return terms().stream().mapToDouble(Double::doubleValue).sum(); }

  /** How far rounding in float may move L: about one unit in the last place of each term, added as errors add. */
  double noise() {
    double sum = 0;
    for (double term : terms()) sum += term * term;
    return Math.sqrt(sum) * 0x1p-22;
  }

  private List<Double> terms() {
    var pass = forward();
    var terms = new ArrayList<Double>();
    multiply(Slabs.alive(dy, x), Slabs.alive(pass.y().x(), x), terms);
    for (int i = 0; i < dOut.parts().size(); i++) multiply(Slabs.flat(dOut.part(i)), Slabs.flat(pass.out().part(i)), terms);
    return terms;
  }

  private static void multiply(double[] a, double[] b, List<Double> terms) {
    for (int i = 0; i < a.length; i++) terms.add(a[i] * b[i]);
  }
}
