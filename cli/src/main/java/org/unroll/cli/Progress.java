package org.unroll.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The progress of something long, on standard error. On a terminal a bar that is redrawn at most ten times a second; elsewhere
 * a line every thirty seconds at most, with the time before it; besides that a line whenever the caller has one to keep.
 *
 * <p>Not thread-safe: one thread reports.
 */
final class Progress implements AutoCloseable {
  private static final long REDRAW = Duration.ofMillis(100).toNanos();
  private static final long SPEAK = Duration.ofSeconds(30).toNanos();
  private static final int BAR = 20;
  private static final String CLEAR = "\r\033[K";

  private final Talk talk;
  private final Flags.ProgressMode mode;
  private final LongSupplier nanos;
  private final Supplier<Instant> now;
  private long next;
  private boolean drawn;

  /**
   * @param nanos a clock that only goes forward, in nanoseconds
   * @param now the time of day, for plain lines
   */
  Progress(Talk talk, LongSupplier nanos, Supplier<Instant> now) {
    this.talk = talk;
    this.mode = mode(talk);
    this.nanos = nanos;
    this.now = now;
    this.next = nanos.getAsLong() + (mode == Flags.ProgressMode.plain ? SPEAK : 0);
  }

  static Progress of(Talk talk) { return new Progress(talk, System::nanoTime, Instant::now); }

  /** What {@code --progress} says; auto is a bar on a terminal that is not dumb, outside CI, and plain lines elsewhere. */
  private static Flags.ProgressMode mode(Talk talk) {
    var asked = talk.flags().progress;
    if (talk.flags().quiet || asked == Flags.ProgressMode.none) return Flags.ProgressMode.none;
    if (asked != Flags.ProgressMode.auto) return asked;
    boolean bar = talk.terminal().is(Terminal.ERR) && !"dumb".equals(talk.env().get("TERM"))
        && talk.env().getOrDefault("CI", "").isEmpty();
    return bar ? Flags.ProgressMode.bar : Flags.ProgressMode.plain;
  }

  /** Whether lines are shown to a person at a terminal. */
  boolean isBar() { return mode == Flags.ProgressMode.bar; }

  /**
   * Something went on. The texts are asked for only when they are shown.
   *
   * @param share done, 0 … 1
   * @param before stands before the bar: {@code epoch 3}
   * @param behind stands behind it: {@code loss 4.11  61k tok/s}
   * @param plain the line for files: {@code train step=1324 loss=4.377}
   */
  void at(double share, Supplier<String> before, Supplier<String> behind, Supplier<String> plain) {
    if (mode == Flags.ProgressMode.none) return;
    long t = nanos.getAsLong();
    if (t - next < 0) return;
    if (isBar()) {
      next = t + REDRAW;
      var text = " " + before.get() + "  " + bar(share) + "  " + Math.round(share * 100) + " %  " + behind.get();
      talk.draw(CLEAR + Width.cut(text, talk.terminal().width() - 1));
      drawn = true;
    } else {
      next = t + SPEAK;
      stamped(plain.get());
    }
  }

  /** A line to keep, such as that of an evaluation: {@code person} on a terminal, {@code plain} elsewhere. */
  void keep(Supplier<String> person, Supplier<String> plain) {
    if (mode == Flags.ProgressMode.none) return;
    if (isBar()) {
      wipe();
      talk.line(person.get());
      next = nanos.getAsLong();
    } else {
      stamped(plain.get());
      next = nanos.getAsLong() + SPEAK;
    }
  }

  /** Takes the bar away, so that something else can be said. */
  void wipe() {
    if (drawn) talk.draw(CLEAR);
    drawn = false;
  }

  @Override public void close() { wipe(); }

  private void stamped(String plain) { talk.line(now.get().truncatedTo(ChronoUnit.SECONDS) + " " + plain); }

  /** Twenty columns, the last of the full ones drawn half when the share falls into its first half. */
  static String bar(double share) {
    int halves = (int) Math.round(Math.clamp(share, 0, 1) * BAR * 2);
    var half = halves % 2 == 1 ? "╸" : "";
    return "━".repeat(halves / 2) + half + "─".repeat(BAR - halves / 2 - half.length());
  }
}
