package org.unroll.bench;

import java.util.Arrays;
import java.util.Locale;

/** Statistics of a few measurements. */
final class Numbers {
  private static final int MOST_DECIMALS = 6;

  private Numbers() {}

  /** The middle one, or the mean of the two in the middle. NaN of none. */
  static double median(double... values) {
    if (values.length == 0) return Double.NaN;
    double[] v = values.clone();
    Arrays.sort(v);
    return (v[(v.length - 1) / 2] + v[v.length / 2]) / 2;
  }

  /** The smallest value that at least the share {@code p} of them does not exceed. NaN of none. */
  static double quantile(double p, double... values) {
    if (values.length == 0) return Double.NaN;
    double[] v = values.clone();
    Arrays.sort(v);
    return v[Math.max(0, (int) Math.ceil(p * v.length) - 1)];
  }

  static double least(double... values) { return Arrays.stream(values).min().orElse(Double.NaN); }

  static double most(double... values) { return Arrays.stream(values).max().orElse(Double.NaN); }

  /** As the format says, with a point in fractions everywhere. */
  static String text(String format, Object... args) { return String.format(Locale.ROOT, format, args); }

  /** Nanoseconds with a fitting unit, three digits that count, as {@link #digits} has them. */
  static String time(double nanos, double... edges) {
    if (Double.isNaN(nanos)) return "–";
    double size = nanos >= 1e9 ? 1e9 : nanos >= 1e6 ? 1e6 : 1e3;
    String unit = nanos >= 1e9 ? "s" : nanos >= 1e6 ? "ms" : "µs";
    return digits(nanos / size, Arrays.stream(edges).map(e -> e / size).toArray()) + " " + unit;
  }

  /** Three digits that count; more where they would hide on which side of an edge the value is. */
  static String digits(double value, double... edges) {
    return beside(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, edges);
  }

  /** A share as per cent, without fractions but where these would hide on which side of an edge it is. */
  static String percent(double share, double... edges) {
    return beside(100 * share, 0, Arrays.stream(edges).map(e -> 100 * e).toArray()) + " %";
  }

  /** With so many decimals, or the first number of them that puts it on the right side of every edge. */
  private static String beside(double value, int decimals, double... edges) {
    String shown = text("%." + decimals + "f", value);
    boolean right = Double.isNaN(value) || Arrays.stream(edges).allMatch(e -> side(Double.parseDouble(shown), e) == side(value, e));
    return right || decimals >= MOST_DECIMALS ? shown : beside(value, decimals + 1, edges);
  }

  private static double side(double value, double edge) { return Math.signum(value - edge); }
}
