package org.unroll.optim;

import java.util.List;

/**
 * AdaGrad (Duchi, Hazan, Singer 2011, diagonal form).
 * <pre>
 *   (1) s ← s + g²
 *   (2) w ← w − η g / (√s + ε)
 * </pre>
 *
 * @param epsilon ε, usually 1e-10
 */
public record AdaGrad(double epsilon) implements Optimizer {
  public AdaGrad {
    Setting.divisor("adagrad", epsilon);
  }

  @Override public List<String> slots() { return List.of("s"); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    float[] sum = s[0];
    float eta = (float) rate;
    float eps = (float) epsilon;
    for (int k = from; k < to; k++) {
      sum[k] = Math.fma(g[k], g[k], sum[k]);                             // (1)
      w[k] = w[k] - eta * g[k] / ((float) Math.sqrt(sum[k]) + eps);    // (2)
    }
  }
}
