package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.unroll.cell.Carry;
import org.unroll.look.CellWalk;
import org.unroll.look.MemoryTrace;
import org.unroll.look.Reading;
import org.unroll.reference.ReferenceCell;

/** A gated memory as a sum over its past: equation 25.26 with the term of c_0 that is missing there. */
final class MemoryLesson {
  /** Steps; and units, where differences of the whole layer still come soon. */
  private static final int MOST = 6, WIDEST = 256;

  private MemoryLesson() {}

  static Lesson of(Words words) {
    var x = new double[][] {{1}, {-0.5}, {0.3}, {0.8}};
    var n = LayerNumbers.of("lstm", x, 1, Map.of("W", new double[] {0.9, 0.5, 0.8, 0.4}, "R", new double[] {-0.2, 0.1, 0.3, 0.2},
        "b", new double[] {0, 1, 0, 0}, "h0", new double[] {0.1}, "c0", new double[] {0.4}), null, new double[] {1});
    var board = new Board("memory", words);
    return of(n.kernels(), 0, board);
  }

  static Lesson of(Own own, Words words) {
    int steps = Math.min(MOST, own.ids().length);
    int[] past = Arrays.copyOf(own.before(), own.before().length + own.ids().length - steps);
    System.arraycopy(own.ids(), 0, past, own.before().length, own.ids().length - steps);
    var r = Reading.after(own.model(), past, Arrays.copyOfRange(own.ids(), own.ids().length - steps, own.ids().length));
    var w = own.walk(r);
    var board = new Board("memory", "memory.own.about", words);
    board.about("memory.own", own.model().id().substring(0, 12), w.name(), w.cell(), own.unit(w),
        String.join(" ", own.symbols().subList(own.symbols().size() - steps, own.symbols().size())));
    return of(w, own.unit(w), board);
  }

  private static Lesson of(CellWalk w, int unit, Board board) {
    var trace = MemoryTrace.of(w);
    var carry = trace.carry();
    var s = carry.slot();
    int T = w.steps();
    double[] states = trace.states(unit), last = trace.weights(unit)[T - 1], parts = trace.contributions(unit)[T - 1];
    board.part("memory.gates", carry.toString());
    board.given(s + "_0", trace.initial(unit));
    for (int t = 1; t <= T; t++) gates(board, trace, unit, t, states);
    board.part("memory.weights", T);
    var kept = new ArrayList<String>();
    for (int j = 1; j <= T; j++) kept.add("{keep_" + j + "}");
    board.show("w_0 = ∏ keep_j, j = 1 … " + T, Board.times(kept.toArray(String[]::new)), last[0]);
    for (int i = 1; i <= T; i++) {
      var factors = new ArrayList<>(List.of("{write_" + i + "}"));
      factors.addAll(kept.subList(i, T));
      board.show("w_" + i + " = write_" + i + (i < T ? " ∏ keep_j, j = " + (i + 1) + " … " + T : ""),
          Board.times(factors.toArray(String[]::new)), last[i]);
    }
    board.part("memory.sum");
    var terms = new ArrayList<String>();
    for (int i = 0; i <= T; i++) {
      var by = i == 0 ? s + "_0" : carry.candidate() + "_" + i;
      terms.add(board.show("part_" + i + " = w_" + i + " · " + by, "{w_" + i + "}·{" + by + "}", parts[i]));
    }
    board.show("Σ = part_0 + … + part_" + T, Board.plus(terms), trace.sums(unit)[T - 1]);
    if (w.units() <= WIDEST && ReferenceCell.knows(w.cell()) && w.forward()) whole(board, w, s, unit);
    return board.end();
  }

  /** What is kept, what is written and the candidate of a step, from the pass; and the state that they make. */
  private static void gates(Board board, MemoryTrace trace, int unit, int t, double[] states) {
    var carry = trace.carry();
    var w = trace.walk();
    var at = new At(w, w.time(t - 1), unit);
    board.given("keep_" + t, carry.keep().at(at));
    board.given("write_" + t, carry.write().at(at));
    board.given(carry.candidate() + "_" + t, at.block(carry.candidate()));
    board.show(carry.slot() + "_" + t + " = keep_" + t + " · " + carry.slot() + "_" + (t - 1) + " + write_" + t + " · "
        + carry.candidate() + "_" + t, "{keep_" + t + "}·{" + carry.slot() + "_" + (t - 1) + "} + {write_" + t + "}·{"
        + carry.candidate() + "_" + t + "}", states[t - 1]);
  }

  private record At(CellWalk walk, int t, int unit) implements Carry.Values {
    @Override public double block(String name) { return walk.gate(walk.gate(name), t, unit); }

    @Override public double before(String slot) { return walk.before(walk.slot(slot), t, unit); }

    @Override public double after(String slot) { return walk.after(walk.slot(slot), t, unit); }
  }

  /** w_0 is the way through the memory alone; the gradient has the ways through h and R besides. */
  private static void whole(Board board, CellWalk w, String slot, int unit) {
    var one = new double[w.units()];
    one[unit] = 1;
    var n = Own.traced(w, Map.of(slot, one));
    board.part("memory.whole", slot);
    board.show("∂" + slot + "_" + w.steps() + "/∂" + slot + "_0 = w_0 + ways through R", "", n.gradient("rnn." + slot + "0", unit),
        n.difference("rnn." + slot + "0", unit));
  }
}
