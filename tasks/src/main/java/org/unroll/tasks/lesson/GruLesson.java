package org.unroll.tasks.lesson;

import java.util.List;
import java.util.Map;
import org.unroll.look.CellWalk;
import org.unroll.tasks.lesson.StepBoard.Block;

/**
 * One step of a GRU, forward and back: the equations of {@link org.unroll.cell.Gru}, reset after the product, and of
 * {@link org.unroll.cell.ResetBeforeGru} where the model has that.
 */
final class GruLesson {
  private static final List<String> CELLS = List.of("gru", "gru-write", "gru-before", "gru-before-write");
  private static final Block Q = new Block("q", -1, 0, 0), R = new Block("r", 0, 1, 1), Z = new Block("z", 1, 2, 2),
      N = new Block("n", 2, -1, 3);
  private static final List<Block> AFTER = List.of(R, Z, Q, N),
      BEFORE = List.of(new Block("r", 0, 0, 0), new Block("z", 1, 1, 1), new Block("n", 2, -1, 2));

  private final StepBoard s;
  private final boolean writes, after;
  private final List<Block> blocks;

  private GruLesson(StepBoard s) {
    this.s = s;
    writes = s.cell().endsWith("-write");
    after = !s.cell().startsWith("gru-before");
    blocks = after ? AFTER : BEFORE;
  }

  static Lesson of(Words words) {
    double[] target = {-0.5};
    var n = LayerNumbers.of("gru", new double[][] {{1}}, 1, Map.of("W", new double[] {0.5, -0.4, 0.7},
        "R", new double[] {0.6, 0.3, 0.2}, "b", new double[] {0.1, 0, 0.2, -0.1}, "h0", new double[] {0.5}), target, null);
    return new GruLesson(new WholeBoard(new Board("gru", words), n, AFTER, target)).lesson();
  }

  static boolean takes(CellWalk w) { return Own.takes(w, CELLS, false); }

  static Lesson of(Own own, Words words) {
    own.require("gru", CELLS, false);
    return new GruLesson(own.board("gru", words, cell -> cell.startsWith("gru-before") ? BEFORE : AFTER)).lesson();
  }

  private Lesson lesson() {
    var board = s.board();
    if (!after) board.about("gru.before");
    if (s instanceof WholeBoard) board.about("target");
    board.about("kernels", s.gap());
    board.part("given");
    s.inputs(List.of("h"), List.of());
    s.judge();
    board.part("forward");
    for (int u : s.units()) forward(u);
    s.output();
    board.part(after ? "gru.backward" : "gru.backward.before");
    for (int u : s.units()) backward(u);
    board.part("weights");
    for (int u : s.units()) for (var b : blocks) s.weights(b, s.of(b.delta(), u), u);
    if (!after && s instanceof UnitBoard one) one.second("δa_n");
    var keep = writes ? "(1 − {z#})" : "{z#}";
    s.before((writes ? "δh ⊙ (1 − z)" : "δh ⊙ z") + (after ? "" : " + δm ⊙ r") + " + Σ δa Rᵀ",
        "{δh#}·" + keep + (after ? "" : " + {δm#}·{r#}"));
    s.input();
    return board.end();
  }

  // ---- forward

  private void forward(int u) {
    for (var b : blocks.subList(0, 2)) {
      var a = s.of(b.of("a"), u);
      s.board().show(a + " = " + s.equation(b), s.affine(b, u), after ? s.value(b.of("a"), u) : s.value("a", s.place(b.r(), u)));
      s.board().show(s.of(b.letter(), u) + " = σ(" + a + ")", "σ(" + Board.place(a) + ")", s.value(b.letter(), u));
    }
    if (after) resetAfter(u);
    else resetBefore();
    s.board().show(s.of("n", u) + " = tanh(a_n)", "tanh(" + s.at("a_n", u) + ")", s.value("n", u));
    String z = s.at("z", u), not = "(1 − " + z + ")";
    s.board().show(s.of("h", u) + (writes ? " = (1 − z) ⊙ h' + z ⊙ n" : " = (1 − z) ⊙ n + z ⊙ h'"),
        not + "·" + s.at(writes ? "h'" : "n", u) + " + " + z + "·" + s.at(writes ? "n" : "h'", u), s.value("h", u));
  }

  private void resetAfter(int u) {
    s.board().show(s.of("q", u) + " = " + s.equation(Q), s.affine(Q, u), s.value("q", u));
    s.board().show(s.of("a_n", u) + " = x W_n + b_n + r ⊙ q", s.affine(N, u) + " + " + s.at("r", u) + "·" + s.at("q", u),
        s.value("a_n", u));
  }

  /** One unit of a user's model alone has this. */
  private void resetBefore() {
    if (!(s instanceof UnitBoard one)) throw new AssertionError("of a user's model alone");
    s.board().show("m = r ⊙ h'", "{r}·{h'}", s.value("m", 0));
    s.board().show("a_n = x W_n + b_n + m S", s.affine(BEFORE.getLast(), 0) + " + " + Board.times("{m}", Board.place(one.S()))
        + " + {(m S)_rest}", s.value("a_n", 0));
  }

  // ---- backward

  private void backward(int u) {
    s.error(u);
    String h0 = s.at("h'", u), z = s.at("z", u), n = s.at("n", u), r = s.at("r", u), dh = s.at("δh", u);
    gradient("z", writes ? "δh ⊙ (n − h')" : "δh ⊙ (h' − n)",
        Board.times(dh, writes ? "(" + n + " − " + h0 + ")" : "(" + h0 + " − " + n + ")"), u);
    preActivation(1, "δz ⊙ z ⊙ (1 − z)", Board.times(s.at("δz", u), z, "(1 − " + z + ")"), u);
    gradient("n", writes ? "δh ⊙ z" : "δh ⊙ (1 − z)", Board.times(dh, writes ? z : "(1 − " + z + ")"), u);
    gradient("a_n", "δn ⊙ (1 − n²)", Board.times(s.at("δn", u), "(1 − " + n + "²)"), u);
    if (!after && s instanceof UnitBoard one) {
      gradient("m", "δa_n Sᵀ", Board.times("{δa_n}", Board.place(one.S())) + " + {δm_rest}", u);
    }
    gradient("r", after ? "δa_n ⊙ q" : "δm ⊙ h'", after ? Board.times(s.at("δa_n", u), s.at("q", u)) : Board.times("{δm}", h0), u);
    preActivation(0, "δr ⊙ r ⊙ (1 − r)", Board.times(s.at("δr", u), r, "(1 − " + r + ")"), u);
    if (after) gradient("q", "δa_n ⊙ r", Board.times(s.at("δa_n", u), r), u);
  }

  /** δa_r and δa_z, which the reference of the GRU that resets before the product has in one row. */
  private void preActivation(int block, String equation, String worked, int u) {
    var b = blocks.get(block);
    var letter = after ? b.of("a") : "a";
    int at = after ? u : s.place(b.r(), u);
    s.board().show("δ" + s.of(b.of("a"), u) + " = " + equation, worked, s.gradient(letter, at), s.difference(letter, at));
  }

  private void gradient(String letter, String equation, String worked, int u) {
    s.board().show("δ" + s.of(letter, u) + " = " + equation, worked, s.gradient(letter, u), s.difference(letter, u));
  }
}
