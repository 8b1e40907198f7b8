package org.unroll.layer;

import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/**
 * A layer with a way around it (He, Zhang, Ren, Sun 2016, eq. 1): what f learns is added to what it was given.
 * <pre>
 *   (1) y = x + f(x)                     (B1) δx = δy + (δx of f for δy)
 * </pre>
 *
 * @param inputs columns of x: as many as f gives
 * @param body f, any layer; its state is this layer's
 */
public record Residual(int inputs, Layer body) implements Layer {

  public Residual {
    requireEqual("a residual connection", "y = x + f(x)", inputs, body.width());
  }

  /** C014 where what is given cannot be combined with what was taken, element by element. */
  static void requireEqual(String who, String rule, int takes, int gives) {
    if (takes == gives) return;
    throw Fault.of(Code.C014, "%s takes %d columns, the layers in it give %d", who, takes, gives)
        .because("%s needs both equally wide", rule).mend("make the last layer in it %d wide", takes)
        .mend("make the layer below it %d wide", gives);
  }

  /**
   * @param x what was given [T, N, K]
   * @param f pass of the layer within
   */
  public record Trace(Run run, Batch x, Pass f, Batch y) implements Pass {
    @Override public State out() { return f.out(); }

    @Override public List<Pass> inner() { return List.of(f); }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      var k = run.k();
      var g = f.backward(dy, dOut, into);
      var dx = run.ws().raw(dy.steps(), dy.rows(), dy.cols());
      Rows.parallel(k, x, (from, rows) -> {
        k.copy(dy, from, dx, from, rows);
        k.add(g.dx(), from, dx, from, rows);                                                           // (B1)
      });
      return new Gradient(dx, g.dIn());
    }
  }

  @Override public int width() { return body.width(); }

  @Override public List<Layer> inner() { return List.of(body); }

  @Override public Pass forward(Batch x, State in, Run run) {
    var f = body.forward(x, in, run);
    var y = run.ws().raw(x.x().steps(), x.x().rows(), width());
    Rows.parallel(run.k(), x, (from, rows) -> apply(x.x(), f.y().x(), y, from, rows, run));
    return new Trace(run, x, f, x.with(y));
  }

  private static void apply(Slab x, Slab f, Slab y, int from, int rows, Run run) {
    run.k().copy(x, from, y, from, rows);
    run.k().add(f, from, y, from, rows);                                                               // (1)
  }

  @Override public Stepper open(Slab x, Run run) {
    var f = body.open(x, run);
    var y = Slab.zeros(1, x.rows(), width());
    return new Around(f, y, rows -> apply(x, f.y(), y, 0, rows, run));
  }
}
