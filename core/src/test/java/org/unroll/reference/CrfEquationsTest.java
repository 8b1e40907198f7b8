package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.head.Labellings;

/** The reference's CRF against all K^T labellings, in double; and erratum E09. */
class CrfEquationsTest {

  static Stream<Labellings> small() {
    return IntStream.rangeClosed(1, 5).boxed().flatMap(T -> IntStream.rangeClosed(1, 4).mapToObj(K -> Labellings.random(T, K, 1.5, 31L * T + K)));
  }

  private final Tape tape = new Tape();

  private int[][] leaves(double[][] m) {
    var at = new int[m.length][];
    for (int r = 0; r < m.length; r++) at[r] = Graph.range(tape.leaves(m[r]), m[r].length);
    return at;
  }

  private CrfEquations crf(Labellings all) {
    int between = tape.leaves(Arrays.stream(all.A()).flatMapToDouble(Arrays::stream).toArray());
    return new CrfEquations(tape, all.labels(), between, tape.leaves(all.start()), tape.leaves(all.end()));
  }

  @ParameterizedTest
  @MethodSource("small")
  void logZ_of_the_forward_algorithm_is_that_of_all_labellings(Labellings all) {
    assertEquals(all.logZ(), tape.value(crf(all).logZ(leaves(all.B()))), 1e-12);
  }

  @ParameterizedTest
  @MethodSource("small")
  void loss_of_each_labelling_is_its_negative_log_probability(Labellings all) {
    var crf = crf(all);
    int[][] B = leaves(all.B());
    for (var y : all.all()) assertEquals(all.logZ() - all.score(y), tape.value(crf.loss(B, y)), 1e-12);
  }

  /** ∂ log Z / ∂B_t(k) is the marginal, ∂ log Z / ∂A(i, j) the expected number of times that j follows i. */
  @ParameterizedTest
  @MethodSource("small")
  void gradient_of_logZ_is_the_marginals(Labellings all) {
    var crf = crf(all);
    int[][] B = leaves(all.B());
    double[] d = tape.gradient(crf.logZ(B));
    for (int t = 0; t < all.steps(); t++) {
      for (int k = 0; k < all.labels(); k++) {
        int step = t, label = k;
        assertEquals(all.probability(y -> y[step] == label), d[B[t][k]], 1e-12);
      }
    }
    for (int i = 0; i < all.labels(); i++) {
      for (int j = 0; j < all.labels(); j++) {
        double expected = 0;
        for (int t = 1; t < all.steps(); t++) {
          int step = t, from = i, to = j;
          expected += all.probability(y -> y[step - 1] == from && y[step] == to);
        }
        assertEquals(expected, d[crf.between() + i * all.labels() + j], 1e-12);
      }
    }
  }

  @Test void gradients_of_a_ragged_batch_agree_with_differences() {
    var model = new ReferenceModel(new ReferenceLayer.Recurrent("r", "lstm", 3, 4, false), new ReferenceLayer.Dense("out", 4, 5, null));
    var values = Nets.recurrent("r", "lstm", 3, 4, 4, 10);
    values.putAll(Nets.dense("out", 4, 5, 30));
    values.put("x", Nets.some(50, 6 * 4 * 3, 1));
    values.put("crf.A", Nets.some(60, 25, 0.8));
    values.put("crf.start", Nets.some(61, 5, 0.8));
    values.put("crf.end", Nets.some(62, 5, 0.8));
    var in = Sequences.ofVectors(3, 4, 6, 1, 0);
    var loss = new ReferenceLoss.Crf("crf", 5, new int[][] {{1, 4, 0, 2}, {3, 3, 0, 1, 2, 4}, {2}, {}}, 0.25);
    var r = model.run(in, values, loss);
    for (String name : values.keySet()) {
      double[] expected = model.differences(in, values, loss, name);
      assertTrue(FiniteDifference.Difference.between(r.gradients().get(name), expected).isSmall(), name);
      assertTrue(Arrays.stream(expected).map(Math::abs).max().orElse(0) > 1e-3, name + " does not move the loss");
    }
  }

  /** The page sums A[y_t, y_{t−1}] from t = 1: there is no y_0, the first and last label have no score, and A is read the other way. */
  @Test void E09_the_printed_score_is_not_the_one_whose_sum_the_forward_algorithm_gives() {
    var all = Labellings.random(4, 3, 1.5, 9);
    double forward = tape.value(crf(all).logZ(leaves(all.B())));
    assertEquals(all.logZ(), forward, 1e-12);
    for (int y0 = 0; y0 < 3; y0++) assertTrue(Math.abs(printed(all, y0) - forward) > 0.1, "with y_0 = " + y0);
    var turned = turned(all);                                       // read (to, from), with start(j) for A[j, y_0] and no end
    var start = new double[] {all.A()[0][0], all.A()[1][0], all.A()[2][0]};
    var same = new Labellings(all.B(), turned.A(), start, new double[3]);
    assertEquals(printed(all, 0), tape.value(crf(same).logZ(leaves(all.B()))), 1e-12);
  }

  /** Emissions that are not tied to h give h no gradient: nothing below the head would learn. */
  @Test void E09_without_V_h_plus_c_the_encoder_has_no_gradient() {
    var in = Sequences.ofVectors(3, 4);
    var loss = new ReferenceLoss.Crf("crf", 3, new int[][] {{1, 0, 2, 2}}, 1);
    var crf = Map.of("crf.A", Nets.some(1, 9, 1), "crf.start", Nets.some(2, 3, 1), "crf.end", Nets.some(3, 3, 1), "x", Nets.some(4, 12, 1));
    var tied = new java.util.LinkedHashMap<>(crf);
    tied.putAll(Nets.dense("out", 3, 3, 5));
    var model = new ReferenceModel(new ReferenceLayer.Dense("out", 3, 3, null));
    assertTrue(largest(model.run(in, tied, loss).gradients().get("x")) > 0.01);
    tied.put("out.W", new double[9]);
    assertEquals(0, largest(model.run(in, tied, loss).gradients().get("x")));
  }

  private static double largest(double[] d) { return Arrays.stream(d).map(Math::abs).max().orElse(0); }

  private static double printed(Labellings all, int y0) {
    double z = 0;
    for (var y : all.all()) {
      double score = 0;
      for (int t = 0; t < y.length; t++) score += all.A()[y[t]][t == 0 ? y0 : y[t - 1]] + all.B()[t][y[t]];
      z += Math.exp(score);
    }
    return Math.log(z);
  }

  private static Labellings turned(Labellings all) {
    var A = new double[all.labels()][all.labels()];
    for (int i = 0; i < A.length; i++) for (int j = 0; j < A.length; j++) A[j][i] = all.A()[i][j];
    return new Labellings(all.B(), A, all.start(), all.end());
  }
}
