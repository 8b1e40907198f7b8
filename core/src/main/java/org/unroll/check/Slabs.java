package org.unroll.check;

import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Init;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** Slabs made, copied and compared element by element: slow, and clear. */
final class Slabs {
  private Slabs() {}

  /** Uniform on (−bound, bound), keyed by {@code seed} and {@code key}. */
  static Slab random(int steps, int rows, int cols, float bound, long seed, int key) {
    var s = Slab.zeros(steps, rows, cols);
    new Init.Uniform(bound).fill(s, new Philox(seed, Philox.Stream.DATA), key);
    return s;
  }

  static Slab like(Slab s) { return Slab.zeros(s.steps(), s.rows(), s.cols()); }

  static Slab copy(Slab s) { return unflat(flat(s), s); }

  /** All elements, row after row. */
  static double[] flat(Slab s) {
    var d = new double[s.height() * s.cols()];
    for (int r = 0; r < s.height(); r++) for (int k = 0; k < s.cols(); k++) d[r * s.cols() + k] = s.get(r, k);
    return d;
  }

  /** All elements, with zeros for those of dead rows. */
  static double[] alive(Slab s, Batch b) {
    var d = new double[s.height() * s.cols()];
    for (int t = 0; t < s.steps(); t++) {
      for (int r = t * s.rows(); r < t * s.rows() + b.alive()[t]; r++) {
        for (int k = 0; k < s.cols(); k++) d[r * s.cols() + k] = s.get(r, k);
      }
    }
    return d;
  }

  /** A slab of the shape of {@code s}. */
  static Slab unflat(double[] values, Slab s) {
    var to = like(s);
    for (int r = 0; r < to.height(); r++) for (int k = 0; k < to.cols(); k++) to.set(r, k, (float) values[r * to.cols() + k]);
    return to;
  }

  /** Row n of the first {@code steps} steps, as a slab of one row. */
  static Slab row(Slab s, int n, int steps) {
    var one = Slab.zeros(steps, 1, s.cols());
    for (int t = 0; t < steps; t++) one.setRow(t, s, t * s.rows() + n);
    return one;
  }

  static State row(State s, int n) {
    return new State(s.parts().stream().map(p -> row(p, n, p.steps())).toList());
  }

  /** Where two slabs of one shape first differ by a bit; null if nowhere. */
  static String difference(Slab a, Slab b) {
    for (int r = 0; r < a.height(); r++) {
      for (int k = 0; k < a.cols(); k++) {
        if (Float.floatToRawIntBits(a.get(r, k)) != Float.floatToRawIntBits(b.get(r, k))) {
          return "element (" + r / a.rows() + ", " + r % a.rows() + ", " + k + ") is " + a.get(r, k) + " and " + b.get(r, k);
        }
      }
    }
    return null;
  }

  /** The first element of an alive row that is not finite; null if there is none. */
  static String notFinite(Slab s, Batch b) {
    double[] d = alive(s, b);
    for (int i = 0; i < d.length; i++) if (!Double.isFinite(d[i])) return "element " + i + " is " + d[i];
    return null;
  }

  /** The same slab with {@code value} in every dead row. */
  static Slab bury(Slab s, Batch b, float value) {
    var c = copy(s);
    for (int t = 0; t < s.steps(); t++) for (int n = b.alive()[t]; n < s.rows(); n++) c.fillRow(t * s.rows() + n, value);
    return c;
  }

  /** How many rows of these lengths (falling) reach each step. */
  static int[] reach(int... lengths) {
    var alive = new int[lengths[0]];
    for (int length : lengths) for (int t = 0; t < length; t++) alive[t]++;
    return alive;
  }
}
