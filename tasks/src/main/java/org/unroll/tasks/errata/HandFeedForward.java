package org.unroll.tasks.errata;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Backpropagation through sigmoid layers l1, l2, … of one width by hand, as algorithm 23.3 of document 000 has it. The loss is
 * ½ Σ (h − target)².
 *
 * @param layers how many
 * @param v arrays by the reference's names, "x" among them
 */
record HandFeedForward(int layers, double[] target, Map<String, double[]> v) {

  /**
   * ∂L/∂W and ∂L/∂b of every layer.
   *
   * @param rate η by which W is updated before it carries δ down, as printed; 0 is right
   * @param slopeAbove whether the slope is that of the layer above: ∂a/∂z^(t) for ∂a/∂z^(t−1)
   */
  Map<String, double[]> gradients(double rate, boolean slopeAbove) {
    int N = target.length;
    double[][] h = forward();
    var gradients = new LinkedHashMap<String, double[]>();
    var delta = new double[N];
    for (int k = 0; k < N; k++) delta[k] = (h[layers][k] - target[k]) * slope(h[layers][k]);
    for (int l = layers; l >= 1; l--) {
      var dW = new double[N * N];
      for (int i = 0; i < N; i++) for (int k = 0; k < N; k++) dW[i * N + k] = h[l - 1][i] * delta[k];
      gradients.put("l" + l + ".W", dW);
      gradients.put("l" + l + ".b", delta);
      var below = new double[N];
      for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) below[i] += (v.get("l" + l + ".W")[i * N + k] - rate * dW[i * N + k]) * delta[k];
        below[i] *= slope(slopeAbove ? h[l][i] : h[l - 1][i]);
      }
      delta = below;
    }
    return gradients;
  }

  private double[][] forward() {
    int N = target.length;
    var h = new double[layers + 1][];
    h[0] = v.get("x");
    for (int l = 1; l <= layers; l++) {
      h[l] = new double[N];
      for (int k = 0; k < N; k++) {
        double z = v.get("l" + l + ".b")[k];
        for (int i = 0; i < N; i++) z += h[l - 1][i] * v.get("l" + l + ".W")[i * N + k];
        h[l][k] = 1 / (1 + StrictMath.exp(-z));
      }
    }
    return h;
  }

  private static double slope(double y) { return y * (1 - y); }
}
