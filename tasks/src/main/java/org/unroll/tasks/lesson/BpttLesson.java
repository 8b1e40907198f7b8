package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.unroll.cell.Cells;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Dense;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.reference.Traced;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Backpropagation through time over three steps: the worked example of the slides on recurrent networks (document 002), 3 inputs,
 * 2 units, 3 classes, tanh and softmax, loss the sum of three cross-entropies.
 */
final class BpttLesson {
  private static final int T = 3, X = 3, H = 2, K = 3;
  /** What the slides give; their U, W and V multiply columns, these rows: each is the transpose. */
  private static final double[] W = {0.1, 0.4, 0.2, 0.5, 0.3, 0.6}, R = {0.1, 0.3, 0.2, 0.4}, V = {0.1, 0.3, 0.5, 0.2, 0.4, 0.6};
  private static final double[][] INPUT = {{1, 2, 3}, {2, 3, 4}, {3, 4, 5}};
  private static final int[] TARGETS = {0, 2, 1};

  private final Board board;
  private final Traced n;
  private final double[] p;

  private BpttLesson(Words words) {
    board = new Board("bptt", words);
    var values = new LinkedHashMap<String, double[]>(Map.of("rnn.W", W, "rnn.R", R, "rnn.b", new double[H], "out.W", V, "out.b",
        new double[K], "x", LayerNumbers.flat(INPUT), "rnn.h0", new double[H]));
    var in = Sequences.ofVectors(X, T);
    var body = List.of(new ReferenceLayer.Recurrent("rnn", "elman", X, H, false), new ReferenceLayer.Dense("out", H, K, null));
    var loss = new ReferenceLoss.SoftmaxCrossEntropy(ReferenceLoss.At.EVERY_STEP, new int[][] {TARGETS}, 1);
    n = new ReferenceModel(new ReferenceLayer.Chain(List.copyOf(body))).traced(in, values, loss);
    p = new ReferenceModel(body.get(0), body.get(1), new ReferenceLayer.Activation(ReferenceLayer.Function.SOFTMAX))
        .run(in, values, new ReferenceLoss.Linear(new double[T * K], Map.of())).y();
    board.about("kernels", gap());
  }

  static Lesson of(Words words) {
    var l = new BpttLesson(words);
    l.given();
    for (int t = 1; t <= T; t++) l.forward(t);
    l.board.show("L = L_1 + L_2 + L_3", "{L_1} + {L_2} + {L_3}", l.n.loss());
    for (int t = T; t >= 1; t--) l.backward(t);
    l.weights();
    return l.board.end();
  }

  private static String at(String letter, int t, int k) { return letter + "_" + t + "[" + (k + 1) + "]"; }

  private static String in(String letter, int row, int col) { return letter + "[" + (row + 1) + "," + (col + 1) + "]"; }

  private static String name(String layer, String letter, int t, int k) { return layer + "." + letter + "[" + t + "][" + (k + 1) + "]"; }

  private void given() {
    board.part("given");
    for (int t = 1; t <= T; t++) for (int k = 0; k < X; k++) board.given(at("x", t, k), INPUT[t - 1][k]);
    for (int t = 1; t <= T; t++) for (int k = 0; k < K; k++) board.given(at("y", t, k), TARGETS[t - 1] == k ? 1 : 0);
    matrix("W", W, X, H);
    matrix("R", R, H, H);
    matrix("V", V, H, K);
    for (int k = 0; k < H; k++) board.given(at("h", 0, k), 0);
  }

  private void matrix(String letter, double[] m, int rows, int cols) {
    for (int i = 0; i < rows; i++) for (int j = 0; j < cols; j++) board.given(in(letter, i, j), m[i * cols + j]);
  }

  private static List<String> row(int count, IntFunction<String> label) { return WholeBoard.places(count, label); }

  private void forward(int t) {
    board.part("bptt.forward", t);
    for (int u = 0; u < H; u++) {
      int unit = u;
      board.show(at("a", t, u) + " = x_" + t + " W + h_" + (t - 1) + " R",
          Board.dot(row(X, k -> at("x", t, k)), row(X, k -> in("W", k, unit))) + " + "
              + Board.dot(row(H, k -> at("h", t - 1, k)), row(H, k -> in("R", k, unit))), n.value(name("rnn", "a", t, u)));
      board.show(at("h", t, u) + " = tanh(" + at("a", t, u) + ")", "tanh(" + Board.place(at("a", t, u)) + ")",
          n.value(name("rnn", "h", t, u)));
    }
    for (int j = 0; j < K; j++) {
      int col = j;
      board.show(at("z", t, j) + " = h_" + t + " V", Board.dot(row(H, k -> at("h", t, k)), row(H, k -> in("V", k, col))),
          n.value(name("out", "z", t, j)));
    }
    var all = Board.plus(IntStream.range(0, K).mapToObj(j -> "exp(" + Board.place(at("z", t, j)) + ")").toList());
    for (int j = 0; j < K; j++) {
      board.show(at("p", t, j) + " = softmax(z_" + t + ")", "exp(" + Board.place(at("z", t, j)) + ") / (" + all + ")",
          p[(t - 1) * K + j]);
    }
    board.show("L_" + t + " = −log " + at("p", t, TARGETS[t - 1]), "−log(" + Board.place(at("p", t, TARGETS[t - 1])) + ")",
        n.value("loss.L[" + t + "][1]"));
  }

  private void backward(int t) {
    board.part("bptt.backward", t);
    for (int j = 0; j < K; j++) {
      board.show(at("δz", t, j) + " = p_" + t + " − y_" + t, Board.place(at("p", t, j)) + " − " + Board.place(at("y", t, j)),
          n.gradient(name("out", "z", t, j)), n.difference(name("out", "z", t, j)));
    }
    for (int u = 0; u < H; u++) {
      int unit = u;
      var worked = Board.dot(row(K, j -> at("δz", t, j)), row(K, j -> in("V", unit, j)));
      if (t < T) worked += " + " + Board.dot(row(H, k -> at("δa", t + 1, k)), row(H, k -> in("R", unit, k)));
      board.show(at("δh", t, u) + " = δz_" + t + " Vᵀ" + (t < T ? " + δa_" + (t + 1) + " Rᵀ" : ""), worked,
          n.gradient(name("rnn", "h", t, u)), n.difference(name("rnn", "h", t, u)));
      board.show(at("δa", t, u) + " = δh_" + t + " ⊙ (1 − h_" + t + "²)",
          Board.times(Board.place(at("δh", t, u)), "(1 − " + Board.place(at("h", t, u)) + "²)"), n.gradient(name("rnn", "a", t, u)),
          n.difference(name("rnn", "a", t, u)));
    }
  }

  private void weights() {
    board.part("bptt.weights");
    gradients("W", "rnn.W", X, H, "x", 0, "δa", "Σ_t x_tᵀ δa_t");
    gradients("R", "rnn.R", H, H, "h", 1, "δa", "Σ_t h_{t−1}ᵀ δa_t");
    gradients("V", "out.W", H, K, "h", 0, "δz", "Σ_t h_tᵀ δz_t");
    for (int u = 0; u < H; u++) bias("b", "rnn.b", "δa", u);
    for (int j = 0; j < K; j++) bias("c", "out.b", "δz", j);
  }

  /** @param back how many steps earlier the left factor stands */
  private void gradients(String matrix, String array, int rows, int cols, String left, int back, String delta, String equation) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        var terms = new ArrayList<String>();
        for (int t = 1; t <= T; t++) terms.add(Board.times(Board.place(at(left, t - back, i)), Board.place(at(delta, t, j))));
        board.show("δ" + in(matrix, i, j) + " = " + equation, Board.plus(terms), n.gradient(array, i * cols + j),
            n.difference(array, i * cols + j));
      }
    }
  }

  private void bias(String letter, String array, String delta, int k) {
    var terms = IntStream.rangeClosed(1, T).mapToObj(t -> Board.place(at(delta, t, k))).toList();
    board.show("δ" + letter + "[" + (k + 1) + "] = Σ_t " + delta + "_t", Board.plus(terms), n.gradient(array, k), n.difference(array, k));
  }

  /** Loss and gradients of the kernels, in float, against those of the reference. */
  private double gap() {
    var ps = new Params();
    var zero = new Init.Constant(0);
    var hidden = Recurrent.of("rnn", Cells.find("elman"), Input.of(X), H, Recurrent.Direction.FORWARD,
        new Recurrent.Inits(zero, zero, 0), ps);
    var output = Dense.of("out", H, K, zero, ps);
    LayerNumbers.set(hidden.W().of(ps.array()), W);
    LayerNumbers.set(hidden.R().of(ps.array()), R);
    LayerNumbers.set(output.W().of(ps.array()), V);
    ps.touch();
    var run = Run.evaluation(new Weights(ps, Kernels.scalar()), new Workspace());
    var pass = hidden.forward(Batch.full(LayerNumbers.slab(INPUT), new long[1]), State.ZERO, run);
    var target = Slab.zeros(T, 1, 1);
    for (int t = 0; t < T; t++) target.set(t, 0, TARGETS[t]);
    var loss = new Softmax(output, Head.At.EVERY_STEP).loss(pass.y(), target, run);
    var grads = new Grads(ps);
    pass.backward(loss.backward(grads), State.ZERO, grads);
    double gap = LayerNumbers.off(loss.sum(), n.loss());
    for (var w : ps.all()) {                                    // the head's loss is a mean over T
      for (int i = 0; i < w.size(); i++) gap = Math.max(gap, LayerNumbers.off(T * grads.array()[w.offset() + i], n.gradient(w.name(), i)));
    }
    return gap;
  }
}
