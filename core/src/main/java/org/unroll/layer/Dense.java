package org.unroll.layer;

import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/** (1) y = x W + b;  (B1) δx = δy Wᵀ  (B2) δW += xᵀ δy  (B3) δb += Σ δy. */
public record Dense(Param W, Param b) implements Layer {

  /** W is [inputs, outputs]. */
  public static Dense of(String name, int inputs, int outputs, Init init, Params ps) {
    return new Dense(ps.add(name + ".W", inputs, outputs, init), ps.add(name + ".b", 1, outputs, new Init.Constant(0)));
  }

  /** @param x [T, N, inputs]; y [T, N, outputs] */
  public record Trace(Dense layer, Run run, Batch x, Batch y) implements Pass {
    @Override public State out() { return State.ZERO; }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      run.requireKept();
      var k = run.k();
      var dx = run.ws().raw(x.x().steps(), x.x().rows(), x.x().cols());
      var wT = run.weights().transposed(layer.W);
      Rows.parallel(k, x, (from, rows) -> k.product(dy, from, rows, wT, dx, from, null, false));       // (B1)
      var dW = layer.W.of(into.array());
      var db = layer.b.of(into.array());
      Rows.alive(x, (from, rows) -> {
        k.outer(x.x(), from, dy, from, rows, dW);                                                      // (B2)
        k.columnSums(dy, from, rows, db);                                                              // (B3)
      });
      return new Gradient(dx, State.ZERO);
    }
  }

  @Override public int width() { return W.cols(); }

  @Override public Pass forward(Batch x, State in, Run run) {
    var y = run.ws().raw(x.x().steps(), x.x().rows(), width());
    var w = run.weights().columns(W);
    var bias = run.weights().of(b);
    Rows.parallel(run.k(), x, (from, rows) -> run.k().product(x.x(), from, rows, w, y, from, bias, false));    // (1)
    return new Trace(this, run, x, x.with(y));
  }

  @Override public Stepper open(Slab x, Run run) {
    var y = Slab.zeros(1, x.rows(), width());
    var w = run.weights().columns(W);
    var bias = run.weights().of(b);
    return new Memoryless(y, rows -> run.k().product(x, 0, rows, w, y, 0, bias, false));
  }
}
