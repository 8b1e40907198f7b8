package org.unroll.layer;

import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/**
 * Activation regularisation (Merity, Keskar and Socher 2018; its second term after Krueger and Memisevic 2016): the output is the
 * input, and in training the loss has a penalty on large values and one on fast changes.
 * <pre>
 *   (1) L += α mean(x²) + β mean((x_t − x_{t−1})²)
 *   (B1) δx_t = δy_t + 2α / count ⊙ x_t
 *   (B2) δx_t     += 2β / pairs ⊙ (x_t − x_{t−1})
 *   (B3) δx_{t−1} −= 2β / pairs ⊙ (x_t − x_{t−1})
 * </pre>
 * The first mean is over all numbers of a batch, the second over those that have one before them in it: the first step of a window
 * of truncated backpropagation has none.
 *
 * @param l2 α
 * @param temporal β
 */
public record Activity(int width, double l2, double temporal) implements Layer {

  /** @param x both input and output [T, N, width] */
  public record Trace(Activity layer, Run run, Batch x) implements Pass {
    @Override public Batch y() { return x; }

    @Override public State out() { return State.ZERO; }

    /** What joins the loss. */
    public double penalty() {
      double squares = 0, changes = 0;
      int N = x.x().rows();
      for (int t = 0; t < x.alive().length; t++) {
        for (int r = t * N; r < t * N + x.alive()[t]; r++) {
          squares += squares(r, -1);
          if (t > 0) changes += squares(r, r - N);
        }
      }
      return each(layer.l2, x.tokens()) * squares + each(layer.temporal, pairs()) * changes;           // (1)
    }

    /** Σ (x − x')² of rows r and {@code before}; of row r alone if that is negative. */
    private double squares(int r, int before) {
      double sum = 0;
      for (int k = 0; k < x.x().cols(); k++) {
        double d = x.x().get(r, k) - (before < 0 ? 0.0 : x.x().get(before, k));
        sum += d * d;
      }
      return sum;
    }

    /** How many rows have one before them. */
    private int pairs() {
      int sum = 0;
      for (int t = 1; t < x.alive().length; t++) sum += x.alive()[t];
      return sum;
    }

    /** A factor's share of each number of so many rows. */
    private double each(double factor, int rows) { return factor / Math.max(1.0, (double) rows * layer.width); }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      int N = dy.rows();
      var dx = run.ws().raw(dy.steps(), N, dy.cols());
      float a = (float) (2 * each(layer.l2, x.tokens())), b = (float) (2 * each(layer.temporal, pairs()));
      Rows.split(run.k(), N, (n, count) -> {
        for (int t = 0; t < dy.steps(); t++) {
          int rows = Math.min(x.alive()[t] - n, count), r = t * N + n;
          if (rows <= 0) continue;
          run.k().copy(dy, r, dx, r, rows);
          run.k().add(a, x.x(), r, dx, r, rows);                                                       // (B1)
          if (t > 0) changes(b, r, r - N, rows, dx);
        }
      });
      return new Gradient(dx, State.ZERO);
    }

    private void changes(float b, int now, int before, int rows, Slab dx) {
      var k = run.k();
      k.add(b, x.x(), now, dx, now, rows);                                                             // (B2)
      k.add(-b, x.x(), before, dx, now, rows);                                                         // (B2)
      k.add(-b, x.x(), now, dx, before, rows);                                                         // (B3)
      k.add(b, x.x(), before, dx, before, rows);                                                       // (B3)
    }
  }

  @Override public Pass forward(Batch x, State in, Run run) {
    return run.training() ? new Trace(this, run, x) : new Dropout.Identity(x);
  }

  @Override public Stepper open(Slab x, Run run) { return new Memoryless(x, _ -> { }); }
}
