package org.unroll.tasks.errata;

import org.unroll.reference.FiniteDifference;

/**
 * A gradient or another array three times: as the printed form gives it, as the right one does, and what it must be.
 *
 * @param name of the array
 * @param entry the element at which the printed form is farthest off, row-major from 0
 * @param printed that element as the printed form gives it
 * @param right as the right form gives it
 * @param wanted what it must be: a difference quotient of the loss, or what an identity demands
 * @param printedError ‖printed − wanted‖ / ‖wanted‖ over the whole array, absolute where wanted is 0
 * @param rightError likewise of the right form
 */
public record Row(String name, int entry, double printed, double right, double wanted, double printedError, double rightError) {

  static Row of(String name, double[] printed, double[] right, double[] wanted) {
    int worst = 0;
    for (int i = 1; i < wanted.length; i++) {
      if (Math.abs(printed[i] - wanted[i]) > Math.abs(printed[worst] - wanted[worst])) worst = i;
    }
    return new Row(name, worst, printed[worst], right[worst], wanted[worst],
        FiniteDifference.normRelative(printed, wanted), FiniteDifference.normRelative(right, wanted));
  }

  static Row of(String name, double printed, double right, double wanted) {
    return of(name, new double[] {printed}, new double[] {right}, new double[] {wanted});
  }
}
