package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.tasks.draw.Figure;

/** Why gradients vanish: one tanh unit, whose gradient is multiplied by w (1 − h²) at every step back. */
final class VanishLesson {
  private static final int T = 5, LAGS = 40;
  private static final double STRENGTH = 0.9;
  private static final double[] INPUT = {0.5, 0.4, 0.3, 0.2, 0.1};

  private VanishLesson() {}

  static Lesson of(Words words) {
    var board = new Board("vanish", words);
    var x = Arrays.stream(INPUT).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
    var n = LayerNumbers.of("elman", x, 1, Map.of("W", new double[] {1}, "R", new double[] {STRENGTH}, "b", new double[1], "h0",
        new double[] {0.2}), null, new double[] {1});
    board.about("kernels", n.gap());
    board.part("given");
    board.given("w", STRENGTH);
    for (int t = 1; t <= T; t++) board.given("x_" + t, INPUT[t - 1]);
    board.given("h_0", n.traced().value("rnn.h0", 0));
    board.part("forward");
    for (int t = 1; t <= T; t++) {
      board.show("h_" + t + " = tanh(x_" + t + " + w h_" + (t - 1) + ")", "tanh({x_" + t + "} + {w}·{h_" + (t - 1) + "})",
          n.traced().value(h(t)));
    }
    board.part("vanish.factors");
    for (int t = T; t >= 2; t--) {
      double h = n.traced().value(h(t));
      board.show("k_" + t + " = w (1 − h_" + t + "²)", "{w}·(1 − {h_" + t + "}²)", STRENGTH * (1 - h * h));
    }
    board.part("vanish.products");
    for (int t = T - 1; t >= 1; t--) {
      int from = t + 1;
      var factors = IntStream.iterate(T, j -> j >= from, j -> j - 1).mapToObj(j -> "{k_" + j + "}").toArray(String[]::new);
      board.show("∂h_5/∂h_" + t + " = ∏ k_j, j = " + from + " … 5", Board.times(factors), n.traced().gradient(h(t)),
          n.traced().difference(h(t)));
    }
    board.part("vanish.bound");
    board.show("w⁴ = w·w·w·w", "{w}·{w}·{w}·{w}", STRENGTH * STRENGTH * STRENGTH * STRENGTH);
    board.figure(new Figure.Curves(words.text("vanish.curves"), words.text("vanish.curves.note"), words.text("vanish.lag"),
        "∂h_T/∂h_{T−k}", curves(words)));
    return board.end();
  }

  private static String h(int t) { return "rnn.h[" + t + "][1]"; }

  private static List<Figure.Curve> curves(Words words) {
    var curves = new ArrayList<Figure.Curve>();
    for (double w : new double[] {0.5, 0.9, 1.5}) curves.add(new Figure.Curve("tanh, w = " + w, byLag("elman", w), false));
    curves.add(new Figure.Curve(words.text("vanish.linear", 0.9), byLag("elman-identity", 0.9), false));
    curves.add(new Figure.Curve(words.text("vanish.linear", 1.1), byLag("elman-identity", 1.1), false));
    curves.add(new Figure.Curve(words.text("vanish.lstm"), memory(), false));
    return curves;
  }

  /** ∂h_T/∂h_{T−k} for k = 1, 2, …; inputs of 0.1 throughout. */
  private static double[] byLag(String cell, double w) {
    var n = LayerNumbers.of(cell, ones(0.1), 1, Map.of("W", new double[] {1}, "R", new double[] {w}, "b", new double[1]), null,
        new double[] {1});
    return IntStream.rangeClosed(1, LAGS).mapToDouble(k -> Math.abs(n.traced().gradient(h(LAGS + 1 - k)))).toArray();
  }

  /** ∂c_T/∂c_{T−k} of an LSTM with a forget bias of 3. */
  private static double[] memory() {
    var values = new LinkedHashMap<String, double[]>(Map.of("rnn.W", new double[] {0.5, 0.1, 0.8, 0.4}, "rnn.R", new double[4],
        "rnn.b", new double[] {0, 3, 0, 0}));
    values.put("x", LayerNumbers.flat(ones(0.1)));
    var loss = new ReferenceLoss.Linear(new double[LAGS + 1], Map.of("rnn.c", new double[] {1}));
    var n = new ReferenceModel(new ReferenceLayer.Recurrent("rnn", "lstm", 1, 1, false))
        .traced(Sequences.ofVectors(1, LAGS + 1), values, loss);
    return IntStream.rangeClosed(1, LAGS).mapToDouble(k -> n.gradient("rnn.c[" + (LAGS + 1 - k) + "][1]")).toArray();
  }

  private static double[][] ones(double v) {
    return IntStream.rangeClosed(0, LAGS).mapToObj(_ -> new double[] {v}).toArray(double[][]::new);
  }
}
