package org.unroll.bench;

import java.util.List;

/**
 * How rows are measured: the same for all of them and in every process.
 *
 * @param processes how many JVMs measure each row
 * @param threads each engine is measured with 1 to so many
 * @param quick short turns, no large rows: to see that it works
 * @param peers names of those that take part; empty for all
 * @param python an interpreter that may have PyTorch, JAX or TensorFlow; empty for none
 */
record Plan(int processes, int threads, boolean quick, List<String> peers, String python) {
  private static final double PATIENCE_FOR_CALM = 4;
  /** The name of a quick one. */
  static final String QUICK = "quick";

  /** As figures bear it. */
  String name() { return quick ? QUICK : "full"; }

  Race race() { return quick ? new Race(2, 1, 0.3, 0.05) : new Race(3, processes == 1 ? 3 : 2, 0.9, 0.15); }

  /** For one race. @param peak of all threads, operations a second; 0 if it was not measured */
  Calm calm(double peak) { return Calm.of(threads, peak, quick ? 0 : PATIENCE_FOR_CALM); }

  /** Seconds after which a measuring process is given up. */
  int patience() { return quick ? 300 : 420; }

  /** As one argument for a measuring process. */
  String child() { return String.join("\n", processes + "", threads + "", quick + "", String.join(",", peers), python); }

  /** What {@link #child} gave. */
  static Plan parse(String s) {
    var f = s.split("\n", -1);
    return new Plan(Integer.parseInt(f[0]), Integer.parseInt(f[1]), Boolean.parseBoolean(f[2]),
        f[3].isEmpty() ? List.of() : List.of(f[3].split(",")), f[4]);
  }
}
