package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unroll.look.CellWalk;
import org.unroll.tasks.lesson.StepBoard.Block;

/**
 * One step of an LSTM, forward and back: the equations of {@link org.unroll.cell.Lstm}, {@link org.unroll.cell.CoupledLstm} and
 * {@link org.unroll.cell.Lstm1997}, with peepholes and projection where the model has them.
 */
final class LstmLesson {
  private static final List<String> CELLS = List.of("lstm", "lstm-peephole", "lstm-coupled", "lstm-coupled-peephole", "lstm-1997");

  private final StepBoard s;
  private final boolean forgets, coupled, peepholes;
  private final List<Block> blocks;

  private LstmLesson(StepBoard s) {
    this.s = s;
    forgets = !s.cell().equals("lstm-1997");
    coupled = s.cell().startsWith("lstm-coupled");
    peepholes = s.cell().endsWith("-peephole");
    blocks = blocks(s.cell());
  }

  private static List<Block> blocks(String cell) {
    var blocks = new ArrayList<Block>();
    for (var l : cell.equals("lstm") || cell.equals("lstm-peephole") ? List.of("i", "f", "g", "o") : List.of("i", "g", "o")) {
      int at = blocks.size();
      blocks.add(new Block(l, at, at, at));
    }
    return List.copyOf(blocks);
  }

  static Lesson of(Words words) {
    double[] target = {1};
    var n = LayerNumbers.of("lstm", new double[][] {{1}}, 1, Map.of("W", new double[] {0.6, 0.5, 0.8, 0.4},
        "R", new double[] {-0.2, 0.1, 0.3, 0.2}, "b", new double[] {0, 1, 0, 0}, "h0", new double[] {0.5}, "c0", new double[] {0.2}),
        target, null);
    return new LstmLesson(new WholeBoard(new Board("lstm", words), n, blocks("lstm"), target)).lesson();
  }

  static boolean takes(CellWalk w) { return Own.takes(w, CELLS, true); }

  static Lesson of(Own own, Words words) {
    own.require("lstm", CELLS, true);
    return new LstmLesson(own.board("lstm", words, LstmLesson::blocks)).lesson();
  }

  private Lesson lesson() {
    var board = s.board();
    if (s instanceof WholeBoard) board.about("target");
    board.about("kernels", s.gap());
    board.part("given");
    s.inputs(List.of("h", "c"), !peepholes ? List.of() : coupled ? List.of("p_i", "p_o") : List.of("p_i", "p_f", "p_o"));
    s.judge();
    board.part("forward");
    for (int u : s.units()) forward(u);
    s.output();
    board.part("lstm.backward");
    for (int u : s.units()) backward(u);
    board.part("weights");
    for (int u : s.units()) {
      for (var b : blocks) s.weights(b, s.of(b.of("δa"), u), u);
      if (peepholes) peepholes(u);
    }
    s.before("Σ δa Rᵀ", "");
    s.input();
    return board.end();
  }

  private boolean gates(String letter) { return blocks.stream().anyMatch(b -> b.letter().equals(letter)); }

  private Block block(String letter) { return blocks.stream().filter(b -> b.letter().equals(letter)).findFirst().orElseThrow(); }

  // ---- forward

  private void forward(int u) {
    gate("i", "c'", u);
    if (gates("f")) gate("f", "c'", u);
    if (coupled) s.board().show(s.of("f", u) + " = 1 − i", "1 − " + s.at("i", u), s.value("f", u));
    gate("g", "", u);
    var kept = forgets ? s.at("f", u) + "·" + s.at("c'", u) : s.at("c'", u);
    s.board().show(s.of("c", u) + (forgets ? " = f ⊙ c' + i ⊙ g" : " = c' + i ⊙ g"),
        kept + " + " + s.at("i", u) + "·" + s.at("g", u), s.value("c", u));
    gate("o", "c", u);
    s.board().show(s.of("tanh c", u) + " = tanh(c)", "tanh(" + s.at("c", u) + ")", StrictMath.tanh(s.value("c", u)));
    s.board().show(s.of("h", u) + " = o ⊙ tanh c", Board.times(s.at("o", u), s.at("tanh c", u)), s.value("h", u));
  }

  /** @param looks the cell state that its peephole looks at; empty for a block without */
  private void gate(String letter, String looks, int u) {
    var b = block(letter);
    var a = s.of(b.of("a"), u);
    s.board().show(a + " = " + s.equation(b), s.affine(b, u), s.value("a", s.place(b.w(), u)));
    var function = letter.equals("g") ? "tanh" : "σ";
    boolean sees = peepholes && !looks.isEmpty();
    s.board().show(s.of(letter, u) + " = " + function + "(" + a + (sees ? " + p_" + letter + " ⊙ " + looks : "") + ")",
        function + "(" + Board.place(a) + (sees ? " + " + Board.times(s.at("p_" + letter, u), s.at(looks, u)) : "") + ")",
        s.value(letter, u));
  }

  // ---- backward

  private void backward(int u) {
    s.error(u);
    gradient("o", "δh ⊙ tanh c", Board.times(s.at("δh", u), s.at("tanh c", u)), u);
    gateBack("o", u);
    gradient("c", "δh ⊙ o ⊙ (1 − tanh² c)" + (peepholes ? " + p_o ⊙ δa_o" : ""),
        Board.times(s.at("δh", u), s.at("o", u), "(1 − " + s.at("tanh c", u) + "²)")
            + (peepholes ? " + " + Board.times(s.at("p_o", u), s.at("δa_o", u)) : ""), u);
    if (forgets) gradient("f", "δc ⊙ c'", Board.times(s.at("δc", u), s.at("c'", u)), u);
    var written = Board.times(s.at("δc", u), s.at("g", u));
    gradient("i", coupled ? "δc ⊙ g − δf" : "δc ⊙ g", coupled ? written + " − " + s.at("δf", u) : written, u);
    gateBack("i", u);
    if (gates("f")) gateBack("f", u);
    gradient("g", "δc ⊙ i", Board.times(s.at("δc", u), s.at("i", u)), u);
    gateBack("g", u);
    cell(u);
  }

  /** δc'. */
  private void cell(int u) {
    var equation = new ArrayList<>(List.of(forgets ? "δc ⊙ f" : "δc"));
    var worked = new ArrayList<>(List.of(forgets ? Board.times(s.at("δc", u), s.at("f", u)) : s.at("δc", u)));
    for (var l : peepholes ? gates("f") ? List.of("i", "f") : List.of("i") : List.<String>of()) {
      equation.add("p_" + l + " ⊙ δa_" + l);
      worked.add(Board.times(s.at("p_" + l, u), s.at("δa_" + l, u)));
    }
    s.board().show("δ" + s.of("c'", u) + " = " + Board.plus(equation), Board.plus(worked), s.gradientBefore("c", u),
        s.differenceBefore("c", u));
  }

  private void gradient(String letter, String equation, String worked, int u) {
    s.board().show("δ" + s.of(letter, u) + " = " + equation, worked, s.gradient(letter, u), s.difference(letter, u));
  }

  /** δ of a gate's pre-activation. */
  private void gateBack(String l, int u) {
    boolean tanh = l.equals("g");
    var v = s.at(l, u);
    int at = s.place(block(l).w(), u);
    s.board().show("δ" + s.of("a_" + l, u) + " = δ" + l + (tanh ? " ⊙ (1 − g²)" : " ⊙ " + l + " ⊙ (1 − " + l + ")"),
        tanh ? Board.times(s.at("δg", u), "(1 − " + v + "²)") : Board.times(s.at("δ" + l, u), v, "(1 − " + v + ")"),
        s.gradient("a", at), s.difference("a", at));
  }

  private void peepholes(int u) {
    var looking = gates("f") ? List.of("i", "f", "o") : List.of("i", "o");
    for (int i = 0; i < looking.size(); i++) {
      var l = looking.get(i);
      s.own("p_" + l, i, "δa_" + l, l.equals("o") ? "c" : "c'", u);
    }
  }
}
