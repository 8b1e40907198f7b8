package org.unroll.layer;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.slab.Philox;
import org.unroll.slab.Workspace;

/**
 * What all layers of one forward run share.
 *
 * @param weights θ and its packed copies
 * @param training whether dropout and its kin act
 * @param keeps whether passes keep what the way back and a look at the gates need
 * @param rng the run's random numbers
 * @param step of the optimizer: a coordinate of every random number
 * @param ws where slabs come from
 */
public record Run(Weights weights, boolean training, boolean keeps, Philox rng, long step, Workspace ws) {

  /** A run that keeps all. */
  public Run(Weights weights, boolean training, Philox rng, long step, Workspace ws) { this(weights, training, true, rng, step, ws); }

  /** The kernels that the packed weights are made for. */
  public Kernels k() { return weights.kernels(); }

  /** A run that only evaluates, and keeps all. */
  public static Run evaluation(Weights weights, Workspace ws) {
    return new Run(weights, false, new Philox(0, Philox.Stream.DROPOUT), 0, ws);
  }

  /** The same numbers sooner and in less memory: gates are written over step by step, and there is no way back. */
  public static Run inference(Weights weights, Workspace ws) {
    return new Run(weights, false, false, new Philox(0, Philox.Stream.DROPOUT), 0, ws);
  }

  /** Faults with C030 where nothing was kept. */
  void requireKept() {
    if (!keeps) {
      throw Fault.of(Code.C030, "a run for inference cannot go back").because("the gates of its steps were not kept")
          .mend("use Run.evaluation in place of Run.inference");
    }
  }
}
