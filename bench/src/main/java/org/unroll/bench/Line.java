package org.unroll.bench;

import java.util.Arrays;

/**
 * What a measuring process tells, one line each: to the process that started it, and in the file that a stopped run goes on from.
 * Fields are divided by tabs.
 */
sealed interface Line {

  /** Which case, as {@link Case#id} has it. */
  String id();

  /** Number of the process, from 1. */
  int process();

  /**
   * What was measured of one engine.
   *
   * @param engine whose: {@link Case#OURS} or a peer's name
   * @param mode its way to do it
   * @param cold its first unit, nanoseconds
   * @param cores that were busy on the average
   * @param rounds the median of each turn, nanoseconds a unit
   * @param tails the 99th percentile of each turn
   */
  record Sample(String id, int process, String engine, String mode, int threads, double cold, double cores, double[] rounds,
      double[] tails) implements Line {
    double median() { return Numbers.median(rounds); }

    double fastest() { return Numbers.least(rounds); }

    double tail() { return Numbers.median(tails); }

    String entry() { return engine + "/" + mode + "/" + threads; }
  }

  /** How far an engine was apart from ours, and whether that is agreement. */
  record Apart(String id, int process, String engine, String mode, double output, double gradient, boolean agrees)
      implements Line {}

  /**
   * An engine that could not take part, or fell out.
   *
   * @param reason for people
   */
  record Missing(String id, int process, String engine, String reason, Why why) implements Line {
    /** Whether a further process asks again hangs on it. */
    enum Why {
      /** It has no such job, or failed at it. */
      ABSENT,
      /** Nobody asked it for this row. */
      NOT_ASKED,
      /** The process ended with it, or was given up: that may have been chance, such as a machine that stood still. */
      STOPPED
    }

    Missing(String id, int process, String engine, String reason) { this(id, process, engine, reason, Why.ABSENT); }

    /** Of a file that was written before it told why. */
    private static Why old(String reason) {
      if (reason.equals(Measure.ELSEWHERE)) return Why.NOT_ASKED;
      return reason.startsWith("ended the process") || reason.startsWith("took longer than") ? Why.STOPPED : Why.ABSENT;
    }
  }

  /** Something else that was found: bytes, allocations, a version, when it was measured. */
  record Figure(String id, int process, String name, String value) implements Line {
    /** NaN of what is no number, such as a date. */
    double number() {
      try {
        return Double.parseDouble(value);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }
  }

  /** The process ended well; it need not be repeated. */
  record Done(String id, int process) implements Line {}

  /** What this process is about to do: who is to blame if it ends here. Empty where it is none of the peers. */
  record Now(String id, int process, String engine) implements Line {}

  /** The line, without its end. */
  default String text() {
    return switch (this) {
      case Sample s -> join("sample", s.id, s.process, s.engine, s.mode, s.threads, s.cold, s.cores, numbers(s.rounds),
          numbers(s.tails));
      case Apart a -> join("apart", a.id, a.process, a.engine, a.mode, a.output, a.gradient, a.agrees);
      case Missing m -> join("missing", m.id, m.process, m.engine, m.reason, m.why);
      case Figure f -> join("figure", f.id, f.process, f.name, f.value);
      case Done d -> join("done", d.id, d.process);
      case Now n -> join("now", n.id, n.process, n.engine);
    };
  }

  /** What {@link #text} wrote; null for any other line. */
  static Line parse(String line) {
    var f = line.split("\t", -1);
    if (f.length < 3 || !f[2].matches("\\d+")) return null;
    int process = Integer.parseInt(f[2]);
    return switch (f[0] + f.length) {
      case "sample10" -> new Sample(f[1], process, f[3], f[4], Integer.parseInt(f[5]), Double.parseDouble(f[6]),
          Double.parseDouble(f[7]), numbers(f[8]), numbers(f[9]));
      case "apart8" -> new Apart(f[1], process, f[3], f[4], Double.parseDouble(f[5]), Double.parseDouble(f[6]),
          Boolean.parseBoolean(f[7]));
      case "missing5" -> new Missing(f[1], process, f[3], f[4], Missing.old(f[4]));
      case "missing6" -> new Missing(f[1], process, f[3], f[4], Missing.Why.valueOf(f[5]));
      case "figure5" -> new Figure(f[1], process, f[3], f[4]);
      case "done3" -> new Done(f[1], process);
      case "now4" -> new Now(f[1], process, f[3]);
      default -> null;
    };
  }

  private static String join(Object... fields) {
    return String.join("\t", Arrays.stream(fields).map(f -> f.toString().replaceAll("\\s+", " ").strip()).toList());
  }

  private static String numbers(double[] v) { return String.join(" ", Arrays.stream(v).mapToObj(Double::toString).toList()); }

  private static double[] numbers(String s) {
    return s.isEmpty() ? new double[0] : Arrays.stream(s.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
