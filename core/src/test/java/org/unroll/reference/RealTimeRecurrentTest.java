package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.stream.Stream;
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

  /** The arrays of layer r by their letters. */
  private static LinkedHashMap<String, double[]> plain(java.util.Map<String, double[]> arrays) {
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
