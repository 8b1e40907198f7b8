package org.unroll.optim;

import java.util.List;

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6e).
 * <pre>
 *   (1) s ← ρ s + (1 − ρ) g²
 *   (2) w ← w − η g / (√s + ε)
 * </pre>
 *
 * @param rho ρ in [0, 1), 0.9 in the lecture
 * @param epsilon ε, usually 1e-8
 */
public record RmsProp(double rho, double epsilon) implements Optimizer {
  public RmsProp {
    Setting.share("rmsprop", "rho", rho);
    Setting.divisor("rmsprop", epsilon);
  }

  @Override public List<String> slots() { return List.of("s"); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    float[] sum = s[0];
    float eta = (float) rate;
    float keep = (float) rho;
    float add = (float) (1 - rho);
    float eps = (float) epsilon;
    for (int k = from; k < to; k++) {
      sum[k] = Math.fma(add * g[k], g[k], keep * sum[k]);                // (1)
      w[k] = w[k] - eta * g[k] / ((float) Math.sqrt(sum[k]) + eps);    // (2)
    }
  }
}
