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
  private static final int FIRST = 40, PAUSE_MILLIS = 15;

  private final DoubleSupplier probe;
  private double best, patience;

  /**
   * @param probe the rate of the slowest of all threads at this moment
   * @param patience seconds of waiting in all
   */
  Calm(DoubleSupplier probe, double patience) {
    this.probe = probe;
    this.patience = patience;
  }

  /** Of so many threads; after some probes that tell how fast the machine can be. */
  static Calm of(int threads, double patience) {
    Limits.warm();
    var calm = new Calm(() -> Limits.rate(threads), patience);
    for (int i = 0; i < FIRST; i++) calm.now();
    return calm;
  }

  /** Whether all cores are whole now. */
  boolean now() {
    double rate = probe.getAsDouble();
    best = Math.max(best, rate);
    return rate >= WHOLE * best;
  }

  /** Whether there is time left to wait. */
  boolean patient() { return patience > 0; }

  /** Returns as soon as all cores are whole, or when patience has ended: false then. */
  boolean await() throws InterruptedException {
    while (!now()) {
      if (!patient()) return false;
      Thread.sleep(PAUSE_MILLIS);
      patience -= PAUSE_MILLIS / 1e3;
    }
    return true;
  }

  /** Takes the time of a turn that has to be taken again. */
  void lose(double seconds) { patience -= seconds; }
}
