package org.unroll.kernel;

import org.unroll.slab.Slab;

/**
 * Two rows mixed by a gate t between 0 and 1, and the way back. Rows r are those of all slabs.
 * <pre>
 *   (1)  y  = t ⊙ f + (1 − t) ⊙ x
 *   (B1) δf = δy ⊙ t        (B2) δt = δy ⊙ (f − x)        (B3) δx = δy ⊙ (1 − t)
 * </pre>
 */
public final class Blend {
  private Blend() {}

  /** y of t, f and x. */
  public static void forward(Slab t, Slab f, Slab x, Slab y, int from, int rows) {
    for (int r = from; r < from + rows; r++) {
      for (int k = 0; k < y.cols(); k++) {
        float gate = t.data()[t.row(r) + k];
        y.data()[y.row(r) + k] = Math.fma(gate, f.data()[f.row(r) + k], (1 - gate) * x.data()[x.row(r) + k]);   // (1)
      }
    }
  }

  /** δf, δt and δx of δy: each is written, none is added to. */
  public static void backward(Slab t, Slab f, Slab x, Slab dy, Slab df, Slab dt, Slab dx, int from, int rows) {
    for (int r = from; r < from + rows; r++) {
      for (int k = 0; k < dy.cols(); k++) {
        float d = dy.data()[dy.row(r) + k], gate = t.data()[t.row(r) + k];
        df.data()[df.row(r) + k] = d * gate;                                                           // (B1)
        dt.data()[dt.row(r) + k] = d * (f.data()[f.row(r) + k] - x.data()[x.row(r) + k]);              // (B2)
        dx.data()[dx.row(r) + k] = d * (1 - gate);                                                     // (B3)
      }
    }
  }
}
