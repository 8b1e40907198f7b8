package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.slab.Batch;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Workspace;
import org.unroll.tasks.draw.Figure;

/** How a gradient is checked, and why in double: one recurrent weight of one tanh unit over three steps. */
final class GradCheckLesson {
  private static final double W = 0.7, EPSILON = 1e-3;
  private static final double[][] X = {{0.5}, {-1}, {0.8}};
  private static final double[] TARGET = {0.3};

  private GradCheckLesson() {}

  static Lesson of(Words words) {
    var board = new Board("gradcheck", words);
    var n = LayerNumbers.of("elman", X, 1, arrays(W), TARGET, null);
    double g = n.traced().gradient("rnn.R", 0);
    board.about("kernels", n.gap());
    board.part("given");
    board.given("w", W);
    board.given("ε", EPSILON);
    board.part("gradcheck.difference");
    board.show("δw = Σ_t h_{t−1} δa_t", "", g, n.traced().difference("rnn.R", 0));
    board.given("L(w + ε)", loss(W + EPSILON));
    board.given("L(w − ε)", loss(W - EPSILON));
    double d = (loss(W + EPSILON) - loss(W - EPSILON)) / (2 * EPSILON);
    board.show("D = (L(w + ε) − L(w − ε)) / 2ε", "({L(w + ε)} − {L(w − ε)}) / (2·{ε})", d);
    board.show("error = |D − δw| / |δw|", "|{D} − {δw}| / |{δw}|", Math.abs(d - g) / Math.abs(g));
    board.part("gradcheck.fourth");
    board.given("L(w + 2ε)", loss(W + 2 * EPSILON));
    board.given("L(w − 2ε)", loss(W - 2 * EPSILON));
    double d4 = (8 * (loss(W + EPSILON) - loss(W - EPSILON)) - (loss(W + 2 * EPSILON) - loss(W - 2 * EPSILON))) / (12 * EPSILON);
    board.show("D4 = (8 (L(w + ε) − L(w − ε)) − (L(w + 2ε) − L(w − 2ε))) / 12ε",
        "(8·({L(w + ε)} − {L(w − ε)}) − ({L(w + 2ε)} − {L(w − 2ε)})) / (12·{ε})", d4);
    board.figure(new Figure.Table(words.text("gradcheck.table"), words.text("gradcheck.table.note"),
        List.of("ε", words.text("gradcheck.double"), words.text("gradcheck.four"), words.text("gradcheck.float")), rows(g)));
    return board.end();
  }

  private static Map<String, double[]> arrays(double w) {
    return Map.of("W", new double[] {1}, "R", new double[] {w}, "b", new double[] {0.1}, "h0", new double[] {0.4});
  }

  private static List<List<String>> rows(double g) {
    var rows = new ArrayList<List<String>>();
    for (int e = 1; e <= 12; e++) {
      double eps = Math.pow(10, -e);
      double two = (loss(W + eps) - loss(W - eps)) / (2 * eps);
      double four = (8 * (loss(W + eps) - loss(W - eps)) - (loss(W + 2 * eps) - loss(W - 2 * eps))) / (12 * eps);
      double single = (kernels(W + eps) - kernels(W - eps)) / (2 * eps);
      rows.add(List.of("1e-" + e, error(two, g), error(four, g), error(single, g)));
    }
    return rows;
  }

  private static String error(double d, double g) { return String.format(Locale.ROOT, "%.1e", Math.abs(d - g) / Math.abs(g)); }

  /** L of the reference, in double. */
  private static double loss(double w) {
    var values = new LinkedHashMap<String, double[]>();
    arrays(w).forEach((name, v) -> values.put("rnn." + name, v));
    values.put("x", LayerNumbers.flat(X));
    return new ReferenceModel(new ReferenceLayer.Recurrent("rnn", "elman", 1, 1, false)).loss(Sequences.ofVectors(1, X.length), values,
        new ReferenceLoss.SquaredError(ReferenceLoss.At.LAST_STEP, TARGET, 1));
  }

  /** L of the kernels, in float. */
  private static double kernels(double w) {
    var ps = new Params();
    var zero = new Init.Constant(0);
    var layer = Recurrent.of("rnn", Cells.find("elman"), Input.of(1), 1, Recurrent.Direction.FORWARD,
        new Recurrent.Inits(zero, zero, 0), ps);
    for (var p : ps.all()) LayerNumbers.set(p.of(ps.array()), arrays(w).get(p.name().substring(4)));
    ps.touch();
    var in = new State(List.of(LayerNumbers.slab(new double[][] {arrays(w).get("h0")})));
    var y = layer.forward(Batch.full(LayerNumbers.slab(X), new long[1]), in,
        Run.evaluation(new Weights(ps, Kernels.scalar()), new Workspace())).y().x();
    float d = y.get(X.length - 1, 0) - (float) TARGET[0];
    return 0.5f * d * d;
  }
}
