package org.unroll.look;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.unroll.kernel.Activation;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Largest singular values: how much a matrix can stretch a vector, and so a gradient.
 * <pre>
 *   (1) v ← AᵀA v / ‖v‖       again and again: the power iteration of von Mises and Pollaczek-Geiringer 1929
 *   (2) ‖A‖₂ = √‖AᵀA v‖      of the v, of length 1, that it ends with
 * </pre>
 */
public final class Spectrum {
  private static final int ROUNDS = 2000;
  private static final double STILL = 1e-12;

  private Spectrum() {}

  /** ‖A‖₂ by power iteration on AᵀA in double; A is [1, rows, cols]. */
  public static double largest(Slab A) {
    int n = A.height(), m = A.cols();
    return largest(m, v -> {
      var next = new double[m];
      for (int r = 0; r < n; r++) {
        double dot = 0;
        for (int k = 0; k < m; k++) dot += A.get(r, k) * v[k];
        for (int k = 0; k < m; k++) next[k] += A.get(r, k) * dot;                                              // (1)
      }
      return next;
    });
  }

  /** ‖A‖₂ by power iteration. @param squared v to AᵀA v, of m numbers each */
  static double largest(int m, UnaryOperator<double[]> squared) {
    var rng = new Philox(1, Philox.Stream.INIT);
    var v = new double[m];
    for (int i = 0; i < m; i++) v[i] = rng.uniform(0, 0, 0, i) - 0.5;
    double sigma = 0;
    for (int round = 0; round < ROUNDS; round++) {
      normalise(v);
      var next = squared.apply(v);
      double now = Math.sqrt(norm(next));                                                                  // (2)
      v = next;
      if (Math.abs(now - sigma) <= STILL * now) return now;
      sigma = now;
    }
    return sigma;
  }

  /**
   * ∂(state after a step)/∂(state before it) of a walk, all slots: [1, S·H, S·H], row for the state after. Every row is a
   * backward pass of its own, all in one batch.
   */
  public static Slab jacobian(CellWalk walk, int t) {
    var tr = walk.trace();
    int H = walk.units(), S = walk.slots().size(), rows = S * H;
    var x = Slab.zeros(1, rows, tr.x().x().cols());
    var in = Slab.zeros(S, rows, H);
    var dOut = Slab.zeros(S, rows, H);
    for (int r = 0; r < rows; r++) {
      x.setRow(r, tr.x().x(), t);
      for (int s = 0; s < S; s++) for (int u = 0; u < H; u++) in.set(s * rows + r, u, walk.before(s, t, u));
      dOut.set(r / H * rows + r, r % H, 1);
    }
    var ws = new Workspace();
    var run = Run.evaluation(tr.run().weights(), ws);
    var pass = tr.layer().forward(Batch.full(x, new long[rows]), new State(List.of(in)), run);
    var g = pass.backward(Slab.zeros(1, rows, tr.layer().width()), new State(List.of(dOut)), new Grads(run.weights().params()));
    var J = Slab.zeros(1, rows, rows);
    for (int r = 0; r < rows; r++) {
      for (int s = 0; s < S; s++) for (int u = 0; u < H; u++) J.set(r, s * H + u, g.dIn().part(0).get(s * rows + r, u));
    }
    return J;
  }

  /**
   * ‖∂p_t/∂p_{t−1}‖₂ of a Jordan layer, from what its pass remembered: p' reaches p through U, the slope of h, V and f. No
   * matrix of outputs × outputs is made.
   */
  static double largest(FeedbackWalk walk, int t) {
    var layer = walk.trace().layer();
    var weights = walk.trace().run().weights();
    Slab U = weights.of(layer.U()), V = weights.of(layer.V());
    return largest(layer.outputs(), v -> {
      var p = slope(walk, t, times(V, slope(walk.trace().h().x(), t, times(U, v, true)), true));          // v J
      return times(U, slope(walk.trace().h().x(), t, times(V, slope(walk, t, p), false)), false);           // (v J) Jᵀ
    });
  }

  /** v A, or v Aᵀ. */
  private static double[] times(Slab A, double[] v, boolean rows) {
    var y = new double[rows ? A.cols() : A.height()];
    for (int r = 0; r < A.height(); r++) {
      for (int k = 0; k < A.cols(); k++) {
        if (rows) y[k] += v[r] * A.get(r, k);
        else y[r] += v[k] * A.get(r, k);
      }
    }
    return y;
  }

  /** v ⊙ (1 − h²). */
  private static double[] slope(Slab h, int t, double[] v) {
    for (int u = 0; u < v.length; u++) v[u] *= Activation.TANH.slope(h.get(t, u));
    return v;
  }

  /** v times ∂p/∂z, which is symmetric. */
  private static double[] slope(FeedbackWalk walk, int t, double[] v) {
    var f = walk.trace().layer().feedback();
    double shift = 0;
    for (int k = 0; f.needsRow() && k < v.length; k++) shift += v[k] * walk.after(1, t, k);
    for (int k = 0; k < v.length; k++) v[k] = (v[k] - shift) * f.slope(walk.after(1, t, k));
    return v;
  }

  private static void normalise(double[] v) {
    double norm = norm(v);
    for (int i = 0; i < v.length && norm > 0; i++) v[i] /= norm;
  }

  static double norm(double[] v) { return Math.sqrt(Arrays.stream(v).map(x -> x * x).sum()); }
}
