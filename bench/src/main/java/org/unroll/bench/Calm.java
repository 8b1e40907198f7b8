package org.unroll.bench;

import java.util.function.DoubleSupplier;

/**
 * Waits for a moment in which the machine is ours. Where processors are shared with others, as in a cloud, a core may for tenths of a
 * second make two thirds of the multiply-adds that it makes alone: an engine that had its turn then would look slow by chance, those on
 * two threads most of all. So before and after a turn every thread makes multiply-adds in registers for a fraction of a
 * millisecond; the rate of the slowest says whether all cores were whole. What others take of the third cache and of memory goes unseen.
 */
final class Calm {
  /** Of the best rate seen: a core whose twin is busy makes 72 % of its own. */
  private static final double WHOLE = 0.88;
  private static final int PAUSE_MILLIS = 15;

  private final DoubleSupplier probe;
  private double best, patience, share;
  private int turns;

  /**
   * @param probe the rate of the slowest of all threads at this moment
   * @param best the rate of whole cores, as far as it is known; 0 if it is not
   * @param patience seconds to wait in all
   */
  Calm(DoubleSupplier probe, double best, double patience) {
    this.probe = probe;
    this.best = best;
    this.patience = patience;
  }

  /**
   * Of so many threads.
   *
   * @param peak operations a second that they make together, from {@link LimitsProbe}; 0 if it was not measured
   */
  static Calm of(int threads, double peak, double patience) {
    double best = peak / threads / Limits.OPERATIONS;
    Limits.warm(best / 2);
    return new Calm(() -> Limits.rate(threads), best, patience);
  }

  /** So many turns share the patience: each has what is left, divided by how many are left, so that none waits at another's cost. */
  void share(int turns) { this.turns = turns; }

  /** A turn begins to wait. */
  void begin() { share = patience / Math.max(1, turns--); }

  /** Whether all cores are whole now. */
  boolean now() {
    double rate = probe.getAsDouble();
    best = Math.max(best, rate);
    return rate >= WHOLE * best;
  }

  /** Whether this turn has time left to wait. */
  boolean patient() { return share > 0; }

  /** Returns as soon as all cores are whole, or when the turn's patience has ended: false then. */
  boolean await() throws InterruptedException {
    while (!now()) {
      if (!patient()) return false;
      Thread.sleep(PAUSE_MILLIS);
      lose(PAUSE_MILLIS / 1e3);
    }
    return true;
  }

  /** Takes the time of a turn that has to be taken again. */
  void lose(double seconds) {
    share -= seconds;
    patience -= seconds;
  }
}
