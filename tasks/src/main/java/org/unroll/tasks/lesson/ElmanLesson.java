package org.unroll.tasks.lesson;

import java.util.List;
import java.util.Map;
import org.unroll.look.CellWalk;
import org.unroll.tasks.lesson.StepBoard.Block;

/** One step of Elman's network, forward and back. */
final class ElmanLesson {
  private static final List<String> CELLS = List.of("elman", "elman-relu", "elman-identity");
  private static final List<Block> BLOCKS = List.of(new Block("", 0, 0, 0));

  private ElmanLesson() {}

  /** The numbers of the lesson: two inputs, two units. */
  static LayerNumbers numbers() {
    return LayerNumbers.of("elman", new double[][] {{1, -0.5}}, 2, Map.of("W", new double[] {0.5, -0.3, 0.2, 0.4},
        "R", new double[] {0.1, 0.6, -0.4, 0.2}, "b", new double[] {0.1, -0.1}, "h0", new double[] {0.3, -0.2}),
        new double[] {0.5, 0}, null);
  }

  static Lesson of(Words words) { return of(new WholeBoard(new Board("elman", words), numbers(), BLOCKS, new double[] {0.5, 0})); }

  static boolean takes(CellWalk w) { return Own.takes(w, CELLS, true); }

  static Lesson of(Own own, Words words) {
    own.require("elman", CELLS, true);
    return of(own.board("elman", words, _ -> BLOCKS));
  }

  private static Lesson of(StepBoard s) {
    var board = s.board();
    var block = BLOCKS.getFirst();
    if (s instanceof WholeBoard) board.about("target");
    board.about("kernels", s.gap());
    board.part("given");
    s.inputs(List.of("h"), List.of());
    s.judge();
    board.part("forward");
    for (int u : s.units()) {
      board.show(s.of("a", u) + " = " + s.equation(block), s.affine(block, u), s.value("a", u));
      board.show(s.of("h", u) + " = " + phi(s.cell(), "a"), phi(s.cell(), s.at("a", u)), s.value("h", u));
    }
    s.output();
    board.part("backward");
    for (int u : s.units()) {
      s.error(u);
      var slope = switch (s.cell()) {
        case "elman" -> " ⊙ (1 − h²)";
        case "elman-relu" -> " ⊙ [h > 0]";
        default -> "";
      };
      var worked = switch (s.cell()) {
        case "elman" -> Board.times(s.at("δh", u), "(1 − " + s.at("h", u) + "²)");
        case "elman-relu" -> s.value("h", u) > 0 ? s.at("δh", u) : "0";
        default -> s.at("δh", u);
      };
      board.show(s.of("δa", u) + " = δh" + slope, worked, s.gradient("a", u), s.difference("a", u));
    }
    board.part("weights");
    for (int u : s.units()) s.weights(block, s.of("δa", u), u);
    s.before("Σ δa Rᵀ", "");
    s.input();
    return board.end();
  }

  private static String phi(String cell, String a) {
    return switch (cell) {
      case "elman" -> "tanh(" + a + ")";
      case "elman-relu" -> "max(0, " + a + ")";
      default -> a;
    };
  }
}
