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
 */
public record Item(String label, String equation, String worked, double value, double difference) {

  /** Whether it is given, and not the result of an equation. */
  public boolean given() { return equation.equals(label); }

  /** Whether an exercise may ask for it. */
  public boolean asked() { return !given() && !worked.matches("(\\{[^}]*})?"); }

  /** Whether it is a gradient, with its finite difference. */
  public boolean gradient() { return !Double.isNaN(difference); }
}
