package org.unroll.layer;

import java.util.List;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Blend;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/**
 * A layer with a gated way around it (Srivastava, Greff, Schmidhuber 2015, eq. 3; between recurrent layers Zhang et al. 2016 and
 * Zilly et al. 2017): the gate t says unit by unit how much of f is put out, and how much of x is carried on. b starts negative:
 * at first nearly all is carried, however deep the stack.
 * <pre>
 *   (1) t = σ(x W + b)                   (B1) δf = δy ⊙ t,  δt = δy ⊙ (f(x) − x)
 *   (2) y = t ⊙ f(x) + (1 − t) ⊙ x       (B2) δz = δt ⊙ t ⊙ (1 − t),  δW and δb by the layer z = x W + b
 *                                        (B3) δx = δy ⊙ (1 − t) + (δx of f for δf) + δz Wᵀ
 * </pre>
 *
 * @param body f, any layer as wide as its input; its state is this layer's
 * @param gate z: W [K, K] and b [K]
 */
public record Highway(Layer body, Dense gate) implements Layer {

  public Highway {
    Residual.requireEqual("a highway connection", "y = t ⊙ f(x) + (1 − t) ⊙ x", gate.W().rows(), body.width());
  }

  /**
   * Declares {@code name.W} and {@code name.b}.
   *
   * @param inputs columns of x: as many as {@code body} gives
   * @param bias where b starts
   */
  public static Highway of(String name, int inputs, Layer body, Init init, float bias, Params ps) {
    var W = ps.add(name + ".W", inputs, inputs, init);
    return new Highway(body, new Dense(W, ps.add(name + ".b", 1, inputs, new Init.Constant(bias))));
  }

  /**
   * @param x what was given [T, N, K]
   * @param f pass of the layer within
   * @param z pass of the gate's net input
   * @param t pass of the gate
   */
  public record Trace(Run run, Batch x, Pass f, Pass z, Pass t, Batch y) implements Pass {
    @Override public State out() { return f.out(); }

    @Override public List<Pass> inner() { return List.of(f, z, t); }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      var k = run.k();
      Slab df = like(dy), dt = like(dy), dx = like(dy);
      Rows.parallel(k, x, (from, rows) -> Blend.backward(t.y().x(), f.y().x(), x.x(), dy, df, dt, dx, from, rows));   // (B1)
      var gf = f.backward(df, dOut, into);
      var gz = z.backward(t.backward(dt, State.ZERO, into).dx(), State.ZERO, into);                    // (B2)
      Rows.parallel(k, x, (from, rows) -> {
        k.add(gf.dx(), from, dx, from, rows);
        k.add(gz.dx(), from, dx, from, rows);                                                          // (B3)
      });
      return new Gradient(dx, gf.dIn());
    }

    private Slab like(Slab s) { return run.ws().raw(s.steps(), s.rows(), s.cols()); }
  }

  @Override public int width() { return body.width(); }

  @Override public List<Layer> inner() { return List.of(body, gate); }

  private Activate sigma() { return new Activate(width(), Activation.SIGMOID); }

  @Override public Pass forward(Batch x, State in, Run run) {
    var f = body.forward(x, in, run);
    var z = gate.forward(x, State.ZERO, run);
    var t = sigma().forward(z.y(), State.ZERO, run);                                                   // (1)
    var y = run.ws().raw(x.x().steps(), x.x().rows(), width());
    Rows.parallel(run.k(), x, (from, rows) -> Blend.forward(t.y().x(), f.y().x(), x.x(), y, from, rows));             // (2)
    return new Trace(run, x, f, z, t, x.with(y));
  }

  @Override public Stepper open(Slab x, Run run) {
    var f = body.open(x, run);
    var z = gate.open(x, run);
    var t = sigma().open(z.y(), run);
    var y = Slab.zeros(1, x.rows(), width());
    return new Around(f, y, rows -> {
      z.step(rows);
      t.step(rows);
      Blend.forward(t.y(), f.y(), x, y, 0, rows);
    });
  }
}
