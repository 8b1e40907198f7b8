package org.unroll.optim;

import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;

/**
 * Moves the weights against their gradients. An optimizer is a record of its settings; what it remembers between steps lies in
 * {@link Slots}, so a checkpoint is settings, slots and the step number.
 *
 * <p>w is a weight, g its gradient, η the learning rate of this step, t the step from 1. Every line is one loop over a range of the
 * arrays, each element by itself with a fixed sequence of float operations: ranges may be shared among threads, in any order.
 */
public sealed interface Optimizer permits Sgd, Momentum, Nesterov, AdaGrad, AdaDelta, RmsProp, Adam, AdamW {

  /** Names of the arrays it remembers, each as long as the weights. */
  List<String> slots();

  /**
   * One step on the elements {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param w the weights, written
   * @param g the gradients, read
   * @param s the slots in the order of {@link #slots()}, written
   * @param step t, from 1
   * @param rate η
   */
  void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to);

  /** One step on all weights. */
  default void step(Params w, Grads g, Slots s, long step, double rate) { step(w, g, s, step, rate, Windows.all(w)); }

  /** One step on some windows; the others and their slots stay as they are (frozen). */
  default void step(Params w, Grads g, Slots s, long step, double rate, Windows moved) {
    if (step < 1) throw Fault.of(Code.C030, "the step is %d", step).because("steps are counted from 1");
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw Fault.of(Code.C030, "the learning rate is %s", rate).because("it must be finite and not negative");
    }
    if (g.array().length != w.size()) {
      throw Fault.of(Code.C030, "%d gradients for %d weights", g.array().length, w.size());
    }
    s.requireFor(this, w);
    for (var window : moved.ranges()) update(w.array(), g.array(), s.arrays(), step, rate, window.from(), window.to());
    w.touch();
  }
}
