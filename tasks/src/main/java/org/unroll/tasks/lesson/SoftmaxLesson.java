package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.unroll.kernel.Kernels;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;

/** Softmax, cross-entropy, perplexity and temperature: scores of three classes at three steps. */
final class SoftmaxLesson {
  private static final int K = 3;
  private static final double[][] SCORES = {{2, 1, -1}, {0.5, 0.2, 0.1}, {-0.3, 1.2, 2.4}};
  private static final int[] TARGETS = {0, 2, 1};
  private static final ReferenceModel SOFTMAX = new ReferenceModel(new ReferenceLayer.Activation(ReferenceLayer.Function.SOFTMAX));

  private SoftmaxLesson() {}

  static Lesson of(Words words) {
    int T = SCORES.length;
    var board = new Board("softmax", words);
    var loss = new ReferenceLoss.SoftmaxCrossEntropy(ReferenceLoss.At.EVERY_STEP, new int[][] {TARGETS}, 1);
    var n = new ReferenceModel(new ReferenceLayer.Activation(ReferenceLayer.Function.IDENTITY))
        .traced(Sequences.ofVectors(K, T), Map.of("x", LayerNumbers.flat(SCORES)), loss);
    double[] p = softmax(SCORES);
    board.about("kernels", gap(p));
    board.part("given");
    for (int t = 1; t <= T; t++) {
      for (int j = 0; j < K; j++) board.given(z(t, j), SCORES[t - 1][j]);
      for (int j = 0; j < K; j++) board.given("y_" + t + "[" + (j + 1) + "]", TARGETS[t - 1] == j ? 1 : 0);
    }
    board.part("softmax.p");
    for (int i = 0; i < T * K; i++) {
      int t = i / K + 1;
      probability(board, "p_" + t, "softmax(z_" + t + ")", scores(t), i % K, p[i]);
    }
    board.part("softmax.loss");
    var losses = new ArrayList<String>();
    for (int t = 1; t <= T; t++) {
      var target = "p_" + t + "[" + (TARGETS[t - 1] + 1) + "]";
      losses.add(board.show("L_" + t + " = −log " + target, "−log({" + target + "})", n.value("loss.L[" + t + "][1]")));
    }
    board.show("L = (L_1 + L_2 + L_3) / 3", "(" + Board.plus(losses) + ") / 3", n.loss() / T);
    board.show("perplexity = e^L", "exp({L})", StrictMath.exp(n.loss() / T));
    board.part("softmax.backward");
    for (int j = 0; j < K; j++) {
      board.show("∂L_1/∂" + z(1, j) + " = " + p(1, j) + " − y_1[" + (j + 1) + "]", "{" + p(1, j) + "} − {y_1[" + (j + 1) + "]}",
          n.gradient("x", j), n.difference("x", j));
    }
    temperature(board);
    return board.end();
  }

  private static String z(int t, int j) { return "z_" + t + "[" + (j + 1) + "]"; }

  private static String p(int t, int j) { return "p_" + t + "[" + (j + 1) + "]"; }

  private static List<String> scores(int t) { return IntStream.range(0, K).mapToObj(j -> "{" + z(t, j) + "}").toList(); }

  private static void probability(Board board, String letter, String equation, List<String> z, int j, double value) {
    var all = Board.plus(z.stream().map(s -> "exp(" + s + ")").toList());
    board.show(letter + "[" + (j + 1) + "] = " + equation, "exp(" + z.get(j) + ") / (" + all + ")", value);
  }

  private static void temperature(Board board) {
    board.part("softmax.temperature");
    for (double tau : new double[] {0.5, 2}) {
      var at = board.given(tau < 1 ? "τ" : "τ'", tau);
      var z = new double[1][K];
      for (int j = 0; j < K; j++) z[0][j] = SCORES[0][j] / tau;
      double[] p = softmax(z);
      var scaled = scores(1).stream().map(s -> s + "/" + at).toList();
      var mark = tau < 1 ? "" : "'";
      for (int j = 0; j < K; j++) probability(board, "q" + mark, "softmax(z_1/τ" + mark + ")", scaled, j, p[j]);
    }
  }

  private static double[] softmax(double[][] z) {
    return SOFTMAX.run(Sequences.ofVectors(K, z.length), Map.of("x", LayerNumbers.flat(z)),
        new ReferenceLoss.Linear(new double[z.length * K], Map.of())).y();
  }

  private static double gap(double[] want) {
    var p = LayerNumbers.slab(SCORES);
    for (int r = 0; r < p.height(); r++) Kernels.scalar().softmax(p, r);
    double gap = 0;
    for (int i = 0; i < want.length; i++) gap = Math.max(gap, LayerNumbers.off(p.get(i / K, i % K), want[i]));
    return gap;
  }
}
