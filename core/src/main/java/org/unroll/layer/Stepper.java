package org.unroll.layer;

import org.unroll.slab.Slab;

/**
 * A layer opened for one step at a time: N rows that share their steps. Every call to {@link #step} reads the input buffer,
 * moves the state on and writes the output buffer; it allocates nothing. The same bits as {@link Layer#forward}.
 */
public interface Stepper {

  /** The output buffer [1, N, width], written by each step. */
  Slab y();

  /** One step for rows 0 to {@code rows} of N; states and outputs of the others are of no meaning afterwards. */
  void step(int rows);

  /** One step for all N rows. */
  default void step() { step(y().rows()); }

  /**
   * The state as it stands, rows 0 to {@code rows}, copied into buffers that the next call of this method writes over. Always the
   * same object; what the caller writes into it counts once {@link #resume} is called.
   */
  State state(int rows);

  /** The state of all N rows. */
  default State state() { return state(y().rows()); }

  /** Goes on from what stands in rows 0 to {@code rows} of the buffers of {@link #state()}; allocates nothing. */
  void resume(int rows);

  /** Goes on from another state; {@link State#ZERO} for zeros. */
  void set(State s);
}
