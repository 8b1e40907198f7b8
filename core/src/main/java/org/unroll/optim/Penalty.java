package org.unroll.optim;

import org.unroll.slab.Grads;
import org.unroll.slab.Params;

/**
 * A penalty on large weights, added to the loss; the sign of 0 is 0.
 * <pre>
 *   (1) L += L1 Σ|w| + ½ L2 Σ w²         (B1) g += L1 sign(w) + L2 w
 * </pre>
 *
 * @param l1 L1, 0 for none
 * @param l2 L2, 0 for none
 */
public record Penalty(double l1, double l2) {
  /** Adds nothing. */
  public static final Penalty NONE = new Penalty(0, 0);

  public Penalty {
    Setting.notNegative("penalty", "l1", l1);
    Setting.notNegative("penalty", "l2", l2);
  }

  /** Adds to the gradients of the matrices; biases and weights per unit go free. */
  public void add(Params w, Grads g) { add(w, g, Windows.matrices(w)); }

  /** Adds L1 sign(w) + L2 w to the gradients of these windows. */
  public void add(Params w, Grads g, Windows where) {
    if (l1 == 0 && l2 == 0) return;
    for (var r : where.ranges()) add(w.array(), g.array(), r.from(), r.to());
  }

  private void add(float[] w, float[] g, int from, int to) {
    float a = (float) l1;
    float b = (float) l2;
    for (int k = from; k < to; k++) g[k] = Math.fma(b, w[k], Math.fma(a, Math.signum(w[k]), g[k]));        // (B1)
  }

  /** What it adds to the loss. */
  public double loss(Params w, Windows where) {
    double sum = 0;
    for (var r : where.ranges()) {
      for (int k = r.from(); k < r.to(); k++) {
        double x = w.array()[k];
        sum += l1 * Math.abs(x) + 0.5 * l2 * x * x;                                                // (1)
      }
    }
    return sum;
  }
}
