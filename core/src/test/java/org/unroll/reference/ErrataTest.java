package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss.At;

/**
 * The mistakes of the source documents on LSTM gradients: the printed form, put in place of ours, fails, the corrected one
 * passes. Named by the ids of the errata.
 */
class ErrataTest {
  private static final int N = 4;
  private static final int[] TARGETS = {1, 3, 0, 0, 2, 1, 3, 2};
  private static final ReferenceModel MODEL = new ReferenceModel(
      new Recurrent("r", "lstm", N, N, false), new Dense("o", N, N, null));

  @Test void without_any_mistake_the_hand_derived_gradient_is_the_reference() {
    for (boolean lastOnly : new boolean[] {false, true}) {
      var lstm = lstm(8, lastOnly, false);
      var right = reference(lstm, lastOnly);
      lstm.gradients(Set.of()).forEach((name, d) -> assertTrue(off(d, right.get(name)) < 1e-13, name));
    }
  }

  @Test void E01_y_minus_p_flips_every_gradient_and_the_loss_rises() {
    var lstm = lstm(6, false, false);
    var right = reference(lstm, false);
    lstm.gradients(Set.of("E01")).forEach((name, d) -> assertTrue(off(minus(d), right.get(name)) < 1e-13, name));
    double before = loss(lstm.v);
    assertTrue(loss(moved(lstm.v, lstm.gradients(Set.of("E01")), 0.05)) > before + 0.01);
    assertTrue(loss(moved(lstm.v, lstm.gradients(Set.of()), 0.05)) < before - 0.01);
  }

  @Test void E02_i_times_one_minus_o_spoils_the_output_gate_and_everything_below() {
    assertWrong("E02", 0.01, "r.W", "r.R", "r.b", "x", "r.h0", "r.c0");
    var lstm = lstm(1, true, false);                                            // of one step, the output gate alone
    var right = reference(lstm, true);
    var printed = lstm.gradients(Set.of("E02"));
    assertTrue(off(block(printed.get("r.b"), 3), block(right.get("r.b"), 3)) > 0.05);
    for (int gate = 0; gate < 3; gate++) assertTrue(off(block(printed.get("r.b"), gate), block(right.get("r.b"), gate)) < 1e-13);
  }

  @Test void E03_delta_of_the_next_step_with_this_state_is_wrong_as_soon_as_h0_is_not_zero() {
    assertWrong("E03", 0.05, "r.R");
    var fromZero = lstm(6, false, true);
    assertTrue(off(fromZero.gradients(Set.of("E03")).get("r.R"), reference(fromZero, false).get("r.R")) < 1e-13);
  }

  @Test void E04_the_output_bias_has_a_gradient_the_sum_of_p_minus_y() {
    var lstm = lstm(6, false, false);
    double[] right = reference(lstm, false).get("o.b");
    assertArrayEquals(new double[N], lstm.gradients(Set.of("E04")).get("o.b"));
    for (int k = 0; k < N; k++) {
      double sum = 0;
      for (int t = 1; t <= 6; t++) sum += lstm.p[t][k] - (TARGETS[t - 1] == k ? 1 : 0);
      assertEquals(sum, right[k], 1e-13);
    }
    assertTrue(Arrays.stream(right).map(Math::abs).max().orElse(0) > 0.1);
  }

  @Test void E05_matrices_transposed_on_the_way_back_are_tens_of_percent_off() {
    assertWrong("E05", 0.2, "r.W", "r.R", "r.b", "x", "r.h0", "r.c0");
  }

  @Test void E06_the_gradient_of_the_candidate_must_be_computed() {
    assertWrong("E06", 0.05, "r.W", "r.R", "r.b", "x", "r.h0", "r.c0");
  }

  @Test void E07_the_expansion_of_the_cell_needs_c0_and_no_condition_on_i1() {
    var l = lstm(6, false, false);
    for (int t = 1; t <= 6; t++) {
      for (int k = 0; k < N; k++) {
        double expansion = 0;
        double product = 1;
        for (int j = t; j >= 1; j--) {
          expansion += product * l.gate[j][0][k] * l.gate[j][2][k];
          product *= l.gate[j][1][k];
        }
        assertEquals(l.c[t][k], product * l.c[0][k] + expansion, 1e-12);
        assertTrue(Math.abs(l.c[t][k] - expansion) > 1e-6);                     // as printed
        assertTrue(l.gate[1][0][k] < 0.9);
      }
    }
  }

  @Test void E21_an_error_that_travels_through_h_alone_is_wrong_and_two_steps_from_zero_cannot_tell() {
    var lstm = lstm(8, true, false);
    var right = reference(lstm, true);
    var printed = lstm.gradients(Set.of("E21"));
    for (String name : List.of("r.W", "r.R", "r.b")) assertTrue(off(printed.get(name), right.get(name)) > 0.1, name);
    var two = lstm(2, true, true);
    var blind = two.gradients(Set.of("E21"));
    var truth = reference(two, true);
    assertTrue(off(blind.get("r.R"), truth.get("r.R")) < 1e-13);                // all that the article checks
    assertTrue(off(blind.get("r.W"), truth.get("r.W")) > 0.1);
    assertTrue(off(blind.get("r.b"), truth.get("r.b")) > 0.1);
  }

  @Test void E22_one_minus_tanh_squared_is_not_one_minus_tanh_squared_whole() {
    assertWrong("E22", 0.05, "r.W", "r.R", "r.b", "x", "r.h0", "r.c0");
  }

  @Test void E23_input_weights_need_every_step_and_each_bias_its_own_delta() {
    assertWrong("E23", 0.2, "r.W", "r.b");
    var lstm = lstm(6, false, false);
    var printed = lstm.gradients(Set.of("E23")).get("r.b");
    var right = reference(lstm, false).get("r.b");
    for (int gate : new int[] {0, 3}) assertTrue(off(block(printed, gate), block(right, gate)) > 0.1);
    for (int gate : new int[] {1, 2}) assertTrue(off(block(printed, gate), block(right, gate)) < 1e-13);
  }

  @Test void E24_the_error_goes_back_by_the_product_of_the_whole_jacobians() {
    var lstm = lstm(4, true, false);
    var d = Map.of("r.h", Nets.some(70, N, 1), "r.c", Nets.some(71, N, 1));
    var body = new ReferenceModel(new Recurrent("r", "lstm", N, N, false));
    var v = layer(lstm.v);
    var whole = body.run(Sequences.ofVectors(N, 4), v, new ReferenceLoss.Linear(new double[4 * N], d)).gradients();
    double[] truth = join(whole.get("r.h0"), whole.get("r.c0"));
    double[] error = join(d.get("r.h"), d.get("r.c"));
    double[] short_ = error;
    double[] hiddenOnly = join(d.get("r.h"), new double[N]);
    for (int t = 4; t >= 1; t--) {
      double[][] J = jacobian(lstm, t);
      error = times(error, J);
      if (t < 4) short_ = times(short_, J);                                     // one factor fewer
      hiddenOnly = join(Arrays.copyOf(times(hiddenOnly, J), N), new double[N]); // without the way through c
    }
    assertTrue(off(error, truth) < 1e-13);
    assertTrue(off(short_, truth) > 0.1);
    assertTrue(off(hiddenOnly, truth) > 0.1);
  }

  /** ∂(h, c) / ∂(h', c') of step t, from one-step runs of the reference. */
  private static double[][] jacobian(HandLstm lstm, int t) {
    var v = layer(lstm.v);
    v.put("x", lstm.x(t));
    v.put("r.h0", lstm.h[t - 1]);
    v.put("r.c0", lstm.c[t - 1]);
    var J = new double[2 * N][];
    for (int i = 0; i < 2 * N; i++) {
      var unit = new double[N];
      unit[i % N] = 1;
      var loss = new ReferenceLoss.Linear(new double[N], Map.of(i < N ? "r.h" : "r.c", unit));
      var g = new ReferenceModel(new Recurrent("r", "lstm", N, N, false)).run(Sequences.ofVectors(N, 1), v, loss).gradients();
      J[i] = join(g.get("r.h0"), g.get("r.c0"));
    }
    return J;
  }

  private static double[] times(double[] row, double[][] J) {
    var to = new double[J[0].length];
    for (int i = 0; i < J.length; i++) for (int j = 0; j < to.length; j++) to[j] += row[i] * J[i][j];
    return to;
  }

  private static double[] join(double[] a, double[] b) {
    double[] j = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, j, a.length, b.length);
    return j;
  }

  /** With the printed form these arrays are off in norm, by more than {@code least} of it. */
  private static void assertWrong(String id, double least, String... arrays) {
    var lstm = lstm(6, false, false);
    var right = reference(lstm, false);
    var printed = lstm.gradients(Set.of(id));
    for (String name : arrays) {
      double off = off(printed.get(name), right.get(name));
      assertTrue(off > least, id + " " + name + " is off by " + off);
    }
  }

  private static double off(double[] got, double[] expected) { return FiniteDifference.normRelative(got, expected); }

  private static double[] block(double[] b, int gate) { return Arrays.copyOfRange(b, gate * N, (gate + 1) * N); }

  private static double[] minus(double[] d) { return Arrays.stream(d).map(a -> -a).toArray(); }

  private static HandLstm lstm(int steps, boolean lastOnly, boolean fromZero) {
    var v = Nets.recurrent("r", "lstm", N, N, 1, 10);
    v.putAll(Nets.dense("o", N, N, 30));
    v.put("x", Nets.some(50, steps * N, 1));
    if (fromZero) for (String s : List.of("r.h0", "r.c0")) v.put(s, new double[N]);
    return new HandLstm(N, Arrays.copyOf(TARGETS, steps), lastOnly, v);
  }

  private static LinkedHashMap<String, double[]> layer(Map<String, double[]> v) {
    var l = new LinkedHashMap<>(v);
    l.keySet().removeIf(name -> name.startsWith("o."));
    return l;
  }

  private static Map<String, double[]> reference(HandLstm lstm, boolean lastOnly) {
    int[] targets = Arrays.copyOf(TARGETS, lstm.steps);
    var loss = lastOnly
        ? new ReferenceLoss.SoftmaxCrossEntropy(At.LAST_STEP, new int[][] {{targets[lstm.steps - 1]}}, 1)
        : new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, new int[][] {targets}, 1);
    return MODEL.run(Sequences.ofVectors(N, lstm.steps), lstm.v, loss).gradients();
  }

  private static double loss(Map<String, double[]> v) {
    int[][] targets = {Arrays.copyOf(TARGETS, 6)};
    return MODEL.loss(Sequences.ofVectors(N, 6), v, new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, targets, 1));
  }

  /** θ − rate · gradient. */
  private static Map<String, double[]> moved(Map<String, double[]> v, Map<String, double[]> d, double rate) {
    var m = new LinkedHashMap<String, double[]>();
    v.forEach((name, a) -> {
      double[] to = a.clone();
      for (int i = 0; i < to.length; i++) to[i] -= rate * d.get(name)[i];
      m.put(name, to);
    });
    return m;
  }
}
