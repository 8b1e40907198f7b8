package org.unroll.bench;

import java.util.Arrays;
import java.util.Locale;

/** Statistics of a few measurements. */
final class Numbers {
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

  /** Nanoseconds with a fitting unit, three digits that count. */
  static String time(double nanos) {
    if (Double.isNaN(nanos)) return "–";
    double value = nanos >= 1e9 ? nanos / 1e9 : nanos >= 1e6 ? nanos / 1e6 : nanos / 1e3;
    String unit = nanos >= 1e9 ? "s" : nanos >= 1e6 ? "ms" : "µs";
    return digits(value) + " " + unit;
  }

  /** Three digits that count. */
  static String digits(double value) {
    return text(value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f", value);
  }
}
