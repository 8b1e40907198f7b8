package org.unroll.optim;

import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;

/** Keeps gradients small. */
public sealed interface Clip {
  /** Elements whose squares are summed together: a constant, so that threads may share the blocks and the bits stay. */
  int BLOCK = 4096;

  /**
   * What a clip did.
   *
   * @param norm the norm before. NaN or infinite when a gradient is; the gradients then stay as they are and must not be used
   * @param acted whether it changed an element
   */
  record Clipped(double norm, boolean acted) {}

  /** Clips in place. */
  Clipped apply(Grads g, Windows where);

  /** Measures only. */
  record None() implements Clip {
    @Override public Clipped apply(Grads g, Windows where) { return new Clipped(norm(g.array(), where), false); }
  }

  /**
   * Scales all gradients when their common norm is greater than max (Pascanu, Mikolov, Bengio 2013, algorithm 1).
   * <pre>
   *   (1) ‖g‖ = √(Σ g²)
   *   (2) g ← g · max / ‖g‖ where ‖g‖ > max
   * </pre>
   *
   * @param max greater than 0
   */
  record ByNorm(double max) implements Clip {
    public ByNorm { Setting.positive("clip", "norm", max); }

    @Override public Clipped apply(Grads g, Windows where) {
      double norm = norm(g.array(), where);
      boolean acts = norm > max && norm < Double.POSITIVE_INFINITY;
      if (acts) {
        for (var r : where.ranges()) scale(g.array(), (float) (max / norm), r.from(), r.to());     // (2)
      }
      return new Clipped(norm, acts);
    }

    private static void scale(float[] g, float factor, int from, int to) {
      for (int k = from; k < to; k++) g[k] *= factor;
    }
  }

  /**
   * Moves every gradient into [−max, max].
   * <pre>
   *   (3) g ← max(−max, min(max, g))
   * </pre>
   *
   * @param max greater than 0
   */
  record ByValue(double max) implements Clip {
    public ByValue { Setting.positive("clip", "value", max); }

    @Override public Clipped apply(Grads g, Windows where) {
      double norm = norm(g.array(), where);
      boolean acted = false;
      if (Double.isFinite(norm)) {
        for (var r : where.ranges()) acted |= limit(g.array(), (float) max, r.from(), r.to());
      }
      return new Clipped(norm, acted);
    }

    private static boolean limit(float[] g, float max, int from, int to) {
      boolean acted = false;
      for (int k = from; k < to; k++) {
        acted |= Math.abs(g[k]) > max;
        g[k] = Math.max(-max, Math.min(max, g[k]));                                                // (3)
      }
      return acted;
    }
  }

  /** Euclidean norm of the gradients: squares in double, summed in blocks of {@link #BLOCK}, then over the blocks in order. */
  static double norm(float[] g, Windows where) {
    double sum = 0;
    for (var r : where.ranges()) {
      for (int from = r.from(); from < r.to(); from += BLOCK) sum += squares(g, from, Math.min(from + BLOCK, r.to()));
    }
    return StrictMath.sqrt(sum);                                                                   // (1)
  }

  /** Sum of squares of one block, in four running sums. */
  static double squares(float[] g, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int k = from;
    for (; k <= to - 4; k += 4) {
      a += (double) g[k] * g[k];
      b += (double) g[k + 1] * g[k + 1];
      c += (double) g[k + 2] * g[k + 2];
      d += (double) g[k + 3] * g[k + 3];
    }
    for (; k < to; k++) a += (double) g[k] * g[k];
    return (a + b) + (c + d);
  }

  /** The first window with an element that is NaN or infinite, in an array shaped like the weights; null if all are finite. */
  static Param firstNotFinite(Params w, float[] values) {
    for (var p : w.all()) {
      for (int k = p.offset(); k < p.end(); k++) {
        if (!Float.isFinite(values[k])) return p;
      }
    }
    return null;
  }
}
