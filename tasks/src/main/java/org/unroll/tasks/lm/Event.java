package org.unroll.tasks.lm;

import java.nio.file.Path;
import org.unroll.tasks.text.Note;

/** What happens in a training, in the order in which it happens. Consoles, logs and tests listen to these and nothing else. */
public sealed interface Event {

  /**
   * The training begins or goes on.
   *
   * @param weights how many
   * @param perEpoch steps of an epoch
   * @param planned steps in all; 0 if no bound is known
   * @param bound the budget that ends it, as {@code key=value}: of several the one that is reached first
   * @param step the last one taken before, 0 at the beginning
   */
  record Started(String run, String network, long weights, long perEpoch, long planned, String bound, long step, String kernels)
      implements Event {}

  /**
   * One step was taken.
   *
   * @param loss nats a symbol, of the step's window before the step
   * @param share of the training that is done, 0 … 1
   * @param perSecond symbols a second since the last event of this kind but one evaluation at the most
   * @param left seconds to go, by the speed so far
   */
  record Stepped(long step, long epoch, double loss, double norm, double rate, double share, double perSecond, double left)
      implements Event {}

  /**
   * The dev part was evaluated; where there is none, the training loss is told.
   *
   * @param loss mean of the training loss since the last evaluation, nats a symbol; NaN before the first step
   * @param dev nats a symbol; NaN where there is no dev part
   * @param norm mean norm of the gradient before clipping
   * @param clipped share of the steps that were clipped
   * @param best whether no evaluation before was better; false where there is no dev part
   */
  record Evaluated(long step, long epoch, double loss, double dev, double norm, double clipped, double rate, double perSecond,
      double seconds, boolean best) implements Event {
    /** Whether there was a dev part to evaluate. */
    public boolean hasDev() { return !Double.isNaN(dev); }

    /** Of the dev part; of the training text since the last evaluation where there is no dev part. */
    public double perplexity() { return StrictMath.exp(hasDev() ? dev : loss); }
  }

  /** Text that the network wrote after {@code prompt}. */
  record Sampled(long step, String prompt, String text) implements Event {}

  record Saved(long step, Path file) implements Event {}

  /** Something the user should know. */
  record Noted(Note note) implements Event {}

  /** How a training came to its end: at its plan, by the clock before that, by whoever asked for it, without gain. */
  enum End { DONE, CLOCK, STOPPED, PATIENCE }

  /**
   * @param best nats a symbol of the best evaluation; NaN without one
   * @param loss the training loss that was told last, nats a symbol; NaN if none was
   * @param state SHA-256 over everything that a next step would depend on besides configuration and text
   */
  record Ended(End end, long step, double best, long bestStep, double loss, double seconds, String state) implements Event {}
}
