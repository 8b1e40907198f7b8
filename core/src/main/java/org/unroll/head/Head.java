package org.unroll.head;

import org.unroll.layer.Run;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/**
 * Turns hidden states into a loss, or into answers. Owns the output matrix, so that a head may choose never to store its
 * scores.
 *
 * @param <Y> what it is trained on
 */
public interface Head<Y> {

  /** Which steps count. */
  enum At {
    /** The loss is the mean over all alive elements. */
    EVERY_STEP,
    /** The loss is the mean over rows, each at its last step. */
    LAST_STEP
  }

  /** The loss of hidden states h [T, N, H] against the targets. */
  Loss loss(Batch h, Y target, Run run);

  /** The loss and its gradients at once, as training wants them; the bits of {@link #loss} and {@link Loss#backward}. */
  default Learned learn(Batch h, Y target, Run run, Grads into) {
    var loss = loss(h, target, run);
    return new Learned(loss.sum(), loss.count(), loss.backward(into));
  }

  /** The answers for every step: probabilities, or values. [T, N, outputs]. */
  Slab predict(Batch h, Run run);

  /** Columns of {@link #predict}. */
  int outputs();

  /** A loss, and the way back. */
  interface Loss {
    /** Σ over the counted elements. */
    double sum();

    /** How many elements counted. */
    int count();

    /** Mean over the counted elements; NaN if none counted. */
    default double mean() { return sum() / count(); }

    /** Adds ∂mean/∂θ to {@code into} and returns ∂mean/∂h. */
    Slab backward(Grads into);
  }

  /**
   * What {@link #learn} gives.
   *
   * @param sum Σ over the counted elements
   * @param count how many elements counted
   * @param dh ∂mean/∂h
   */
  record Learned(double sum, int count, Slab dh) {
    /** Mean over the counted elements; NaN if none counted. */
    public double mean() { return sum / count; }
  }
}
