package org.unroll.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What is to be reached in one row: all of it. */
record Target(List<Demand> demands) {
  static final Target NONE = new Target(List.of());

  /** A larger share of a bandwidth says that the weights stand nearer than was thought, or that the limit was measured too low. */
  private static final double PLAUSIBLE = 1.05;

  /** What a demand is about. */
  enum What {
    /** A peer's time divided by ours, at least. */
    RATIO,
    /** The share of the machine's peak, at least. */
    SHARE,
    /** The share of the read bandwidth of the level of memory where the weights stand, at least. */
    BANDWIDTH,
    /** Seconds of a unit, at most. */
    SECONDS,
    /** Bytes that training holds, divided by those of its slabs counted by hand, at most. */
    MEMORY,
    /** Time a step of a sequence, divided by that of the shortest sequence of the same cell, at most. */
    LINEAR
  }

  /**
   * @param of the peer that a RATIO is about; null for the best of all but DL4J
   * @param share of the peak that does instead of the bound; 0 for none
   */
  record Demand(What what, double bound, String of, double share) {

    /** Whether {@code value} is enough; null where it is NaN, for it cannot be told. */
    Boolean met(double value, double reachedShare) {
      if (share > 0 && reachedShare >= share) return true;
      if (Double.isNaN(value) || what == What.BANDWIDTH && value > PLAUSIBLE) return null;
      return what.ordinal() >= What.SECONDS.ordinal() ? value <= bound : value >= bound;
    }

    @Override public String toString() {
      return switch (what) {
        case RATIO -> "≥ " + times(bound) + "×" + (of == null ? "" : " " + of)
            + (share > 0 ? " or ≥ " + percent(share) + " of peak" : "");
        case SHARE -> "≥ " + percent(bound) + " of peak";
        case BANDWIDTH -> "≥ " + percent(bound) + " of bandwidth";
        case SECONDS -> "≤ " + times(bound) + " s";
        case MEMORY -> "≤ " + times(bound) + "× its slabs";
        case LINEAR -> "≤ " + times(bound) + "× a step of the shortest";
      };
    }

    private static String percent(double x) { return line("%.0f %%", 100 * x); }

    private static String times(double x) { return x == Math.rint(x) ? line("%.0f", x) : line("%.2f", x); }

    private static String line(String format, Object... args) { return String.format(Locale.ROOT, format, args); }
  }

  Target {
    demands = List.copyOf(demands);
  }

  static Target of(What what, double bound) { return NONE.and(what, bound); }

  static Target ratio(double ratio) { return of(What.RATIO, ratio); }

  static Target ratioOrShare(double ratio, double share) { return NONE.and(new Demand(What.RATIO, ratio, null, share)); }

  Target and(What what, double bound) { return and(new Demand(what, bound, null, 0)); }

  /** Besides, this ratio against this peer. */
  Target against(String peer, double ratio) { return and(new Demand(What.RATIO, ratio, peer, 0)); }

  private Target and(Demand d) {
    var more = new ArrayList<>(demands);
    more.add(d);
    return new Target(more);
  }

  /**
   * {@code met}, {@code missed}, or {@code open} where it cannot be told, for want of a peer or a limit. Empty without a target.
   *
   * @param reached the value that a demand is about, NaN where there is none
   * @param share of the peak that was reached
   */
  String verdict(ToDoubleFunction<Demand> reached, double share) {
    var answers = new ArrayList<Boolean>();
    for (var d : demands) answers.add(d.met(reached.applyAsDouble(d), share));
    if (answers.isEmpty()) return "";
    return answers.contains(Boolean.FALSE) ? "missed" : answers.contains(null) ? "open" : "met";
  }

  /**
   * The values at which a demand of this sort begins or ends to be met.
   *
   * @param engine whose ratio it is; of no matter elsewhere
   */
  double[] edges(What what, String engine) {
    var all = new ArrayList<Double>();
    for (var d : demands) {
      if (d.what == what && (d.of == null || d.of.equals(engine))) all.add(d.bound);
      if (what == What.SHARE && d.share > 0) all.add(d.share);
      if (what == What.BANDWIDTH && d.what == what) all.add(PLAUSIBLE);
    }
    return all.stream().mapToDouble(d -> d).toArray();
  }

  /** As the table prints it. */
  @Override public String toString() { return demands.stream().map(Demand::toString).collect(Collectors.joining(", ")); }
}
