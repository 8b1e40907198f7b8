package org.unroll.layer;

import java.util.List;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/**
 * One forward run: its output, everything it remembered (as record components) and the way back. Lives until its workspace
 * is reset; backward leaves it as it was and may be called again.
 */
public interface Pass {
  /** The output [T, N, width], as ragged as the input. */
  Batch y();

  /** State after the last step of each sequence. */
  State out();

  /**
   * Adds ∂L/∂θ to {@code into}.
   *
   * @param dy ∂L/∂y
   * @param dOut ∂L/∂(state after the last step); {@link State#ZERO} for zeros
   */
  Gradient backward(Slab dy, State dOut, Grads into);

  /** The passes that this one is made of, from the input up; none for a layer that is one piece. */
  default List<Pass> inner() { return List.of(); }

  /**
   * @param dx ∂L/∂x; null where x are ids
   * @param dIn ∂L/∂(state before the first step)
   */
  record Gradient(Slab dx, State dIn) {}
}
