package org.unroll.optim;

import java.util.List;

/**
 * Gradient descent with momentum (Polyak 1964). The rate stands outside of v, as in PyTorch, so a schedule acts at once.
 * <pre>
 *   (1) v ← μ v + g
 *   (2) w ← w − η v
 * </pre>
 *
 * @param momentum μ in [0, 1), usually 0.9
 */
public record Momentum(double momentum) implements Optimizer {
  public Momentum {
    Setting.share("momentum", "momentum", momentum);
  }

  @Override public List<String> slots() { return List.of("v"); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    float[] v = s[0];
    float mu = (float) momentum;
    float minusEta = (float) -rate;
    for (int k = from; k < to; k++) {
      v[k] = Math.fma(mu, v[k], g[k]);          // (1)
      w[k] = Math.fma(minusEta, v[k], w[k]);    // (2)
    }
  }
}
