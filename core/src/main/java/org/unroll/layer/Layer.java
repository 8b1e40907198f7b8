package org.unroll.layer;

import java.util.Collections;
import java.util.List;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/**
 * A function on batches of sequences. A layer knows the windows of its weights but holds neither weights nor state: both
 * come with the call, so one layer serves many models, sessions and threads.
 */
public interface Layer {

  /** Columns of {@link Pass#y()}. */
  int width();

  /** The layers that this one is made of, in the order of their {@link #memories}; none for one that is one piece. */
  default List<Layer> inner() { return List.of(); }

  /** What is carried from step to step: the parts of {@link State} that the layer takes and gives. */
  default List<Memory> memories() { return inner().stream().flatMap(l -> l.memories().stream()).toList(); }

  /** How many parts of {@link State} there are; 0 for a layer without memory. */
  default int parts() { return memories().size(); }

  /**
   * A part of a state: slots of [N, width] each.
   *
   * @param least what each slot holds at the least after any step: a state to start from must respect it, unless it is all zeros
   */
  record Memory(int width, List<Float> least) {
    /** Slots that may hold anything. */
    public static Memory of(int width, int slots) { return new Memory(width, Collections.nCopies(slots, Float.NEGATIVE_INFINITY)); }

    /** S. */
    public int slots() { return least.size(); }
  }

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
