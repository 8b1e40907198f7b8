package org.unroll.tasks.lesson;

import java.util.Locale;

/** Numbers as a lesson writes them, and answers as it judges them. */
public final class Digits {
  private Digits() {}

  /** Share of a unit of the third digit that numbers as they are written may be off by in what is worked out with them. */
  private static final double SLACK = 0.02;

  /** Six significant digits, without zeros at the end. */
  public static String of(double v) { return of(v, Item.USUAL); }

  /** So many significant digits, without zeros at the end. */
  public static String of(double v, int digits) {
    if (!Double.isFinite(v)) return Double.toString(v);
    if (v == 0) return "0";
    var s = String.format(Locale.ROOT, "%." + digits + "g", v);
    int e = s.indexOf('e');
    var front = e < 0 ? s : s.substring(0, e);
    if (front.contains(".")) front = front.replaceFirst("\\.?0+$", "");
    return e < 0 ? front : front + s.substring(e);
  }

  /** The same within a formula: what is negative stands in brackets. */
  static String operand(double v, int digits) { return v < 0 ? "(" + of(v, digits) + ")" : of(v, digits); }

  /**
   * Whether an answer has the three leading digits of the value: it is off by half a unit of the third at most, and by a little more for
   * the digits that the numbers it was worked out from were written without.
   */
  public static boolean right(double answer, double value) {
    return value == 0 ? Math.abs(answer) <= 5e-4 : Math.abs(answer - value) <= (0.5 + 1.5 * SLACK) * unit(value);
  }

  /** Whether what was worked out is near enough for its three digits to be {@link #right}. */
  static boolean near(double worked, double value) {
    return value == 0 ? Math.abs(worked) <= 1e-5 : Math.abs(worked - value) <= SLACK * unit(value);
  }

  /** Of the third digit. */
  private static double unit(double value) { return Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2); }
}
