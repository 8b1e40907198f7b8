package org.unroll.optim;

/**
 * Lowers the learning rate when the loss stops falling. The rule is this record, what it knows is a {@link State} that goes from one
 * evaluation to the next and into the checkpoint.
 * <pre>
 *   (1) scale ← max(least, factor · scale)     after as many evaluations without a better loss as it has patience for
 * </pre>
 * η is what the schedule says, times the scale.
 *
 * @param factor what the scale is multiplied by, in (0, 1)
 * @param patience evaluations in a row without a better loss, at least 1, after which it is
 * @param better how much lower than the best a loss must be to count, not negative
 * @param least the scale never falls below it; from 0 to 1
 */
public record Plateau(double factor, int patience, double better, double least) {

  public Plateau {
    Setting.require(factor > 0 && factor < 1, "plateau", "factor", factor, "it must be between 0 and 1");
    Setting.atLeastOne("plateau", "patience", patience);
    Setting.notNegative("plateau", "better", better);
    Setting.require(least >= 0 && least <= 1, "plateau", "least", least, "it must be from 0 to 1");
  }

  /**
   * @param scale multiplies the schedule's rate
   * @param best lowest loss so far
   * @param bad evaluations in a row without a better one
   */
  public record State(double scale, double best, int bad) {
    /** Before the first evaluation. */
    public static final State START = new State(1, Double.MAX_VALUE, 0);
  }

  /** After an evaluation. A loss that is NaN is not better. */
  public State after(State s, double loss) {
    if (loss < s.best - better) return new State(s.scale, loss, 0);
    if (s.bad + 1 < patience) return new State(s.scale, s.best, s.bad + 1);
    return new State(Math.max(least, s.scale * factor), s.best, 0);    // (1)
  }
}
