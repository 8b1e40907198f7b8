package org.unroll.layer;

import org.unroll.cell.Cell;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Tiling;
import org.unroll.kernel.Weights;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * A cell's own weights as a run holds them. Where each unit has its own they are blocks of H, and each block fills whole vectors; else
 * they lie as the cell deals them out.
 *
 * @param p the weights; null for a cell without
 */
record OwnWeights(Param p, Cell.Layout layout, int units) {

  private boolean perUnit() { return layout.scope() == Cell.Scope.UNIT; }

  /** Floats between blocks. */
  int stride() { return perUnit() ? Tiling.padded(units) : units; }

  /** Floats of them all. */
  int width() { return perUnit() ? layout.perUnit() * stride() : p.cols(); }

  /** Null for a cell without. */
  Slab of(Weights w, Workspace ws) {
    if (p == null || !perUnit()) return p == null ? null : w.of(p);
    var own = ws.zeros(1, 1, width());
    for (int i = 0; i < layout.perUnit(); i++) block(own, i).setRow(0, w.of(p).cols(i * units, (i + 1) * units), 0);
    return own;
  }

  /** dP += the sum of rows of gradients that lie as {@link #of}. */
  void add(Kernels k, Slab dp, Slab dP) {
    if (!perUnit()) k.columnSums(dp, 0, dp.rows(), dP);
    else for (int i = 0; i < layout.perUnit(); i++) k.columnSums(block(dp, i), 0, dp.rows(), dP.cols(i * units, (i + 1) * units));
  }

  private Slab block(Slab own, int i) { return own.cols(i * stride(), i * stride() + units); }
}
