package org.unroll.layer;

import java.util.List;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Packed;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * Jordan's network (Jordan 1986; Li Hang, Machine Learning Methods, exercise 25.1): what comes back at the next step is not the
 * hidden state, as with Elman, but the network's output. The layer puts out h; the head on it has the same V and c, and makes
 * the same z of it. The gradient goes through the feedback as through everything else.
 * <pre>
 *   (1) a = x W + p' U + b               (B1) δz  from δp by f
 *   (2) h = tanh a                       (B2) δh  += δz Vᵀ
 *   (3) z = h V + c                      (B3) δa  = δh ⊙ (1 − h²)
 *   (4) p = f(z)                         (B4) δp' = δa Uᵀ
 * </pre>
 * f is softmax in the book; without one, the scores come back. Before the first step p is 0, unless it is given.
 *
 * @param feedback f
 * @param W [X, H]
 * @param U [K, H]
 * @param b [H]
 * @param V [H, K], of the head
 * @param c [K], of the head
 */
public record Jordan(Input input, Activation feedback, Param W, Param U, Param b, Param V, Param c) implements Layer {

  /**
   * @param name of W, U and b
   * @param output of the head, which has V as its W and c as its b
   * @param start how V starts
   */
  public static Jordan of(String name, String output, Input in, int units, int outputs, Activation feedback, Recurrent.Inits init,
      Init start, Params ps) {
    var W = ps.add(name + ".W", in.width(), units, init.input());
    var U = ps.add(name + ".U", outputs, units, init.recurrent());
    var b = ps.add(name + ".b", 1, units, new Init.Constant(0));
    var V = ps.add(output + ".W", units, outputs, start);
    return new Jordan(in, feedback, W, U, b, V, ps.add(output + ".b", 1, outputs, new Init.Constant(0)));
  }

  /** The output matrix that head and feedback share. */
  public Dense output() { return new Dense(V, c); }

  /**
   * @param h hidden states [T, N, H]
   * @param p what is fed back [T + 1, N, K]: that before the first step included
   */
  public record Trace(Jordan layer, Run run, Batch x, Batch h, Slab p, State out) implements Pass {
    @Override public Batch y() { return h; }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) { return layer.backward(this, dy, dOut, into); }
  }

  @Override public int width() { return W.cols(); }

  /** K: columns of what is fed back. */
  public int outputs() { return V.cols(); }

  @Override public List<Memory> memories() { return List.of(Memory.of(outputs(), 1)); }

  @Override public Trace forward(Batch x, State in, Run run) {
    int T = x.x().steps(), N = x.x().rows();
    var ws = run.ws();
    var xW = ws.raw(T, N, width());
    var h = ws.raw(T, N, width());
    var p = ws.raw(T + 1, N, outputs());
    start(in.part(0), p, 0);
    var step = new Step(run, x.x(), xW, h, p);
    Rows.split(run.k(), N, (n0, count) -> {
      for (int t = 0; t < T; t++) {
        int rows = Math.min(x.alive()[t] - n0, count), row = t * N + n0;
        if (rows > 0) step.forward(row, row, row + N, rows);
      }
    });
    var out = ws.raw(1, N, outputs());
    for (int n = 0; n < N; n++) out.setRow(n, p, x.length(n) * N + n);
    return new Trace(this, run, x, x.with(h), p, new State(List.of(out)));
  }

  /** Rows of p from {@code row} on are those of {@code from}, or zeros. */
  private static void start(Slab from, Slab p, int row) {
    for (int n = 0; n < p.rows(); n++) {
      if (from == null) p.fillRow(row + n, 0f);
      else p.setRow(row + n, from, n);
    }
  }

  /** One step for some rows; shared by loop and stepper. */
  private final class Step {
    private final Run run;
    private final Slab x, xW, h, p, bias, offset;
    private final Packed w, u, v;

    Step(Run run, Slab x, Slab xW, Slab h, Slab p) {
      this.run = run;
      this.x = x;
      this.xW = xW;
      this.h = h;
      this.p = p;
      this.bias = run.weights().of(b);
      this.offset = run.weights().of(c);
      this.w = input.ids() ? null : run.weights().columns(W);
      this.u = run.weights().columns(U);
      this.v = run.weights().columns(V);
    }

    /** From {@code row} of x and h, {@code prev} and {@code next} of p. */
    void forward(int row, int prev, int next, int rows) {
      var k = run.k();
      if (w == null) k.lookup(run.weights().of(W), x, xW, row, rows);
      else k.product(x, row, rows, w, xW, row, null, false);
      k.product(p, prev, rows, u, h, row, bias, false);                                                // (1)
      k.add(xW, row, h, row, rows);                                                                    // (1)
      Activation.TANH.forward(k, h, row, rows);                                                        // (2)
      k.product(h, row, rows, v, p, next, offset, false);                                              // (3)
      feedback.forward(k, p, next, rows);                                                              // (4)
    }
  }

  private Pass.Gradient backward(Trace tr, Slab dy, State dOut, Grads into) {
    int T = dy.steps(), N = dy.rows();
    tr.run.requireKept();
    var k = tr.run.k();
    var ws = tr.run.ws();
    var da = ws.raw(T, N, width());
    var dz = ws.raw(T, N, outputs());
    var dp = ws.raw(1, N, outputs());
    start(dOut.part(0), dp, 0);
    var h = tr.h.x();
    var vT = tr.run.weights().transposed(V);
    var uT = tr.run.weights().transposed(U);
    Rows.split(k, N, (n0, count) -> {
      for (int t = T - 1; t >= 0; t--) {
        int rows = Math.min(tr.x.alive()[t] - n0, count), row = t * N + n0;
        if (rows <= 0) continue;
        feedback.backward(tr.p, row + N, dp, n0, dz, row, rows);                                       // (B1)
        k.product(dz, row, rows, vT, da, row, null, false);                                            // (B2)
        k.add(dy, row, da, row, rows);                                                                 // (B2)
        Activation.TANH.backward(h, row, da, row, da, row, rows);                                      // (B3)
        k.product(da, row, rows, uT, dp, n0, null, false);                                             // (B4)
      }
    });
    weights(tr, da, dz, into);
    return new Pass.Gradient(input(tr, da), new State(List.of(dp)));
  }

  private void weights(Trace tr, Slab da, Slab dz, Grads into) {
    float[] g = into.array();
    var k = tr.run.k();
    Rows.alive(tr.x, (from, rows) -> {
      if (input.ids()) k.scatter(tr.x.x(), da, W.of(g), from, rows);
      else k.outer(tr.x.x(), from, da, from, rows, W.of(g));                                           // δW += xᵀ δa
      k.outer(tr.p, from, da, from, rows, U.of(g));                                                    // δU += p'ᵀ δa
      k.columnSums(da, from, rows, b.of(g));                                                           // δb += Σ δa
      k.outer(tr.h.x(), from, dz, from, rows, V.of(g));                                                // δV += hᵀ δz
      k.columnSums(dz, from, rows, c.of(g));                                                           // δc += Σ δz
    });
  }

  /** δx = δa Wᵀ; null where x are ids. */
  private Slab input(Trace tr, Slab da) {
    if (input.ids()) return null;
    var x = tr.x.x();
    var dx = tr.run.ws().raw(x.steps(), x.rows(), x.cols());
    var wT = tr.run.weights().transposed(W);
    Rows.parallel(tr.run.k(), tr.x, (from, rows) -> tr.run.k().product(da, from, rows, wT, dx, from, null, false));
    return dx;
  }

  @Override public Stepper open(Slab x, Run run) { return new Opened(x, run); }

  /** Two rows of feedback that take turns. */
  private final class Opened implements Stepper {
    private final Slab y, p;
    private final Step step;
    private final State out;
    private int now;

    Opened(Slab x, Run run) {
      int N = x.rows();
      y = Slab.zeros(1, N, width());
      p = Slab.zeros(2, N, outputs());
      step = new Step(run, x, Slab.zeros(1, N, width()), y, p);
      out = new State(List.of(Slab.zeros(1, N, outputs())));
    }

    @Override public Slab y() { return y; }

    @Override public void step(int rows) {
      step.forward(0, now * y.rows(), (1 - now) * y.rows(), rows);
      now = 1 - now;
    }

    @Override public State state(int rows) {
      for (int n = 0; n < rows; n++) out.part(0).setRow(n, p, now * y.rows() + n);
      return out;
    }

    @Override public void resume(int rows) {
      for (int n = 0; n < rows; n++) p.setRow(now * y.rows() + n, out.part(0), n);
    }

    @Override public void set(State s) { start(s.part(0), p, now * y.rows()); }
  }
}
