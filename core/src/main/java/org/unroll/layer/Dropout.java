package org.unroll.layer;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/**
 * Inverted dropout (Srivastava et al. 2014): in training every element is kept with probability 1 − rate and scaled by
 * 1 / (1 − rate), else 0; in evaluation y = x. The mask m is a function of the run's seed, the optimizer step, this layer's
 * number, the sequence's id and the element's place in it, so a row's mask does not depend on its batch. It is another one at every
 * time step, or the same at all of them: variational dropout (Gal and Ghahramani 2016). A window of truncated backpropagation is
 * a step of the optimizer: the mask holds for that window, and the next window has another.
 * <pre>
 *   (1) y = x ⊙ m                       (B1) δx = δy ⊙ m
 * </pre>
 *
 * @param rate share of elements dropped, in [0, 1)
 * @param over which time steps share a mask
 * @param number tells this layer's masks from those of others
 */
public record Dropout(int width, double rate, Over over, int number) implements Layer {

  /** What one mask is for: a step of time, or all steps of a sequence. */
  public enum Over { STEP, SEQUENCE }

  /** Another mask at every time step. */
  public Dropout(int width, double rate, int number) { this(width, rate, Over.STEP, number); }

  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw Fault.of(Code.C030, "dropout is %s, must be in [0, 1)", rate).mend("0 switches it off; 0.2 to 0.5 are usual");
    }
  }

  /** @param m mask [T, N, K] of 0 and 1 / (1 − rate) */
  public record Trace(Run run, Batch x, Slab m, Batch y) implements Pass {
    @Override public State out() { return State.ZERO; }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      var dx = run.ws().raw(m.steps(), m.rows(), m.cols());
      Rows.parallel(run.k(), x, (from, rows) -> run.k().multiply(dy, m, dx, from, rows));              // (B1)
      return new Gradient(dx, State.ZERO);
    }
  }

  /** What evaluation leaves: nothing to remember. */
  public record Identity(Batch y) implements Pass {
    @Override public State out() { return State.ZERO; }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) { return new Gradient(dy, State.ZERO); }
  }

  @Override public Pass forward(Batch x, State in, Run run) {
    if (!run.training() || rate == 0) return new Identity(x);
    var m = mask(x, run);
    var y = run.ws().raw(m.steps(), m.rows(), m.cols());
    Rows.parallel(run.k(), x, (from, rows) -> run.k().multiply(x.x(), m, y, from, rows));              // (1)
    return new Trace(run, x, m, x.with(y));
  }

  private Slab mask(Batch x, Run run) {
    var m = run.ws().raw(x.x().steps(), x.x().rows(), x.x().cols());
    var rng = run.rng().stream(Philox.Stream.DROPOUT);
    float keep = (float) (1 - rate);
    int n = m.rows(), k = m.cols();
    Rows.parallel(run.k(), x, (from, rows) -> {
      for (int r = from; r < from + rows; r++) {
        int t = over == Over.STEP ? r / n : 0;
        rng.mask(run.step(), number, x.ids()[r % n], t * k, keep, m, r);
      }
    });
    return m;
  }

  @Override public Stepper open(Slab x, Run run) {
    return new Memoryless(x, _ -> { });
  }
}
