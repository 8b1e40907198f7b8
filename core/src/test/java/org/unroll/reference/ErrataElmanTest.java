package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss.At;

/** The mistakes of the source documents on simple networks and GRU: the printed form fails, the corrected one passes. */
class ErrataElmanTest {
  private static final int N = 4;
  private static final int[] TARGETS = {1, 3, 0, 0, 2, 1};
  private static final int T = TARGETS.length;

  @Test void without_any_mistake_the_hand_derived_gradient_is_the_reference() {
    for (boolean tanh : new boolean[] {true, false}) {
      var net = net(tanh);
      var right = reference(net);
      net.gradients(Set.of()).forEach((name, d) -> assertTrue(off(d, right.get(name)) < 1e-13, name));
    }
  }

  @Test void E12_with_tanh_every_factor_has_one_minus_h_squared() {
    assertWrong("E12", "r.W", "r.R", "r.b", "x", "r.h0");
    var linear = net(false);                                                    // where φ is the identity the page is right
    var right = reference(linear);
    linear.gradients(Set.of("E12")).forEach((name, d) -> assertTrue(off(d, right.get(name)) < 1e-13, name));
  }

  /** ∂L/∂h_t = Σ_{i=t..T} (W_hhᵀ)^{T−i} W_qhᵀ ∂L/∂o_{T+t−i}. */
  @Test void E12_the_closed_form_holds_for_the_identity_and_not_for_tanh() {
    for (boolean tanh : new boolean[] {false, true}) {
      var net = net(tanh);
      var dh0 = new double[N];
      for (int i = 1; i <= T; i++) {
        double[] term = net.times("o.W", net.output(T + 1 - i, false));
        for (int power = 0; power <= T - i; power++) term = net.times("r.R", term);
        for (int k = 0; k < N; k++) dh0[k] += term[k];
      }
      double off = off(dh0, reference(net).get("r.h0"));
      assertTrue(tanh ? off > 0.1 : off < 1e-13, "tanh " + tanh + ": " + off);
    }
  }

  @Test void E17_a_bias_in_both_products_counts_twice() {
    var net = net(true);
    var body = new ReferenceModel(new Recurrent("r", "elman", N, N, false));
    double[] y = body.run(Sequences.ofVectors(N, T), layer(net.v), new ReferenceLoss.Linear(new double[T * N], Map.of())).y();
    assertTrue(off(states(net), y) < 1e-13);
    assertTrue(off(states(new HandElman(N, TARGETS, true, 2, net.v)), y) > 0.1);
  }

  @Test void E17_output_deltas_go_with_the_state_of_their_step_and_recurrent_ones_with_the_layers_own_state_before() {
    assertWrong("E17 V", "o.W");
    assertWrong("E17 W", "r.R");
  }

  @Test void E18_softmax_has_no_element_wise_derivative() {
    assertWrong("E18", "o.W", "o.b", "r.W", "r.R", "r.b");
    var gold = new WorkedExample();
    double[] p = gold.numbers("o");
    double[] delta = gold.numbers("delta_out");
    double literal = -1 / p[0] * p[0] * (1 - p[0]);                             // and 0 for the classes that are not the target
    assertArrayEquals(new double[] {p[0] - 1, p[1], p[2]}, new double[] {delta[0], delta[1], delta[2]}, 1e-15);
    assertEquals(-0.78, literal, 0.005);
    assertEquals(0.318, delta[1], 0.0005);
  }

  @Test void E19_the_slope_is_one_minus_s_squared_and_not_that_of_the_state() {
    assertWrong("E19", "r.W", "r.R", "r.b", "x", "r.h0");
    double s = new WorkedExample().numbers("s")[4];
    assertEquals(0.012, 1 - s * s, 0.0005);
    assertEquals(0.42, 1 - Math.tanh(s) * Math.tanh(s), 0.005);
  }

  /** δ_k of net_k = x_k + W f(net_{k−1}), loss at the last step: the gradient by x_k is δ_k where the input matrix is 1. */
  @Test void E20_the_error_meets_the_weights_before_the_slopes() {
    var v = layer(net(true).v);
    v.put("r.W", identity());
    double[] dy = new double[T * N];
    System.arraycopy(Nets.some(80, N, 1), 0, dy, (T - 1) * N, N);
    var r = new ReferenceModel(new Recurrent("r", "elman", N, N, false)).run(Sequences.ofVectors(N, T), v,
        new ReferenceLoss.Linear(dy, Map.of()));
    double[] right = step(r.gradients().get("x"), T - 1);                       // δ_T
    double[] printed = right;
    for (int t = T - 2; t >= T - 4; t--) {
      double[] slope = step(r.y(), t);
      for (int k = 0; k < N; k++) slope[k] = 1 - slope[k] * slope[k];
      right = scaled(times(v.get("r.R"), right), slope);                        // δᵀ W diag f′
      printed = times(v.get("r.R"), scaled(printed, slope));                    // δᵀ diag f′ W
    }
    double[] truth = step(r.gradients().get("x"), T - 4);
    assertTrue(off(right, truth) < 1e-13);
    assertTrue(off(printed, truth) > 0.1, "off by " + off(printed, truth));
  }

  /** h_t = W σ(h_{t−1}) + u_t, columns; ∂h_3/∂h_0. */
  @Test void E28_the_jacobian_of_three_steps_has_W_and_not_its_transpose() {
    double[] w = Nets.some(90, N * N, 0.8);                                     // W[k][j] at k · N + j
    var tape = new Tape();
    int matrix = tape.leaves(w);
    int[] h = Graph.range(tape.leaves(Nets.some(91, N, 1)), N);
    int start = h[0];
    double[][] right = unit();
    double[][] printed = unit();
    for (int t = 0; t < 3; t++) {
      var before = h;
      var s = new int[N];
      for (int k = 0; k < N; k++) s[k] = tape.sigmoid(before[k]);
      h = new int[N];
      for (int k = 0; k < N; k++) h[k] = tape.plus(tape.dot(s, matrix + k * N, 1), tape.leaf(0.1 * (k - t)));
      right = product(right, s, tape, w, false);
      printed = product(printed, s, tape, w, true);
    }
    for (int k = 0; k < N; k++) {
      double[] d = tape.gradient(h[k]);
      var truth = java.util.Arrays.copyOfRange(d, start, start + N);
      assertTrue(off(right[k], truth) < 1e-13);
      assertTrue(off(printed[k], truth) > 0.1, "off by " + off(printed[k], truth));
    }
  }

  @Test void E25_the_two_signs_of_the_update_gate_are_one_network_with_its_update_block_negated() {
    for (String cell : List.of("gru-before", "gru")) {
      var v = Nets.recurrent("r", cell, N, N, 1, 10);
      v.put("x", Nets.some(50, T * N, 1));
      var negated = new LinkedHashMap<>(v);
      boolean after = cell.equals("gru");
      negated.put("r.W", ReferenceCellTest.blocks(v.get("r.W"), 3, new int[] {0, 1, 2}, new int[] {1, -1, 1}));
      negated.put("r.R", after ? ReferenceCellTest.blocks(v.get("r.R"), 3, new int[] {0, 1, 2}, new int[] {1, 1, -1})
          : ReferenceCellTest.blocks(v.get("r.R"), 2, new int[] {0, 1}, new int[] {1, -1}));
      negated.put("r.b", after ? ReferenceCellTest.blocks(v.get("r.b"), 4, new int[] {0, 1, 2, 3}, new int[] {1, 1, -1, 1})
          : ReferenceCellTest.blocks(v.get("r.b"), 3, new int[] {0, 1, 2}, new int[] {1, -1, 1}));
      double[] y = outputs(cell, v);
      assertTrue(off(outputs(cell + "-write", negated), y) < 1e-14);
      assertTrue(off(outputs(cell + "-write", v), y) > 0.1);                  // the other sign without it
    }
  }

  private static double[] outputs(String cell, Map<String, double[]> v) {
    return new ReferenceModel(new Recurrent("r", cell, N, N, false))
        .run(Sequences.ofVectors(N, T), v, new ReferenceLoss.Linear(new double[T * N], Map.of())).y();
  }

  /** J W diag σ′(h), or with Wᵀ; the newest factor stands on the left, so J is the newest. */
  private static double[][] product(double[][] J, int[] s, Tape tape, double[] w, boolean transposed) {
    var to = new double[N][N];
    for (int k = 0; k < N; k++) {
      for (int j = 0; j < N; j++) {
        double slope = tape.value(s[j]) * (1 - tape.value(s[j]));
        for (int i = 0; i < N; i++) to[k][i] += (transposed ? w[j * N + k] : w[k * N + j]) * slope * J[j][i];
      }
    }
    return to;
  }

  private static void assertWrong(String id, String... arrays) {
    var net = net(true);
    var right = reference(net);
    var printed = net.gradients(Set.of(id));
    for (String name : arrays) assertTrue(off(printed.get(name), right.get(name)) > 0.05, id + " " + name);
  }

  private static HandElman net(boolean tanh) {
    var v = Nets.recurrent("r", "elman", N, N, 1, 10);
    v.putAll(Nets.dense("o", N, N, 30));
    v.put("x", Nets.some(50, T * N, 1));
    return new HandElman(N, TARGETS, tanh, 1, v);
  }

  private static Map<String, double[]> reference(HandElman net) {
    String cell = net.tanh ? "elman" : "elman-identity";
    var model = new ReferenceModel(new Recurrent("r", cell, N, N, false), new Dense("o", N, N, null));
    var loss = new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, new int[][] {TARGETS}, 1);
    return model.run(Sequences.ofVectors(N, T), net.v, loss).gradients();
  }

  private static LinkedHashMap<String, double[]> layer(Map<String, double[]> v) {
    var l = new LinkedHashMap<>(v);
    l.keySet().removeIf(name -> name.startsWith("o."));
    return l;
  }

  private static double[] states(HandElman net) {
    return java.util.Arrays.stream(net.s).skip(1).flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  private static double off(double[] got, double[] expected) { return FiniteDifference.normRelative(got, expected); }

  private static double[] step(double[] x, int t) { return java.util.Arrays.copyOfRange(x, t * N, (t + 1) * N); }

  private static double[] times(double[] m, double[] d) {
    var to = new double[N];
    for (int j = 0; j < N; j++) for (int k = 0; k < N; k++) to[j] += m[j * N + k] * d[k];
    return to;
  }

  private static double[] scaled(double[] d, double[] by) {
    var s = new double[N];
    for (int k = 0; k < N; k++) s[k] = d[k] * by[k];
    return s;
  }

  private static double[] identity() {
    return java.util.Arrays.stream(unit()).flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  private static double[][] unit() {
    var u = new double[N][N];
    for (int k = 0; k < N; k++) u[k][k] = 1;
    return u;
  }
}
