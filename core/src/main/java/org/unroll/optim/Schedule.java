package org.unroll.optim;

/**
 * The learning rate η as a function of the step t from 1 alone; nothing to save. A {@link Plateau} multiplies what it says.
 * <pre>
 *   (1) constant: η = rate
 *   (2) step:     η = rate · factor^⌊(t − 1) / every⌋
 *   (3) cosine:   η = end + ½ (rate − end) (1 + cos(π (t − 1) / steps)), end from t = steps + 1 on
 *   (4) warm-up:  η = then(1) · t / steps to t = steps, then(t − steps) behind
 * </pre>
 */
public sealed interface Schedule {

  /** η at a step, counted from 1. */
  double at(long step);

  record Constant(double rate) implements Schedule {
    public Constant { Setting.positive("schedule", "rate", rate); }

    @Override public double at(long step) { return rate; }                                                 // (1)
  }

  /**
   * rate · factor^n after n times {@code every} steps.
   *
   * @param factor in (0, 1]
   */
  record Step(double rate, double factor, long every) implements Schedule {
    public Step {
      Setting.positive("schedule", "rate", rate);
      Setting.require(factor > 0 && factor <= 1, "schedule", "factor", factor, "it must be greater than 0 and at most 1");
      Setting.atLeastOne("schedule", "every", every);
    }

    @Override public double at(long step) { return rate * StrictMath.pow(factor, (step - 1) / every); }    // (2)
  }

  /**
   * Half a cosine from {@code rate} at the first step down to {@code end} after {@code steps} more, then {@code end}
   * (Loshchilov and Hutter 2017, eq. 5, without restarts).
   *
   * @param end from 0 to {@code rate}
   */
  record Cosine(double rate, double end, long steps) implements Schedule {
    public Cosine {
      Setting.positive("schedule", "rate", rate);
      Setting.require(end >= 0 && end <= rate, "schedule", "end", end, "it must be from 0 to the rate");
      Setting.atLeastOne("schedule", "steps", steps);
    }

    @Override public double at(long step) {
      if (step > steps) return end;
      return end + (rate - end) / 2 * (1 + StrictMath.cos(StrictMath.PI * (step - 1) / steps));               // (3)
    }
  }

  /** Rises in equal steps to what {@code then} begins with, reached at step {@code steps}; the clock of {@code then} starts after. */
  record Warmup(long steps, Schedule then) implements Schedule {
    public Warmup { Setting.atLeastOne("schedule", "warm-up", steps); }

    @Override public double at(long step) {
      return step <= steps ? then.at(1) * step / steps : then.at(step - steps);                               // (4)
    }
  }
}
