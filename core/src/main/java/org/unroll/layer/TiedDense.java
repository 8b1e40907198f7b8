package org.unroll.layer;

import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * A dense layer whose matrix is an embedding's table, turned (Press & Wolf 2017).
 * (1) y = x Eᵀ + b;  (B1) δx = δy E  (B2) δE += δyᵀ x  (B3) δb += Σ δy.
 *
 * @param E [outputs, inputs], owned by an {@link Embedding}
 */
public record TiedDense(Param E, Param b) implements Layer {

  /** Declares the bias {@code name.b} [outputs]; the matrix is {@code table} [outputs, inputs]. */
  public static TiedDense of(String name, Param table, Params ps) {
    return new TiedDense(table, ps.add(name + ".b", 1, table.rows(), new Init.Constant(0)));
  }

  /** @param x [T, N, inputs]; y [T, N, outputs] */
  public record Trace(TiedDense layer, Run run, Batch x, Batch y) implements Pass {
    @Override public State out() { return State.ZERO; }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      run.requireKept();
      var k = run.k();
      var dx = run.ws().raw(x.x().steps(), x.x().rows(), x.x().cols());
      var e = run.weights().columns(layer.E);
      Rows.parallel(k, x, (from, rows) -> k.product(dy, from, rows, e, dx, from, null, false));        // (B1)
      var dE = layer.E.of(into.array());
      var db = layer.b.of(into.array());
      Rows.alive(x, (from, rows) -> {
        k.outer(dy, from, x.x(), from, rows, dE);                                                      // (B2)
        k.columnSums(dy, from, rows, db);                                                              // (B3)
      });
      return new Gradient(dx, State.ZERO);
    }
  }

  @Override public int width() { return E.rows(); }

  @Override public Pass forward(Batch x, State in, Run run) {
    var y = run.ws().raw(x.x().steps(), x.x().rows(), width());
    var eT = run.weights().transposed(E);
    var bias = run.weights().of(b);
    Rows.parallel(run.k(), x, (from, rows) -> run.k().product(x.x(), from, rows, eT, y, from, bias, false));   // (1)
    return new Trace(this, run, x, x.with(y));
  }

  @Override public Stepper open(Slab x, Run run) {
    var y = Slab.zeros(1, x.rows(), width());
    var eT = run.weights().transposed(E);
    var bias = run.weights().of(b);
    return new Memoryless(y, rows -> run.k().product(x, 0, rows, eT, y, 0, bias, false));
  }
}
