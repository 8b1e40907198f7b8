package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.look.CellWalk;
import org.unroll.look.Reading;
import org.unroll.look.Spectrum;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.ReferenceCell;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;
import org.unroll.tasks.draw.Figure;

/** Why gradients vanish in a user's own model: the gradient of one unit on its way back over a text, step by step. */
final class OwnVanishLesson {
  private static final int MOST = 12, WIDE = 256, SMALL = 128;

  private OwnVanishLesson() {}

  static Lesson of(Own own, Words words) {
    var all = own.walk(own.reading());
    if (!all.forward()) throw Fault.of(Code.M009, "%s walks backward", all.name()).because("the lesson walks back from the last symbol");
    int numbers = all.units() * all.slots().size();
    int steps = Math.min(numbers > WIDE ? MOST / 2 : MOST, own.ids().length);
    int[] past = Arrays.copyOf(own.before(), own.before().length + own.ids().length - steps);
    System.arraycopy(own.ids(), 0, past, own.before().length, own.ids().length - steps);
    var w = own.walk(Reading.after(own.model(), past, Arrays.copyOfRange(own.ids(), own.ids().length - steps, own.ids().length)));
    int unit = own.unit(w);
    var board = new Board("vanish", "vanish.own.about", words);
    board.about("vanish.own", own.model().id().substring(0, 12), w.name(), w.cell(), unit,
        String.join(" ", own.symbols().subList(own.symbols().size() - steps, own.symbols().size())));
    double[] curve = back(board, w, unit), bound = numbers > SMALL ? new double[0] : bounds(board, w, curve);
    var curves = new ArrayList<>(List.of(new Figure.Curve("‖∂h_T/∂s_{T−k}‖", curve, false)));
    if (bound.length > 0) curves.add(new Figure.Curve("∏ ‖J‖", bound, true));
    board.figure(new Figure.Curves(words.text("vanish.curves"), "", words.text("vanish.lag"), "‖∂h_T/∂s_{T−k}‖", curves));
    return board.end();
  }

  /** r_k and what each step does to it. */
  private static double[] back(Board board, CellWalk w, int unit) {
    int T = w.steps();
    board.part("vanish.own.back", T, String.join(", ", w.slots()));
    board.given("r_0", 1);
    var r = new double[T];
    for (int k = 1; k <= T && (k == 1 || r[k - 2] > 0); k++) {  // where nothing arrives, nothing goes on
      double[] g = gradient(w, T - k, unit);
      r[k - 1] = norm(g);
      board.show("r_" + k + " = ‖∂h_" + T + "/∂s_" + (T - k) + "‖", "", r[k - 1], along(w, T - k, unit, g));
      board.show("factor_" + k + " = r_" + k + " / r_" + (k - 1), "{r_" + k + "} / {r_" + (k - 1) + "}",
          r[k - 1] / (k == 1 ? 1 : r[k - 2]));
    }
    return r;
  }

  /** ∂h_T/∂s of a unit by all slots of the state before step {@code from}, by the layer's own way back. */
  private static double[] gradient(CellWalk w, int from, int unit) {
    var layer = w.trace().layer();
    int T = w.steps() - from, S = w.slots().size();
    Slab in = Slab.zeros(S, 1, w.units()), dOut = Slab.zeros(S, 1, w.units());
    for (int s = 0; s < S; s++) for (int u = 0; u < w.units(); u++) in.set(s, u, w.before(s, from, u));
    dOut.set(0, unit, 1);
    var run = Run.evaluation(w.trace().run().weights(), new Workspace());
    var pass = layer.forward(Batch.full(w.trace().x().x().steps(from, w.steps()), new long[1]), new State(List.of(in)), run);
    var g = pass.backward(Slab.zeros(T, 1, layer.width()), new State(List.of(dOut)), new Grads(run.weights().params()));
    return LayerNumbers.doubles(g.dIn().part(0));
  }

  /** The same norm by differences of the reference, along the gradient. NaN where there is no reference of the layer. */
  private static double along(CellWalk w, int from, int unit, double[] g) {
    if (!ReferenceCell.knows(w.cell())) return Double.NaN;
    double norm = norm(g), h = FiniteDifference.STEP;
    var v = Arrays.stream(g).map(x -> norm == 0 ? 0 : x / norm).toArray();
    return (Own.after(w, from, v, h)[unit] - Own.after(w, from, v, -h)[unit]) / (2 * h);
  }

  /** The most that the steps can do: products of the norms of their Jacobians. */
  private static double[] bounds(Board board, CellWalk w, double[] r) {
    int T = w.steps();
    board.part("vanish.own.bounds");
    var bound = new double[T];
    var factors = new ArrayList<String>();
    double product = 1;
    for (int k = 1; k <= T; k++) {
      double norm = Spectrum.largest(Spectrum.jacobian(w, T - k));
      factors.add(board.given("J_" + (T - k + 1), norm));
      product *= norm;
      bound[k - 1] = product;
      board.show("bound_" + k + " = ∏ J_j, j = " + (T - k + 1) + " … " + T, Board.times(factors.toArray(String[]::new)), product);
    }
    return bound;
  }

  private static double norm(double[] v) { return Math.sqrt(Arrays.stream(v).map(x -> x * x).sum()); }
}
