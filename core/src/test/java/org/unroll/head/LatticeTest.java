package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** Every answer of a lattice against all K^T labellings, T from 0 to 5, K from 1 to 4. */
class LatticeTest {

  static Stream<Labellings> small() {
    return IntStream.rangeClosed(0, 5).boxed().flatMap(T -> IntStream.rangeClosed(1, 4).boxed()
        .flatMap(K -> Stream.of(Labellings.random(T, K, 1.5, 31L * T + K), Labellings.random(T, K, 0.04, 77L * T + K))));
  }

  @ParameterizedTest
  @MethodSource("small")
  void logZ_isThatOfAllLabellings(Labellings all) { assertEquals(all.logZ(), all.lattice().logZ(), 2e-6); }

  @ParameterizedTest
  @MethodSource("small")
  void score_ofEachLabelling_isTheSumOfItsParts(Labellings all) {
    var lattice = all.lattice();
    double sum = 0;
    for (var y : all.all()) {
      assertEquals(all.score(y), lattice.score(y));
      assertEquals(all.score(y) - all.logZ(), lattice.logProbability(y), 2e-6);
      sum += Math.exp(lattice.logProbability(y));
    }
    assertEquals(1, sum, 2e-6);
  }

  @ParameterizedTest
  @MethodSource("small")
  void best_isTheRankingOfAllLabellings_forEveryN(Labellings all) {
    var ranked = all.ranked();
    var lattice = all.lattice();
    for (int n : new int[] {1, 2, 3, 7, ranked.size(), ranked.size() + 5}) {
      var best = lattice.best(n);
      assertEquals(Math.min(n, ranked.size()), best.size());
      for (int i = 0; i < best.size(); i++) {
        assertArrayEquals(ranked.get(i), best.get(i).labels(), "number " + i + " of " + n);
        assertEquals(all.score(ranked.get(i)), best.get(i).score());
        assertEquals(lattice.logProbability(ranked.get(i)), best.get(i).logProbability());
      }
    }
    assertArrayEquals(ranked.getFirst(), lattice.viterbi().labels());
    assertEquals(Math.exp(lattice.viterbi().logProbability()), lattice.viterbi().probability(), 1e-15);
  }

  @ParameterizedTest
  @MethodSource("small")
  void marginals_areSumsOverLabellings(Labellings all) {
    var lattice = all.lattice();
    float[][] p = lattice.marginals();
    assertEquals(all.steps(), p.length);
    assertEquals(all.steps(), lattice.length());
    assertEquals(all.labels(), lattice.labels());
    for (int t = 0; t < all.steps(); t++) {
      for (int k = 0; k < all.labels(); k++) {
        int step = t, label = k;
        assertEquals(all.probability(y -> y[step] == label), p[t][k], 1e-6);
        assertEquals(p[t][k], lattice.marginal(t, k));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("small")
  void span_ofEveryRun_isASumOverLabellings(Labellings all) {
    var lattice = all.lattice();
    for (int from = 0; from < all.steps(); from++) {
      for (int length = 1; length <= Math.min(3, all.steps() - from); length++) {
        int first = from;
        for (var run : Labellings.random(length, all.labels(), 1, 1).all()) {
          double want = all.probability(y -> Arrays.equals(run, Arrays.copyOfRange(y, first, first + run.length)));
          assertEquals(want, lattice.span(from, run), 1e-6, "from " + from + ": " + Arrays.toString(run));
        }
      }
    }
    if (all.steps() > 0) {
      var whole = lattice.viterbi();
      assertEquals(whole.probability(), lattice.span(0, whole.labels()), 2e-6);
    }
  }

  @Test void best_ofEqualScores_standsInTheOrderOfTheLabelsFromTheEnd() {
    var even = Lattice.of(new float[3][2], new float[2][2], new float[2], new float[2]);
    var want = List.of("[0, 0, 0]", "[1, 0, 0]", "[0, 1, 0]", "[1, 1, 0]", "[0, 0, 1]", "[1, 0, 1]", "[0, 1, 1]", "[1, 1, 1]");
    assertEquals(want, even.best(8).stream().map(p -> Arrays.toString(p.labels())).toList());
    assertEquals(want.subList(0, 3), even.best(3).stream().map(p -> Arrays.toString(p.labels())).toList());
    assertEquals(3 * Math.log(2), even.logZ(), 1e-6);
  }

  @Test void longSequences_keepTheirDigits() {
    int T = 2000;
    var B = new float[T][];
    for (int t = 0; t < T; t++) B[t] = new float[] {(t % 7) - 3, (t % 5) - 2, (t % 3) - 1};
    var A = new float[][] {{1, -2, 0.5f}, {0, 0.25f, -1}, {2, 1, -0.75f}};
    var lattice = Lattice.of(B, A, new float[] {0.5f, 0, -1}, new float[] {0, 1, 0});
    double[] alpha = {0.5, 0, -1};
    for (int j = 0; j < 3; j++) alpha[j] += B[0][j];
    for (int t = 1; t < T; t++) {
      var next = new double[3];
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int i = 0; i < 3; i++) sum += Math.exp(alpha[i] + A[i][j] - alpha[0]);
        next[j] = B[t][j] + alpha[0] + Math.log(sum);
      }
      alpha = next;
    }
    double z = alpha[0] + Math.log(1 + Math.exp(alpha[1] + 1 - alpha[0]) + Math.exp(alpha[2] - alpha[0]));
    assertEquals(z, lattice.logZ(), z * 1e-7);
    for (var p : lattice.marginals()) assertEquals(1, p[0] + p[1] + p[2], 1e-6);
  }

  @Test void scoresFarApart_giveNoNaN() {
    var lattice = Lattice.of(new float[][] {{1e4f, -1e4f}, {-1e4f, 1e4f}, {0, 1e4f}}, new float[][] {{0, -1e4f}, {0, 0}}, new float[2], new float[2]);
    assertArrayEquals(new int[] {0, 1, 1}, lattice.viterbi().labels());
    assertEquals(2e4, lattice.logZ(), 0.01);
    assertEquals(1, lattice.marginal(1, 1), 1e-6);
    assertEquals(0, lattice.span(1, 0, 1), 1e-6);
    var none = new float[2][2];
    var two = new float[2];
    assertEquals(200, Lattice.of(new float[1][2], none, two, new float[] {200, -100}).logZ(), 1e-4);
    var torn = Lattice.of(new float[][] {{200, 0}, {0, 0}}, new float[][] {{-200, -200}, {0, 0}}, two, two);
    assertEquals(0.5, torn.marginal(0, 0), 1e-6);    // what comes before is for label 0, what comes after against it
  }

  @Test void transitions_readFromRowToColumn() {
    var A = new float[][] {{0, 3}, {0, 0}};   // 1 after 0 is liked
    assertArrayEquals(new int[] {0, 1}, Lattice.of(new float[2][2], A, new float[2], new float[2]).viterbi().labels());
  }

  private static void refused(String message, Executable call) {
    var f = assertThrows(Fault.class, call);
    assertEquals(Code.C030, f.code());
    assertEquals(message, f.getMessage());
  }

  @Test void questions_thatDoNotFit_areRefused() {
    var lattice = Labellings.random(3, 2, 1, 1).lattice();
    refused("labels: 2 labels; the sequence has 3 steps", () -> lattice.score(0, 1));
    refused("step 2: label is 2; must be in [0, 2)", () -> lattice.logProbability(0, 1, 2));
    refused("step 1: label is -1; must be in [0, 2)", () -> lattice.score(0, -1, 0));
    refused("n is 0; must be at least 1", () -> lattice.best(0));
    refused("n is 2000000000; n times 2 labels must be an int", () -> lattice.best(2_000_000_000));
    assertEquals(1, Labellings.random(3, 1, 1, 1).lattice().best(Integer.MAX_VALUE).size());
    refused("span: steps 2 to 3; must be at least one of the steps 0 to 2", () -> lattice.span(2, 0, 1));
    refused("span: steps -1 to -1; must be at least one of the steps 0 to 2", () -> lattice.span(-1, 0));
    refused("span: steps 1 to 0; must be at least one of the steps 0 to 2", () -> lattice.span(1));
    refused("step 2: label is 5; must be in [0, 2)", () -> lattice.span(1, 0, 5));
    refused("step 0: label is 2; must be in [0, 2)", () -> lattice.marginal(0, 2));
  }

  @Test void scores_thatDoNotFit_areRefused() {
    var two = new float[2];
    refused("start: there are no labels", () -> Lattice.of(new float[1][0], new float[0][0], new float[0], new float[0]));
    refused("emissions: row 1 has 3 numbers; it must have 2, one a label", () -> Lattice.of(new float[][] {two, new float[3]}, new float[2][2], two, two));
    refused("transitions: it has 3 rows; it must have 2", () -> Lattice.of(new float[1][2], new float[3][2], two, two));
    refused("end: row 0 has 1 numbers; it must have 2, one a label", () -> Lattice.of(new float[1][2], new float[2][2], two, new float[1]));
  }

  @Test void lattice_isNotMovedByItsCallers() {
    var B = new float[][] {{1, 0}, {0, 2}};
    var lattice = Lattice.of(B, new float[2][2], new float[2], new float[2]);
    double z = lattice.logZ();
    B[0][0] = 100;
    lattice.marginals()[0][0] = 7;
    assertEquals(z, lattice.logZ());
    assertTrue(lattice.marginals()[0][0] < 1);
    assertEquals(3, lattice.viterbi().score());
  }
}
