package org.unroll.optim;

import java.util.List;

/**
 * AdaDelta (Zeiler 2012, algorithm 1). The paper has no rate: η = 1.
 * <pre>
 *   (1) s ← ρ s + (1 − ρ) g²
 *   (2) Δ = √(d + ε) / √(s + ε) · g
 *   (3) d ← ρ d + (1 − ρ) Δ²
 *   (4) w ← w − η Δ
 * </pre>
 *
 * @param rho ρ in [0, 1), usually 0.9
 * @param epsilon ε, usually 1e-6
 */
public record AdaDelta(double rho, double epsilon) implements Optimizer {
  public AdaDelta {
    Setting.share("adadelta", "rho", rho);
    Setting.divisor("adadelta", epsilon);
  }

  @Override public List<String> slots() { return List.of("s", "d"); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    float[] sum = s[0];
    float[] moved = s[1];
    float minusEta = (float) -rate;
    float keep = (float) rho;
    float add = (float) (1 - rho);
    float eps = (float) epsilon;
    for (int k = from; k < to; k++) {
      sum[k] = Math.fma(add * g[k], g[k], keep * sum[k]);                                               // (1)
      float delta = (float) Math.sqrt(moved[k] + eps) / (float) Math.sqrt(sum[k] + eps) * g[k];       // (2)
      moved[k] = Math.fma(add * delta, delta, keep * moved[k]);                                        // (3)
      w[k] = Math.fma(minusEta, delta, w[k]);                                                            // (4)
    }
  }
}
