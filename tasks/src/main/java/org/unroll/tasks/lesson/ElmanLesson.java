package org.unroll.tasks.lesson;

import java.util.List;
import java.util.Map;

/** One step of Elman's network, forward and back. */
final class ElmanLesson {
  private static final List<StepBoard.Block> BLOCKS = List.of(new StepBoard.Block("", 0, 0, 0));

  private ElmanLesson() {}

  /** The numbers of the lesson: two inputs, two units. */
  static LayerNumbers numbers() {
    return LayerNumbers.of("elman", new double[][] {{1, -0.5}}, 2, Map.of("W", new double[] {0.5, -0.3, 0.2, 0.4},
        "R", new double[] {0.1, 0.6, -0.4, 0.2}, "b", new double[] {0.1, -0.1}, "h0", new double[] {0.3, -0.2}),
        new double[] {0.5, 0}, null);
  }

  static Lesson of(Words words) { return of(new StepBoard(new Board("elman", words), numbers(), BLOCKS), new double[] {0.5, 0}); }

  static Lesson of(Own own, Words words) {
    var r = own.last();
    var w = Own.require(own.walk(r), "elman", List.of("elman", "elman-relu", "elman-identity"));
    var board = new Board("elman", words);
    board.about("own", own.model().id().substring(0, 12), w.name(), w.cell(), own.unit(w), own.symbols().get(own.ids().length - 2),
        own.symbols().getLast());
    return of(new StepBoard(board, OneUnit.of(w, own.unit(w), own.fromAbove(r, w)), BLOCKS), null);
  }

  /** @param target null where δh is given */
  private static Lesson of(StepBoard s, double[] target) {
    var n = s.n;
    var board = s.board;
    board.about("kernels", n.gap());
    board.part("given");
    s.inputs(List.of("h"));
    Targets.given(s, target);
    board.part("forward");
    for (int u : s.units()) {
      board.show(s.of("a", u) + " = " + StepBoard.affine(BLOCKS.getFirst()), s.affine(BLOCKS.getFirst(), u), n.value("a", u));
      board.show(s.of("h", u) + " = " + phi(n, "a"), phi(n, s.at("a", u)), n.value("h", u));
    }
    Targets.loss(s, target);
    board.part("backward");
    for (int u : s.units()) {
      Targets.dh(s, target, u);
      boolean tanh = n.cell().equals("elman");
      var slope = switch (n.cell()) {
        case "elman" -> " ⊙ (1 − h²)";
        case "elman-relu" -> " ⊙ [h > 0]";
        default -> "";
      };
      board.show(s.of("δa", u) + " = " + s.of("δh", u) + slope,
          tanh ? Board.times(s.at("δh", u), "(1 − " + s.at("h", u) + "²)") : n.value("h", u) > 0 || slope.isEmpty() ? s.at("δh", u) : "0",
          n.gradient("a", u), n.difference("a", u));
    }
    for (int u : s.units()) s.weights(BLOCKS.getFirst(), s.of("δa", u), u);
    s.before("Σ δa Rᵀ", "");
    s.input();
    return board.end();
  }

  private static String phi(LayerNumbers n, String a) {
    return switch (n.cell()) {
      case "elman" -> "tanh(" + a + ")";
      case "elman-relu" -> "max(0, " + a + ")";
      default -> a;
    };
  }
}
