package org.unroll.bench;

import java.util.Arrays;

/**
 * What one process measured of one engine at one number of threads.
 *
 * @param task train or stream
 * @param shape of the layer
 * @param engine whose
 * @param cold the first call, nanoseconds a step
 * @param rounds the median of each round, nanoseconds a step
 */
record Sample(String task, String shape, String engine, int threads, double cold, double[] rounds) {
  private static final String MARK = "#sample";

  double median() { return median(rounds); }

  /** As one line, from a measuring process to the one that reports. */
  String line() {
    var values = String.join(" ", Arrays.stream(rounds).mapToObj(Double::toString).toList());
    return String.join("\t", MARK, task, shape, engine, Integer.toString(threads), Double.toString(cold), values);
  }

  static boolean isLine(String line) { return line.startsWith(MARK); }

  static Sample parse(String line) {
    var f = line.split("\t");
    var rounds = Arrays.stream(f[6].split(" ")).mapToDouble(Double::parseDouble).toArray();
    return new Sample(f[1], f[2], f[3], Integer.parseInt(f[4]), Double.parseDouble(f[5]), rounds);
  }

  static double median(double... values) {
    double[] v = values.clone();
    Arrays.sort(v);
    return (v[(v.length - 1) / 2] + v[v.length / 2]) / 2;
  }
}
