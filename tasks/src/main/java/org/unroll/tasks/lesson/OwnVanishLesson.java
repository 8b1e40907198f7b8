package org.unroll.tasks.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unroll.look.Reading;
import org.unroll.look.Spectrum;
import org.unroll.look.Walk;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.ReferenceCell;
import org.unroll.slab.Slab;
import org.unroll.tasks.look.Figure;

/** Why gradients vanish in a user's own model: the Jacobians of its steps over a text, and their products. */
final class OwnVanishLesson {
  private static final int MOST = 12, WIDEST = 300, ROUNDS = 500;

  private OwnVanishLesson() {}

  static Lesson of(Own own, Words words) {
    int steps = Math.min(MOST, own.ids().length);
    int[] past = Arrays.copyOf(own.before(), own.before().length + own.ids().length - steps);
    System.arraycopy(own.ids(), 0, past, own.before().length, own.ids().length - steps);
    var r = Reading.after(own.model(), past, Arrays.copyOfRange(own.ids(), own.ids().length - steps, own.ids().length));
    var w = own.walk(r);
    var board = new Board("vanish", words);
    board.about("vanish.own", own.model().id().substring(0, 12), w.name(), w.cell(), w.units(),
        String.join(" ", own.symbols().subList(own.symbols().size() - steps, own.symbols().size())));
    int T = w.steps();
    var norms = new double[T + 1];
    var J = new ArrayList<Slab>();
    board.part("vanish.own.steps", String.join(", ", w.slots()));
    for (int t = 1; t <= T; t++) {
      J.add(Spectrum.jacobian(w, w.time(t - 1)));
      norms[t] = Spectrum.largest(J.getLast());
      board.given("J_" + t, norms[t]);
    }
    board.part("vanish.own.products", T);
    var product = J.getLast();
    double[] curve = new double[T], bound = new double[T];
    double all = norms[T];
    curve[0] = all;
    bound[0] = all;
    for (int k = 2; k <= T; k++) {
      product = times(product, J.get(T - k));
      all *= norms[T - k + 1];
      curve[k - 1] = Spectrum.largest(product);
      bound[k - 1] = all;
      var factors = new ArrayList<String>();
      for (int j = T; j > T - k; j--) factors.add("{J_" + j + "}");
      board.show("P_" + k + " = ‖∂s_" + T + "/∂s_" + (T - k) + "‖₂", "", curve[k - 1], stretch(w, T - k, product));
      board.show("bound_" + k + " = J_" + T + " · … · J_" + (T - k + 1), Board.times(factors.toArray(String[]::new)), all);
    }
    board.figure(new Figure.Curves(words.text("vanish.curves"), "", words.text("vanish.lag"), "‖∂s_T/∂s_{T−k}‖",
        List.of(new Figure.Curve("‖∏ J‖", curve, false), new Figure.Curve("∏ ‖J‖", bound, true))));
    return board.end();
  }

  /**
   * ‖∂s_T/∂s_from · v‖ by differences of the reference, v the direction that {@code product} stretches most: its norm once more. NaN
   * where there is no reference of the cell, or the layer is too wide for it.
   */
  private static double stretch(Walk w, int from, Slab product) {
    boolean known = ReferenceCell.knows(w.cell()) && w.trace().layer().P() == null && w.forward() && w.units() <= WIDEST;
    if (!known) return Double.NaN;
    double[] v = direction(product), sum = new double[v.length];
    double[] far = {1, -8, 8, -1};                              // f(−2h) − 8 f(−h) + 8 f(h) − f(2h), by 12 h
    for (int i = 0; i < far.length; i++) {
      double by = new double[] {-2, -1, 1, 2}[i] * FiniteDifference.STEP;
      double[] s = Own.after(w, from, v, by);
      for (int j = 0; j < sum.length; j++) sum[j] += far[i] * s[j] / (12 * FiniteDifference.STEP);
    }
    return norm(sum);
  }

  /** The right singular vector of the largest singular value. */
  private static double[] direction(Slab A) {
    int n = A.cols();
    var v = new double[n];
    for (int j = 0; j < n; j++) v[j] = 1 + 0.1 * j;
    for (int round = 0; round < ROUNDS; round++) {
      var next = new double[n];
      for (int r = 0; r < n; r++) {
        double dot = 0;
        for (int j = 0; j < n; j++) dot += A.get(r, j) * v[j];
        for (int j = 0; j < n; j++) next[j] += A.get(r, j) * dot;
      }
      double norm = norm(next);
      if (norm == 0) return v;
      for (int j = 0; j < n; j++) v[j] = next[j] / norm;
    }
    return v;
  }

  private static double norm(double[] v) { return Math.sqrt(Arrays.stream(v).map(x -> x * x).sum()); }

  private static Slab times(Slab a, Slab b) {
    int n = a.cols();
    var c = Slab.zeros(1, n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int k = 0; k < n; k++) sum += (double) a.get(i, k) * b.get(k, j);
        c.set(i, j, (float) sum);
      }
    }
    return c;
  }
}
