package org.unroll.tasks.lesson;

import java.util.ArrayList;
import org.unroll.optim.Clip;
import org.unroll.optim.Windows;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;

/** Clipping by norm and by value, on the gradient of R of the lesson on one Elman step. */
final class ClipLesson {
  private static final double NORM = 0.1, VALUE = 0.05;
  private static final int COUNT = 4;

  private ClipLesson() {}

  static Lesson of(Words words) {
    var board = new Board("clip", words);
    var n = ElmanLesson.numbers();
    var ps = new Params();
    ps.add("R", 2, 2, new Init.Constant(0));
    var g = new double[COUNT];
    for (int i = 0; i < COUNT; i++) g[i] = n.traced().gradient("rnn.R", i);
    double[] byNorm = clipped(ps, g, new Clip.ByNorm(NORM)), byValue = clipped(ps, g, new Clip.ByValue(VALUE));
    double norm = new Clip.ByNorm(NORM).apply(grads(ps, g), Windows.all(ps)).norm();
    board.part("clip.gradient");
    var squares = new ArrayList<String>();
    for (int i = 0; i < COUNT; i++) {
      squares.add(board.show("g[" + (i + 1) + "] = ∂L/∂R[" + (i / 2 + 1) + "," + (i % 2 + 1) + "]", "", g[i],
          n.traced().difference("rnn.R", i)) + "²");
    }
    board.part("clip.norm");
    board.given("max", NORM);
    board.show("‖g‖ = √(Σ g²)", "√(" + Board.plus(squares) + ")", norm);
    board.show("factor = min(1, max / ‖g‖)", "min(1, {max} / {‖g‖})", Math.min(1, NORM / norm));
    squares.clear();
    for (int i = 0; i < COUNT; i++) {
      squares.add(board.show("ĝ[" + (i + 1) + "] = factor · g[" + (i + 1) + "]", "{factor}·{g[" + (i + 1) + "]}", byNorm[i]) + "²");
    }
    board.show("‖ĝ‖ = √(Σ ĝ²)", "√(" + Board.plus(squares) + ")", norm(byNorm));
    board.part("clip.value");
    board.given("most", VALUE);
    for (int i = 0; i < COUNT; i++) {
      board.show("ǧ[" + (i + 1) + "] = max(−most, min(most, g[" + (i + 1) + "]))", "max(−{most}, min({most}, {g[" + (i + 1) + "]}))",
          byValue[i]);
    }
    return board.end();
  }

  private static Grads grads(Params ps, double[] g) {
    var grads = new Grads(ps);
    for (int i = 0; i < g.length; i++) grads.array()[i] = (float) g[i];
    return grads;
  }

  private static double[] clipped(Params ps, double[] g, Clip clip) {
    var grads = grads(ps, g);
    clip.apply(grads, Windows.all(ps));
    var out = new double[g.length];
    for (int i = 0; i < g.length; i++) out[i] = grads.array()[i];
    return out;
  }

  private static double norm(double[] g) {
    double sum = 0;
    for (double v : g) sum += v * v;
    return Math.sqrt(sum);
  }
}
