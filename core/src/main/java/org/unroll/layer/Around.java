package org.unroll.layer;

import org.unroll.slab.Slab;

/**
 * A step of a layer, and of what its output is combined with afterwards. The state is the layer's.
 *
 * @param f the layer within
 * @param after makes y of what f gave
 */
record Around(Stepper f, Slab y, Runnable after) implements Stepper {
  @Override public void step() {
    f.step();
    after.run();
  }

  @Override public State state() { return f.state(); }

  @Override public void set(State s) { f.set(s); }
}
