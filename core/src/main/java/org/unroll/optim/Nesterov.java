package org.unroll.optim;

import java.util.List;

/**
 * Nesterov's accelerated gradient (Nesterov 1983).
 * <pre>
 *   (1) v ← μ v + g
 *   (2) w ← w − η (g + μ v)
 * </pre>
 * With a constant rate this is Sutskever, Martens, Dahl and Hinton 2013, eqs. 3 and 4, u ← μ u − η ∇f(θ + μ u); θ ← θ + u, for
 * w = θ + μ u and u = −η v: the weights kept are those at which the gradient is taken (as in PyTorch).
 *
 * @param momentum μ in [0, 1), usually 0.9
 */
public record Nesterov(double momentum) implements Optimizer {
  public Nesterov {
    Setting.share("nesterov", "momentum", momentum);
  }

  @Override public List<String> slots() { return List.of("v"); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    float[] v = s[0];
    float mu = (float) momentum;
    float minusEta = (float) -rate;
    for (int k = from; k < to; k++) {
      v[k] = Math.fma(mu, v[k], g[k]);                              // (1)
      w[k] = Math.fma(minusEta, Math.fma(mu, v[k], g[k]), w[k]);    // (2)
    }
  }
}
