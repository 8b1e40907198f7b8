package org.unroll.tasks.lesson;

import java.util.Locale;

/** Numbers as a lesson writes them, and answers as it judges them. */
public final class Digits {
  private Digits() {}

  /** Six significant digits, without zeros at the end. */
  public static String of(double v) {
    if (!Double.isFinite(v)) return Double.toString(v);
    if (v == 0) return "0";
    var s = String.format(Locale.ROOT, "%.6g", v);
    int e = s.indexOf('e');
    var digits = e < 0 ? s : s.substring(0, e);
    if (digits.contains(".")) digits = digits.replaceFirst("\\.?0+$", "");
    return e < 0 ? digits : digits + s.substring(e);
  }

  /** The same within a formula: what is negative stands in brackets. */
  static String operand(double v) { return v < 0 ? "(" + of(v) + ")" : of(v); }

  /** Whether an answer has the three leading digits of the value: it is off by half a unit of the third at most. */
  public static boolean right(double answer, double value) {
    if (value == 0) return Math.abs(answer) <= 5e-4;
    double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2);
    return Math.abs(answer - value) <= 0.5 * unit * (1 + 1e-9);
  }
}
