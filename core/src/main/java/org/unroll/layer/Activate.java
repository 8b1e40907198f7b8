package org.unroll.layer;

import org.unroll.kernel.Activation;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/** (1) y = f(x), step by step;  (B1) δx of δy, as {@link Activation} has it. What makes a {@link Dense} a layer of neurons. */
public record Activate(int width, Activation f) implements Layer {

  /** @param y [T, N, width] */
  public record Trace(Activate layer, Run run, Batch y) implements Pass {
    @Override public State out() { return State.ZERO; }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      var dx = run.ws().raw(dy.steps(), dy.rows(), dy.cols());
      Rows.parallel(run.k(), y, (from, rows) -> layer.f.backward(y.x(), from, dy, from, dx, from, rows));   // (B1)
      return new Gradient(dx, State.ZERO);
    }
  }

  @Override public Pass forward(Batch x, State in, Run run) {
    var y = run.ws().raw(x.x().steps(), x.x().rows(), width);
    Rows.parallel(run.k(), x, (from, rows) -> apply(x.x(), y, from, rows, run));
    return new Trace(this, run, x.with(y));
  }

  private void apply(Slab x, Slab y, int from, int rows, Run run) {
    run.k().copy(x, from, y, from, rows);
    f.forward(run.k(), y, from, rows);                                                                 // (1)
  }

  @Override public Stepper open(Slab x, Run run) {
    var y = Slab.zeros(1, x.rows(), width);
    return new Memoryless(y, rows -> apply(x, y, 0, rows, run));
  }
}
