package org.unroll.layer;

import java.util.function.IntConsumer;
import org.unroll.slab.Slab;

/**
 * A step of a layer, and of what its output is combined with afterwards. The state is the layer's.
 *
 * @param f the layer within
 * @param after makes so many rows of y of what f gave
 */
record Around(Stepper f, Slab y, IntConsumer after) implements Stepper {
  @Override public void step(int rows) {
    f.step(rows);
    after.accept(rows);
  }

  @Override public State state(int rows) { return f.state(rows); }

  @Override public void resume(int rows) { f.resume(rows); }

  @Override public void set(State s) { f.set(s); }
}
