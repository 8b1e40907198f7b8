package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss.At;

/** E27: the gradient carried forward in time is the gradient carried back. */
class RealTimeRecurrentTest {
  private static final int X = 3;
  private static final int H = 3;
  private static final int K = 4;
  private static final int T = 7;
  private static final int[][] TARGETS = {{1, 0, 3, 3, 2, 0, 1}};

  static Stream<String> cells() { return ReferenceCell.NAMES.stream(); }

  @ParameterizedTest @MethodSource("cells")
  void E27_every_cell_has_the_gradient_of_backpropagation_through_time(String cell) {
    var v = Nets.recurrent("r", cell, X, H, 1, 20);
    v.putAll(Nets.dense("o", H, K, 40));
    v.put("x", Nets.some(60, T * X, 1));
    var model = new ReferenceModel(new Recurrent("r", cell, X, H, false), new Dense("o", H, K, null));
    var loss = new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, TARGETS, 1);
    var back = model.run(Sequences.ofVectors(X, T), v, loss).gradients();

    var forward = new RealTimeRecurrent(cell, X, H);
    double[] expected = forward.pack(plain(back));
    double[] got = forward.gradient(plain(v), steps(v.get("x")), (tape, h, t) -> {
      int w = tape.leaves(v.get("o.W"));
      int b = tape.leaves(v.get("o.b"));
      var y = new int[K];
      for (int j = 0; j < K; j++) y[j] = tape.plus(tape.dot(h, w + j, K), b + j);
      return LossEquations.crossEntropy(tape, y, TARGETS[0][t]);
    });
    assertEquals(expected.length, got.length);
    for (int i = 0; i < got.length; i++) assertEquals(expected[i], got[i], 1e-10 * Math.max(1, Math.abs(expected[i])));
    assertTrue(FiniteDifference.normRelative(got, expected) < 1e-12);
  }

  /** The table of docs/quality.md: counted while both run over ten steps of a simple network of H units and inputs. */
  @Test void cost_counted_isThatOfThePage() throws IOException {
    long[] forward = {800, 10_368, 147_968, 2_230_272}, influence = {160, 1_152, 8_704, 67_584}, back = {80, 288, 1_088, 4_224};
    var page = Files.readString(Path.of("..", "docs", "quality.md"));
    int steps = 10;
    for (int i = 0; i < 4; i++) {
      int n = 4 << i;
      var v = plain(Nets.recurrent("r", "elman", n, n, 1, 20));
      var x = new double[steps][];
      for (int t = 0; t < steps; t++) x[t] = Nets.some(60 + t, n, 1);
      var learnt = new RealTimeRecurrent("elman", n, n).learn(v, x, (tape, h, t) -> tape.sum(h));
      assertEquals(forward[i], learnt.multiplications() / steps);
      assertEquals(0, learnt.multiplications() % steps);
      assertEquals(influence[i], learnt.influence());
      assertEquals(back[i], partials("elman", n, v, x) / steps);
      var row = String.format(Locale.ROOT, "| %d | %,d | %,d | %,d | %,.0f |%n", n, back[i], forward[i], influence[i],
          (double) forward[i] / back[i]);
      assertTrue(page.contains(row), row);
    }
  }

  /** Multiplications of the walk back over all steps on one tape; of the loss, a sum of the last step's h, there are none. */
  private static long partials(String cell, int n, Map<String, double[]> v, double[][] x) {
    var tape = new Tape();
    var of = ReferenceCell.named(cell);
    var w = new CellWeights(tape, n, of.sizes(), tape.leaves(v.get("W")), tape.leaves(v.get("R")), tape.leaves(v.get("b")), 0, 0);
    int[][] s = {Graph.range(tape.leaves(v.get("h0")), n)};
    for (double[] row : x) s = of.step(w, Graph.range(tape.leaves(row), n), s);
    return tape.partials();
  }

  /** The arrays of layer r by their letters. */
  private static LinkedHashMap<String, double[]> plain(Map<String, double[]> arrays) {
    var p = new LinkedHashMap<String, double[]>();
    arrays.forEach((name, a) -> { if (name.startsWith("r.")) p.put(name.substring(2), a); });
    return p;
  }

  private static double[][] steps(double[] x) {
    var s = new double[T][];
    for (int t = 0; t < T; t++) s[t] = java.util.Arrays.copyOfRange(x, t * X, (t + 1) * X);
    return s;
  }
}
