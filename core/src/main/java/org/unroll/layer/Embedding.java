package org.unroll.layer;

import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/** Row lookup: x is [T, N, 1] of ids, y is [T, N, E]. (1) y = E[x];  (B1) δE[x] += δy. Ids have no gradient. */
public record Embedding(Param E) implements Layer {

  /** Declares the table {@code name.E} [vocabulary, width]. */
  public static Embedding of(String name, int vocabulary, int width, Init init, Params ps) {
    return new Embedding(ps.add(name + ".E", vocabulary, width, init));
  }

  /** @param ids [T, N, 1]; y [T, N, E] */
  public record Trace(Embedding layer, Run run, Batch ids, Batch y) implements Pass {
    @Override public State out() { return State.ZERO; }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      run.requireKept();
      var dE = layer.E.of(into.array());
      Rows.alive(ids, (from, rows) -> run.k().scatter(ids.x(), dy, dE, from, rows));                   // (B1)
      return new Gradient(null, State.ZERO);
    }
  }

  @Override public int width() { return E.cols(); }

  @Override public Pass forward(Batch ids, State in, Run run) {
    var y = run.ws().raw(ids.x().steps(), ids.x().rows(), width());
    var table = run.weights().of(E);
    Rows.alive(ids, (from, rows) -> run.k().lookup(table, ids.x(), y, from, rows));                    // (1)
    return new Trace(this, run, ids, ids.with(y));
  }

  @Override public Stepper open(Slab ids, Run run) {
    var y = Slab.zeros(1, ids.rows(), width());
    var table = run.weights().of(E);
    return new Memoryless(y, rows -> run.k().lookup(table, ids, y, 0, rows));
  }
}
