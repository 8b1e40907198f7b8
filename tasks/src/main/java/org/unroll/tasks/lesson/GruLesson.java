package org.unroll.tasks.lesson;

import java.util.List;
import java.util.Map;
import org.unroll.tasks.lesson.StepBoard.Block;

/** One step of a GRU, forward and back: the equations of {@link org.unroll.cell.Gru}, reset after the product. */
final class GruLesson {
  private static final Block Q = new Block("q", -1, 0, 0), R = new Block("r", 0, 1, 1), Z = new Block("z", 1, 2, 2),
      N = new Block("n", 2, -1, 3);
  private static final List<Block> BLOCKS = List.of(R, Z, Q, N);

  private GruLesson() {}

  static Lesson of(Words words) {
    double[] target = {-0.5};
    var n = LayerNumbers.of("gru", new double[][] {{1}}, 1, Map.of("W", new double[] {0.5, -0.4, 0.7},
        "R", new double[] {0.6, 0.3, 0.2}, "b", new double[] {0.1, 0, 0.2, -0.1}, "h0", new double[] {0.5}), target, null);
    return of(new StepBoard(new Board("gru", words), n, BLOCKS), target);
  }

  static Lesson of(Own own, Words words) {
    var r = own.last();
    var w = Own.require(own.walk(r), "gru", List.of("gru", "gru-write"));
    var board = new Board("gru", words);
    board.about("own", own.model().id().substring(0, 12), w.name(), w.cell(), own.unit(w), own.symbols().get(own.ids().length - 2),
        own.symbols().getLast());
    return of(new StepBoard(board, OneUnit.of(w, own.unit(w), own.fromAbove(r, w)), BLOCKS), null);
  }

  private static Lesson of(StepBoard s, double[] target) {
    var n = s.n;
    var board = s.board;
    boolean writes = n.cell().equals("gru-write");
    board.about("kernels", n.gap());
    board.part("given");
    s.inputs(List.of("h"));
    Targets.given(s, target);
    board.part("forward");
    for (int u : s.units()) forward(s, writes, u);
    Targets.loss(s, target);
    board.part("gru.backward");
    for (int u : s.units()) backward(s, target, writes, u);
    board.part("weights");
    for (int u : s.units()) for (var b : BLOCKS) s.weights(b, s.of(b == Q ? "δq" : b.of("δa"), u), u);
    var keep = writes ? "(1 − {z#})" : "{z#}";
    s.before((writes ? "δh ⊙ (1 − z)" : "δh ⊙ z") + " + Σ δa Rᵀ", "{δh#}·" + keep);
    s.input();
    return board.end();
  }

  private static void forward(StepBoard s, boolean writes, int u) {
    var n = s.n;
    for (var b : List.of(R, Z)) {
      var a = s.of(b.of("a"), u);
      s.board.show(a + " = " + StepBoard.affine(b), s.affine(b, u), n.value(b.of("a"), u));
      s.board.show(s.of(b.letter(), u) + " = σ(" + a + ")", "σ(" + Board.place(a) + ")", n.value(b.letter(), u));
    }
    s.board.show(s.of("q", u) + " = " + StepBoard.affine(Q), s.affine(Q, u), n.value("q", u));
    s.board.show(s.of("a_n", u) + " = x W_n + b_n + r ⊙ q", s.affine(N, u) + " + " + s.at("r", u) + "·" + s.at("q", u),
        n.value("a_n", u));
    s.board.show(s.of("n", u) + " = tanh(a_n)", "tanh(" + s.at("a_n", u) + ")", n.value("n", u));
    String z = s.at("z", u), not = "(1 − " + z + ")";
    s.board.show(s.of("h", u) + (writes ? " = (1 − z) ⊙ h' + z ⊙ n" : " = (1 − z) ⊙ n + z ⊙ h'"),
        not + "·" + s.at(writes ? "h'" : "n", u) + " + " + z + "·" + s.at(writes ? "n" : "h'", u), n.value("h", u));
  }

  private static void backward(StepBoard s, double[] target, boolean writes, int u) {
    Targets.dh(s, target, u);
    String h0 = s.at("h'", u), z = s.at("z", u), n = s.at("n", u), r = s.at("r", u), dh = s.at("δh", u);
    gradient(s, "z", writes ? "δh ⊙ (n − h')" : "δh ⊙ (h' − n)",
        Board.times(dh, writes ? "(" + n + " − " + h0 + ")" : "(" + h0 + " − " + n + ")"), u);
    gradient(s, "a_z", "δz ⊙ z ⊙ (1 − z)", Board.times(s.at("δz", u), z, "(1 − " + z + ")"), u);
    gradient(s, "n", writes ? "δh ⊙ z" : "δh ⊙ (1 − z)", Board.times(dh, writes ? z : "(1 − " + z + ")"), u);
    gradient(s, "a_n", "δn ⊙ (1 − n²)", Board.times(s.at("δn", u), "(1 − " + n + "²)"), u);
    gradient(s, "r", "δa_n ⊙ q", Board.times(s.at("δa_n", u), s.at("q", u)), u);
    gradient(s, "a_r", "δr ⊙ r ⊙ (1 − r)", Board.times(s.at("δr", u), r, "(1 − " + r + ")"), u);
    gradient(s, "q", "δa_n ⊙ r", Board.times(s.at("δa_n", u), r), u);
  }

  private static void gradient(StepBoard s, String letter, String equation, String worked, int u) {
    s.board.show("δ" + s.of(letter, u) + " = " + equation, worked, s.n.gradient(letter, u), s.n.difference(letter, u));
  }
}
