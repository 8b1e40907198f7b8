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
 * @param purpose whether noise acts, and what passes keep
 * @param rng the run's random numbers
 * @param step of the optimizer: a coordinate of every random number
 * @param ws where slabs come from
 */
public record Run(Weights weights, Purpose purpose, Philox rng, long step, Workspace ws) {

  /** What a run is for. */
  public enum Purpose {
    /** Dropout and its kin act; passes keep all that the way back needs. */
    TRAINING,
    /** Nothing is disturbed; passes keep all that the way back and a look at the gates need. */
    EVALUATION,
    /**
     * As evaluation, bit for bit, for the output and the last state alone: a recurrent layer keeps no gates, and no pass of a layer with
     * weights goes back.
     */
    INFERENCE
  }

  /** A run that trains. */
  public static Run training(Weights weights, Philox rng, long step, Workspace ws) {
    return new Run(weights, Purpose.TRAINING, rng, step, ws);
  }

  /** A run that only evaluates, and keeps all. */
  public static Run evaluation(Weights weights, Workspace ws) { return still(weights, Purpose.EVALUATION, ws); }

  /**
   * The numbers of {@link #evaluation}. A recurrent layer that walks and has an R writes the gates of each step over those of the step
   * before, in less memory and sooner, where it does W x step by step: with 16 rows or more, and a W of at most 2 MiB (for each of the
   * threads, where they share out its units). Others keep all steps, and show none.
   */
  public static Run inference(Weights weights, Workspace ws) { return still(weights, Purpose.INFERENCE, ws); }

  private static Run still(Weights weights, Purpose purpose, Workspace ws) {
    return new Run(weights, purpose, new Philox(0, Philox.Stream.DROPOUT), 0, ws);
  }

  /** The kernels that the packed weights are made for. */
  public Kernels k() { return weights.kernels(); }

  /** Whether dropout and its kin act. */
  public boolean training() { return purpose == Purpose.TRAINING; }

  /** Whether passes keep what the way back and a look at the gates need. */
  public boolean keeps() { return purpose != Purpose.INFERENCE; }

  /** Faults with C030 where nothing was kept. */
  void requireKept() {
    if (!keeps()) {
      throw Fault.of(Code.C030, "a run for inference keeps no gates").because("they are what going back and a look at them need")
          .mend("use Run.evaluation, or Model.read, in place of Run.inference");
    }
  }
}
