package org.unroll.look;

/**
 * How a gradient's norm falls with the lag: the straight line that fits its logarithm best.
 * <pre>
 *   (1) norm ≈ e^intercept · rate^lag
 *   (2) half-life = −log 2 / log rate      the lags in which the norm halves
 * </pre>
 *
 * @param rate factor of one step back; above 1 the gradient grows
 * @param intercept logarithm of the line at lag 0
 * @param r2 share of the logarithm's variance that the line explains
 * @param points lags it was fitted to: those whose norm is above 0
 */
public record Decay(double rate, double intercept, double r2, int points) {
  /** Through fewer lags no line is laid: its slope would be that of a few steps' accidents. */
  public static final int LEAST = 8;

  /** Least squares over lags 1, 2, …; norms of 0 are left out. NaN where fewer than {@value #LEAST} are left. */
  public static Decay of(double[] norms) {
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < norms.length; i++) {
      if (!(norms[i] > Float.MIN_NORMAL)) continue;
      double lag = i + 1, log = Math.log(norms[i]);
      n++;
      x += lag;
      y += log;
      xx += lag * lag;
      xy += lag * log;
      yy += log * log;
    }
    if (n < LEAST) return new Decay(Double.NaN, Double.NaN, Double.NaN, (int) n);
    double slope = (n * xy - x * y) / (n * xx - x * x), intercept = (y - slope * x) / n;
    double spread = n * yy - y * y;
    double r2 = spread <= 0 ? 1 : (n * xy - x * y) * (n * xy - x * y) / ((n * xx - x * x) * spread);
    return new Decay(Math.exp(slope), intercept, r2, (int) n);                                             // (1)
  }

  /** Whether there is a line. */
  public boolean fitted() { return points >= LEAST; }

  /** Lags in which the norm halves; infinite where it does not fall, NaN where there is no line. */
  public double halfLife() {
    if (Double.isNaN(rate)) return Double.NaN;
    return rate < 1 ? -Math.log(2) / Math.log(rate) : Double.POSITIVE_INFINITY;                            // (2)
  }
}
