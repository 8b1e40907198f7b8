package org.unroll.tasks.lesson;

/**
 * One number of a lesson.
 *
 * @param label what it is called, unique within the lesson: {@code δa_f}
 * @param equation how it comes about: {@code δa_f = δf ⊙ f ⊙ (1 − f)}; the label alone for a number that is given
 * @param worked the same with other numbers put in, their labels in braces: <code>{δf}·{f}·(1 − {f})</code>; empty where there
 *     is nothing to work out by hand
 * @param value from the reference or from a pass
 * @param difference the value by finite differences; NaN where it is no gradient
 * @param digits significant digits with which it is written, so that what is worked out with it has three of its own
 * @param fair whether what is worked out from the numbers as they are written has three digits of the value
 */
public record Item(String label, String equation, String worked, double value, double difference, int digits, boolean fair) {
  /** Digits that are enough for most. */
  static final int USUAL = 6;

  Item(String label, String equation, String worked, double value, double difference) {
    this(label, equation, worked, value, difference, USUAL, true);
  }

  /** Whether it is given, and not the result of an equation. */
  public boolean given() { return equation.equals(label); }

  /** Whether an exercise may ask for it. */
  public boolean asked() { return fair && computed(); }

  /** Whether there is something to work out. */
  boolean computed() { return !given() && !worked.matches("(\\{[^}]*})?|0"); }

  /** Whether it is a gradient, with its finite difference. */
  public boolean gradient() { return !Double.isNaN(difference); }

  /** The value as the lesson writes it. */
  public String written() { return Digits.of(value, digits); }

  Item with(int digits, boolean fair) { return new Item(label, equation, worked, value, difference, digits, fair); }
}
