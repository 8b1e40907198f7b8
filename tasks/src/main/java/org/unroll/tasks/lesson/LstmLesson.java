package org.unroll.tasks.lesson;

import java.util.List;
import java.util.Map;
import org.unroll.tasks.lesson.StepBoard.Block;

/** One step of an LSTM, forward and back: the equations of {@link org.unroll.cell.Lstm}. */
final class LstmLesson {
  private static final List<Block> BLOCKS = List.of(new Block("i", 0, 0, 0), new Block("f", 1, 1, 1), new Block("g", 2, 2, 2),
      new Block("o", 3, 3, 3));

  private LstmLesson() {}

  static Lesson of(Words words) {
    double[] target = {1};
    var n = LayerNumbers.of("lstm", new double[][] {{1}}, 1, Map.of("W", new double[] {0.6, 0.5, 0.8, 0.4},
        "R", new double[] {-0.2, 0.1, 0.3, 0.2}, "b", new double[] {0, 1, 0, 0}, "h0", new double[] {0.5}, "c0", new double[] {0.2}),
        target, null);
    return of(new StepBoard(new Board("lstm", words), n, BLOCKS), target);
  }

  static Lesson of(Own own, Words words) {
    var r = own.last();
    var w = Own.require(own.walk(r), "lstm", List.of("lstm"));
    var board = new Board("lstm", words);
    board.about("own", own.model().id().substring(0, 12), w.name(), w.cell(), own.unit(w), own.symbols().get(own.ids().length - 2),
        own.symbols().getLast());
    return of(new StepBoard(board, OneUnit.of(w, own.unit(w), own.fromAbove(r, w)), BLOCKS), null);
  }

  private static Lesson of(StepBoard s, double[] target) {
    var n = s.n;
    var board = s.board;
    board.about("kernels", n.gap());
    board.part("given");
    s.inputs(List.of("h", "c"));
    Targets.given(s, target);
    board.part("forward");
    for (int u : s.units()) forward(s, u);
    Targets.loss(s, target);
    board.part("lstm.backward");
    for (int u : s.units()) backward(s, target, u);
    board.part("weights");
    for (int u : s.units()) for (var b : BLOCKS) s.weights(b, s.of(b.of("δa"), u), u);
    s.before("Σ δa Rᵀ", "");
    s.input();
    return board.end();
  }

  private static void forward(StepBoard s, int u) {
    var n = s.n;
    for (var b : BLOCKS) {
      var a = s.of(b.of("a"), u);
      double value = n.value("a", b.w() * n.units() + u);
      s.board.show(a + " = " + StepBoard.affine(b), s.affine(b, u), value);
      var function = b.letter().equals("g") ? "tanh" : "σ";
      s.board.show(s.of(b.letter(), u) + " = " + function + "(" + a + ")", function + "(" + Board.place(a) + ")", n.value(b.letter(), u));
    }
    s.board.show(s.of("c", u) + " = f ⊙ c' + i ⊙ g", s.at("f", u) + "·" + s.at("c'", u) + " + " + s.at("i", u) + "·" + s.at("g", u),
        n.value("c", u));
    s.board.show(s.of("tanh c", u) + " = tanh(c)", "tanh(" + s.at("c", u) + ")", StrictMath.tanh(n.value("c", u)));
    s.board.show(s.of("h", u) + " = o ⊙ tanh c", Board.times(s.at("o", u), s.at("tanh c", u)), n.value("h", u));
  }

  private static void backward(StepBoard s, double[] target, int u) {
    Targets.dh(s, target, u);
    gradient(s, "o", "δh ⊙ tanh c", Board.times(s.at("δh", u), s.at("tanh c", u)), u);
    gate(s, 3, u);
    gradient(s, "c", "δh ⊙ o ⊙ (1 − tanh² c)", Board.times(s.at("δh", u), s.at("o", u), "(1 − " + s.at("tanh c", u) + "²)"), u);
    gradient(s, "i", "δc ⊙ g", Board.times(s.at("δc", u), s.at("g", u)), u);
    gate(s, 0, u);
    gradient(s, "f", "δc ⊙ c'", Board.times(s.at("δc", u), s.at("c'", u)), u);
    gate(s, 1, u);
    gradient(s, "g", "δc ⊙ i", Board.times(s.at("δc", u), s.at("i", u)), u);
    gate(s, 2, u);
    s.board.show("δ" + s.of("c'", u) + " = δc ⊙ f", Board.times(s.at("δc", u), s.at("f", u)), s.n.traced().gradient("rnn.c0", u),
        s.n.traced().difference("rnn.c0", u));
  }

  private static void gradient(StepBoard s, String letter, String equation, String worked, int u) {
    s.board.show("δ" + s.of(letter, u) + " = " + equation, worked, s.n.gradient(letter, u), s.n.difference(letter, u));
  }

  /** δ of a gate's pre-activation. */
  private static void gate(StepBoard s, int block, int u) {
    var l = BLOCKS.get(block).letter();
    boolean tanh = l.equals("g");
    var v = s.at(l, u);
    int at = block * s.n.units() + u;
    s.board.show("δ" + s.of("a_" + l, u) + " = δ" + l + (tanh ? " ⊙ (1 − g²)" : " ⊙ " + l + " ⊙ (1 − " + l + ")"),
        tanh ? Board.times(s.at("δ" + l, u), "(1 − " + v + "²)") : Board.times(s.at("δ" + l, u), v, "(1 − " + v + ")"),
        s.n.gradient("a", at), s.n.difference("a", at));
  }
}
