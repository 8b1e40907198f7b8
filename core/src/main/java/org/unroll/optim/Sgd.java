package org.unroll.optim;

import java.util.List;

/**
 * Gradient descent (Cauchy 1847; of a batch, stochastic: Robbins and Monro 1951). Full-batch when the gradient is that of all data.
 * <pre>
 *   (1) w ← w − η g
 * </pre>
 */
public record Sgd() implements Optimizer {
  @Override public List<String> slots() { return List.of(); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    float minusEta = (float) -rate;
    for (int k = from; k < to; k++) w[k] = Math.fma(minusEta, g[k], w[k]);   // (1)
  }
}
