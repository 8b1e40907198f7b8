package org.unroll.layer;

import java.util.function.IntConsumer;
import org.unroll.slab.Slab;

/**
 * A step of a layer that remembers nothing.
 *
 * @param body makes so many rows of y
 */
record Memoryless(Slab y, IntConsumer body) implements Stepper {
  @Override public void step(int rows) { body.accept(rows); }

  @Override public State state(int rows) { return State.ZERO; }

  @Override public void resume(int rows) {}

  @Override public void set(State s) {}
}
