package org.unroll.kernel;

import org.unroll.slab.Slab;

/** The two orders in which a weight matrix is laid out; what both kernels' packing agrees on. */
final class PackOrder {
  private PackOrder() {}

  /** {@code lanes} neighbouring weights from one place to another. */
  interface Run { void copy(int from, int to, int lanes); }

  /** One weight from one place to another. */
  interface One { void copy(int from, int to); }

  /** W for y = x W: [panel][k][vector][lane]. */
  static void columns(Slab w, Tiling t, Run run) {
    for (int p = 0, to = 0; p < t.panels(); p++) {
      for (int k = 0; k < w.rows(); k++) {
        for (int v = 0; v < t.vectors(p); v++, to += Tiling.LANES) {
          if (t.lanes(p, v) > 0) run.copy(w.row(k) + t.col(p, v), to, t.lanes(p, v));
        }
      }
    }
  }

  /** Wᵀ for dx = dy Wᵀ: k runs over W's columns as dy has them, lanes over W's rows, 64 to a panel. */
  static void rows(Slab w, Tiling columns, One one) {
    var out = Tiling.dense(w.rows());
    int inner = inner(columns);
    for (int q = 0; q < out.panels(); q++) {
      int width = out.vectors(q) * Tiling.LANES;
      int base = q * inner * out.vectors() * Tiling.LANES;
      for (int i = 0; i < Math.min(width, w.rows() - out.col(q, 0)); i++) {
        int row = w.row(out.col(q, 0) + i);
        for (int p = 0, k = 0; p < columns.panels(); p++) {
          for (int v = 0; v < columns.vectors(p); v++) {
            for (int l = 0; l < columns.lanes(p, v); l++) one.copy(row + columns.col(p, v) + l, base + (k + l) * width + i);
            k += columns.isDense() ? columns.lanes(p, v) : Tiling.LANES;
          }
        }
      }
    }
  }

  /** Terms of the sum dy Wᵀ: the columns of a dense tiling, all lanes of a gate tiling. */
  static int inner(Tiling columns) {
    return columns.isDense() ? columns.cols() : columns.panels() * columns.vectors() * Tiling.LANES;
  }
}
