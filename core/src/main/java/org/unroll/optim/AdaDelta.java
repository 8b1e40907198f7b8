package org.unroll.optim;

import java.util.List;

/**
 * AdaDelta (Zeiler 2012, algorithm 1): s ← ρ s + (1 − ρ) g²; Δ = √(d + ε) / √(s + ε) · g; d ← ρ d + (1 − ρ) Δ²; w ← w − η Δ.
 * The paper has no rate: η = 1.
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
      sum[k] = Math.fma(add * g[k], g[k], keep * sum[k]);
      float delta = (float) Math.sqrt(moved[k] + eps) / (float) Math.sqrt(sum[k] + eps) * g[k];
      moved[k] = Math.fma(add * delta, delta, keep * moved[k]);
      w[k] = Math.fma(minusEta, delta, w[k]);
    }
  }
}
