package org.unroll.reference;

import java.util.function.ToDoubleFunction;

/** Gradients by central differences of fourth order, for checking others. In double only: in float they are useless. */
public final class FiniteDifference {
  /** Half the distance between the two inner points: small enough for a layer normalisation of nearly equal numbers. */
  public static final double STEP = 2.5e-4;
  /** Gradients below this are compared absolutely. */
  public static final double SMALL = 1e-4;

  private FiniteDifference() {}

  /** (8 (f₊ − f₋) − (f₊₊ − f₋₋)) / 12 h for every element; its error is of order h⁴. {@code at} is left as it was. */
  public static double[] gradient(ToDoubleFunction<double[]> f, double[] at) {
    var g = new double[at.length];
    for (int i = 0; i < at.length; i++) g[i] = partial(f, at, i);
    return g;
  }

  /** One element of {@link #gradient}. */
  public static double partial(ToDoubleFunction<double[]> f, double[] at, int i) { return partial(f, at, i, STEP); }

  /** The same over another distance h. */
  public static double partial(ToDoubleFunction<double[]> f, double[] at, int i, double h) {
    double was = at[i];
    double inner = value(f, at, i, was + h) - value(f, at, i, was - h);
    double outer = value(f, at, i, was + 2 * h) - value(f, at, i, was - 2 * h);
    at[i] = was;
    return (8 * inner - outer) / (12 * h);
  }

  private static double value(ToDoubleFunction<double[]> f, double[] at, int i, double v) {
    at[i] = v;
    return f.applyAsDouble(at);
  }

  /** The worst differences between two gradients. */
  public record Difference(double relative, double absolute) {
    /** Relative where the expected element is at least {@link #SMALL}, absolute elsewhere. */
    public static Difference between(double[] got, double[] expected) {
      if (got.length != expected.length) {
        throw new IllegalArgumentException("gradient: length is " + got.length + ", must be " + expected.length);
      }
      double relative = 0;
      double absolute = 0;
      for (int i = 0; i < got.length; i++) {
        double d = Math.abs(got[i] - expected[i]);
        if (Double.isNaN(d)) return new Difference(d, d);
        if (Math.abs(expected[i]) >= SMALL) relative = Math.max(relative, d / Math.abs(expected[i]));
        else absolute = Math.max(absolute, d);
      }
      return new Difference(relative, absolute);
    }

    /** The bars for double: 1e-6 relative, 1e-8 absolute. */
    public boolean isSmall() { return relative <= 1e-6 && absolute <= 1e-8; }
  }

  /** ‖got − expected‖ / ‖expected‖ in the Euclidean norm: how gradients in float are compared with these. */
  public static double normRelative(double[] got, double[] expected) {
    double d = 0;
    double e = 0;
    for (int i = 0; i < got.length; i++) {
      d += (got[i] - expected[i]) * (got[i] - expected[i]);
      e += expected[i] * expected[i];
    }
    return e == 0 ? Math.sqrt(d) : Math.sqrt(d / e);
  }
}
