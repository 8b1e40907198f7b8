package org.unroll.tasks.run;

import java.util.function.LongSupplier;

/** The time that a training takes, over all resumptions: how much of it is done, how fast it goes, whether the time is up. */
final class Clock {
  private final LongSupplier nanos;
  private final double earlier;
  private final double allowed;
  private double shareBefore;
  private long began, from, symbols;

  /**
   * @param earlier seconds that were spent before
   * @param minutes that are allowed in all; 0 for no bound
   */
  Clock(LongSupplier nanos, double earlier, double minutes) {
    this.nanos = nanos;
    this.earlier = earlier;
    this.allowed = 60 * minutes;
    this.began = nanos.getAsLong();
    this.from = began;
  }

  /** The training begins, or goes on, now. */
  void start(Cursor c) {
    began = nanos.getAsLong();
    from = began;
    shareBefore = share(c);
  }

  double seconds() { return earlier + (nanos.getAsLong() - began) / 1e9; }

  boolean isUp() { return allowed > 0 && seconds() >= allowed; }

  /** What is done of all, 0 … 1: of the planned steps, of the time where no steps are planned. */
  double share(Cursor c) {
    if (c.planned > 0) return Math.min(1, (double) c.step / c.planned);
    return allowed > 0 ? Math.min(1, seconds() / allowed) : 0;
  }

  /** Seconds to go, by the speed since the start; NaN while nothing is done. */
  double left(Cursor c) {
    double share = share(c);
    return share > shareBefore ? (seconds() - earlier) * (1 - share) / (share - shareBefore) : Double.NaN;
  }

  /** Symbols were learnt from. */
  void learnt(long n) { symbols += n; }

  /** Symbols a second since the last {@link #again}. */
  double speed() { return symbols / Math.max(1e-9, (nanos.getAsLong() - from) / 1e9); }

  /** The speed is taken anew. */
  void again() {
    symbols = 0;
    from = nanos.getAsLong();
  }
}
