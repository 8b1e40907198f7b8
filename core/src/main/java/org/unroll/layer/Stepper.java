package org.unroll.layer;

import org.unroll.slab.Slab;

/**
 * A layer opened for one step at a time: N rows that share their steps. Every call to {@link #step} reads the input buffer,
 * moves the state on and writes the output buffer; it allocates nothing. The same bits as {@link Layer#forward}.
 */
public interface Stepper {

  /** The output buffer [1, N, width], written by each step. */
  Slab y();

  /** One step for all N rows. */
  void step();

  /** The state as it stands, copied into buffers that the next call of this method writes over. */
  State state();

  /** Goes on from another state; {@link State#ZERO} for zeros. */
  void set(State s);
}
