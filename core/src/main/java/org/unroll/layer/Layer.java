package org.unroll.layer;

import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/**
 * A function on batches of sequences. A layer knows the windows of its weights but holds neither weights nor state: both
 * come with the call, so one layer serves many models, sessions and threads.
 */
public interface Layer {

  /** Columns of {@link Pass#y()}. */
  int width();

  /** How many parts of {@link State} the layer takes and gives; 0 for one without memory. */
  int parts();

  /**
   * Runs over whole sequences.
   *
   * @param in state before the first step (after the last, for a layer that walks backward); {@link State#ZERO} for zeros
   */
  Pass forward(Batch x, State in, Run run);

  /**
   * Opens the layer for one step at a time.
   *
   * @param x input buffer [1, N, K], filled by the caller before each step
   */
  Stepper open(Slab x, Run run);
}
