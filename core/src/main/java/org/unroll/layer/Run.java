package org.unroll.layer;

import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.slab.Philox;
import org.unroll.slab.Workspace;

/**
 * What all layers of one forward run share.
 *
 * @param weights θ and its packed copies
 * @param training whether dropout and its kin act
 * @param rng the run's random numbers
 * @param step of the optimizer: a coordinate of every random number
 * @param ws where slabs come from
 */
public record Run(Weights weights, boolean training, Philox rng, long step, Workspace ws) {

  /** The kernels that the packed weights are made for. */
  public Kernels k() { return weights.kernels(); }

  /** A run that only evaluates. */
  public static Run evaluation(Weights weights, Workspace ws) {
    return new Run(weights, false, new Philox(0, Philox.Stream.DROPOUT), 0, ws);
  }
}
