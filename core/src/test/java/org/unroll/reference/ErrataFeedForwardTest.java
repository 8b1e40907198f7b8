package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.reference.ReferenceLayer.Activation;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Function;

/** Backpropagation through a feed-forward network by hand: algorithm 23.3 of document 000 as it must be, and as it is printed. */
class ErrataFeedForwardTest {
  private static final int N = 4;                             // every layer is as wide: a wrong index keeps its shape
  private static final int LAYERS = 3;

  private final Map<String, double[]> v = new HashMap<>();
  private final double[] target = Nets.some(9, N, 1);

  ErrataFeedForwardTest() {
    for (int l = 1; l <= LAYERS; l++) v.putAll(Nets.dense("l" + l, N, N, 10 * l));
    v.put("x", Nets.some(50, N, 1));
  }

  private Map<String, double[]> reference() {
    var layers = new ReferenceLayer[2 * LAYERS];
    for (int l = 0; l < LAYERS; l++) {
      layers[2 * l] = new Dense("l" + (l + 1), N, N, null);
      layers[2 * l + 1] = new Activation(Function.SIGMOID);
    }
    return new ReferenceModel(layers).run(Sequences.ofVectors(N, 1), v,
        new ReferenceLoss.SquaredError(ReferenceLoss.At.EVERY_STEP, target, 1)).gradients();
  }

  /**
   * ∂L/∂W of every layer, L = ½ Σ (h − target)².
   *
   * @param rate η by which W is updated before it carries δ down: 0 is right
   * @param slopeAbove whether the slope is that of the layer above: document 000 has ∂a/∂z^(t) for ∂a/∂z^(t−1)
   */
  private Map<String, double[]> byHand(double rate, boolean slopeAbove) {
    var h = new double[LAYERS + 1][];
    h[0] = v.get("x");
    for (int l = 1; l <= LAYERS; l++) {
      h[l] = new double[N];
      for (int k = 0; k < N; k++) {
        double z = v.get("l" + l + ".b")[k];
        for (int i = 0; i < N; i++) z += h[l - 1][i] * v.get("l" + l + ".W")[i * N + k];
        h[l][k] = 1 / (1 + Math.exp(-z));
      }
    }
    var gradients = new HashMap<String, double[]>();
    var delta = new double[N];
    for (int k = 0; k < N; k++) delta[k] = (h[LAYERS][k] - target[k]) * h[LAYERS][k] * (1 - h[LAYERS][k]);
    for (int l = LAYERS; l >= 1; l--) {
      var dW = new double[N * N];
      for (int i = 0; i < N; i++) for (int k = 0; k < N; k++) dW[i * N + k] = h[l - 1][i] * delta[k];
      gradients.put("l" + l + ".W", dW);
      gradients.put("l" + l + ".b", delta);
      var below = new double[N];
      for (int i = 0; i < N; i++) {
        for (int k = 0; k < N; k++) below[i] += (v.get("l" + l + ".W")[i * N + k] - rate * dW[i * N + k]) * delta[k];
        double y = slopeAbove ? h[l][i] : h[l - 1][i];
        below[i] *= y * (1 - y);
      }
      delta = below;
    }
    return gradients;
  }

  private double off(Map<String, double[]> got, String name) { return FiniteDifference.normRelative(got.get(name), reference().get(name)); }

  @Test void propagated_before_the_update_the_gradient_is_the_reference() {
    var right = byHand(0, false);
    right.keySet().forEach(name -> assertTrue(off(right, name) < 1e-13, name));
  }

  @Test void E10_updating_a_matrix_before_it_carries_delta_down_spoils_every_layer_below() {
    assertEquals(0, off(byHand(0.5, false), "l3.W"), 1e-13);  // the top layer is as it must be
    for (String name : new String[] {"l2.W", "l2.b", "l1.W", "l1.b"}) {
      double little = off(byHand(0.1, false), name);
      double much = off(byHand(0.5, false), name);
      assertTrue(little > 1e-3 && much > 4 * little, name + ": " + little + " and " + much);
    }
  }

  @Test void E10_the_slope_is_that_of_the_layer_that_delta_goes_to() {
    for (String name : new String[] {"l2.W", "l1.W"}) assertTrue(off(byHand(0, true), name) > 0.05, name + " " + off(byHand(0, true), name));
  }
}
