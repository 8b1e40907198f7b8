package org.unroll.layer;

import org.unroll.cell.Cell;
import org.unroll.cell.Row;
import org.unroll.cell.Zoneout;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Packed;
import org.unroll.kernel.Panels;
import org.unroll.kernel.Tiling;
import org.unroll.kernel.Weights;
import org.unroll.slab.Grads;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * One step of a {@link Recurrent}, backward, for some rows: the cell, then δh' += δa Rᵀ; and what is left for the end. Where there is
 * {@link Noise}, with the letters of {@link ForwardStep} and {@link Masks}:
 * <pre>
 *   (B1) δy' = δu' ⊙ mask      (B2) δm = δm ⊙ mask      (B3) δR = δR̃ ⊙ M,  δS = δS̃ ⊙ M
 * </pre>
 */
final class BackwardStep {
  private final Recurrent layer;
  private final Cell.Layout layout;
  private final int ownStride;
  private final Workspace ws;
  private final StateRows stateRows;
  private final Recurrent.Trace tr;
  private final Kernels k;
  private final Fused fused;
  private final Fused.Operands operands;
  private final Panels a, da;
  private final Slab s, ds, dh, p, dp, dm, dy, du, past;
  private final Masks masks;
  private final Together all;
  private final Zoneout zone;
  private final Packed RT, ST, PT;

  /**
   * @param da δa of all steps
   * @param ds δ of the state of one step [1, N, S · H padded]; of one step of each chunk of a {@link Scan}
   * @param dp δp of each row [1, N, as {@link OwnWeights}]: summed over rows at the end, in their order; null without
   * @param dm δ of the second product's input, of one step; null without
   * @param ws for what dies with the walk back
   */
  BackwardStep(Recurrent layer, Recurrent.Trace tr, Panels da, Slab ds, Slab dp, Slab dm, Workspace ws) {
    var w = tr.run().weights();
    this.layer = layer;
    this.ws = ws;
    this.layout = layer.layout();
    this.stateRows = layer.stateRows();
    this.ownStride = layer.own().stride();
    this.tr = tr;
    this.k = tr.run().k();
    this.masks = tr.masks();
    this.all = new Together(tr.x(), ws);
    this.fused = masks.plain() ? layer.cell().fused(k) : null;
    this.zone = layer.zoneout(masks);
    this.a = tr.gates();
    this.da = da;
    this.s = tr.states();
    this.ds = ds;
    this.dh = ds.cols(0, layer.units());
    this.p = layer.own().of(w, ws);
    this.dp = dp;
    this.dm = dm;
    this.RT = layer.R() == null ? null : transposed(w, layer.R(), layer.tilingR(), masks.R());
    this.PT = layer.P() == null ? null : w.transposed(layer.P());
    this.dy = PT == null ? null : ws.zeros(s.steps(), s.rows(), layer.width());
    this.ST = layer.S() == null ? null : transposed(w, layer.S(), layer.tilingS(), masks.S());
    this.du = masks.state() == null || PT != null ? null : ws.raw(1, s.rows(), layer.units());
    this.past = zone == null ? null : ws.raw(1, s.rows(), ds.cols());
    this.operands = new Fused.Operands(a, s, p, tr.second(), da, ds, dp, dm);
  }

  private static Packed transposed(Weights w, Param matrix, Tiling tiling, Masks.Thinned thinned) {
    return thinned == null ? w.transposed(matrix, tiling) : w.transposed(matrix, tiling, thinned.weights());
  }

  Row row() { return new Row(k, a, s, p, tr.second(), da, ds, dp, dm).masked(masks.candidate()); }

  /** Panels of a row; one where the cell needs it whole. */
  int panels() { return whole() ? 1 : a.panels(); }

  /** Whether no unit ever waits for another one: nothing multiplies the state by a matrix. */
  boolean apart() { return RT == null && ST == null && PT == null; }

  private boolean whole() { return layout.scope() == Cell.Scope.ROW; }

  /**
   * Steps {@code t0} to {@code t1} against the walk: δh += δy, then the step. Rows of {@code ds} from {@code n} on hold δs of what
   * follows, and afterwards of the state before.
   *
   * @param dy δh of the layer's output, all steps
   */
  void walk(Slab dy, int t0, int t1, int n0, int count, int n, int first, int end) {
    var row = row();
    var walk = layer.walk();
    int N = s.rows(), from = first * Tiling.LANES, to = end == panels() ? layer.units() : end * Tiling.LANES;
    Slab d = dy.cols(from, to), sum = ds.cols(from, to);
    walk.forEachStep(tr.x(), t0, t1, n0, count, true, (t, rows) -> {
      k.add(d, t * N + n0, sum, n, rows);
      backward(row, t * N + n0, walk.prev(t) * N + n0, walk.next(t) * N + n0, n, rows, first, end);
    });
  }

  /**
   * δs of step t to δa of step t and δs of step t − 1; rows from {@code n} of {@code ds}. Panels {@code first} to {@code end},
   * which are all of them but where {@link #apart}.
   */
  void backward(Row r, int row, int prev, int next, int n, int rows, int first, int end) {
    cell(r, row, prev, next, n, rows, first, end, false);
    if (ST != null) {
      k.product(da, row, rows, layout.blocks() - 1, ST, dm, n, false);                               // δm = δa Sᵀ
      if (masks.state() != null) k.multiply(dm, masks.state(), dm, n, rows);                           // (B2)
      cell(r, row, prev, next, n, rows, first, end, true);
    }
    if (du != null) {
      fed(row, n, rows);
    } else if (RT != null && PT == null) {
      k.product(da, row, rows, 0, RT, dh, n, true);                                                    // δh' += δa Rᵀ
    } else if (RT != null) {
      k.product(da, row, rows, 0, RT, dy, prev, false);                                                // δy' = δa Rᵀ
      if (masks.state() != null) k.multiply(dy, masks.state(), dy, prev, rows);                        // (B1)
      k.product(dy, prev, rows, PT, dh, n, null, true);                                                // δh' += δy' Pᵀ
    }
  }

  /** δh' += δa Rᵀ ⊙ mask; the mask is that of every step. */
  private void fed(int row, int n, int rows) {
    if (RT == null) return;
    k.product(da, row, rows, 0, RT, du, n, false);
    k.multiply(du, masks.state(), du, n, rows);                                                        // (B1)
    k.add(du, n, dh, n, rows);
  }

  /** δh of the layer's output, all steps: δy, or δy Pᵀ. Apart from δy' above, so that chunks of time add as the whole does. */
  Slab ofOutput(Slab dy) {
    if (PT == null) return dy;
    var all = ws.raw(dy.steps(), dy.rows(), layer.units());
    Rows.parallel(k, tr.x(), (from, rows) -> k.product(dy, from, rows, PT, all, from, null, false));
    return all;
  }

  /** δP += hᵀ (δy + δy'), last the states before the first steps. */
  void projection(Slab output, Slab dP) {
    var h = s.cols(0, layer.units());
    int shift = layer.walk().next(0) * s.rows();              // rows between a step's δy and its state
    Rows.alive(tr.x(), (from, rows) -> {
      k.add(output, from, dy, from + shift, rows);
      k.outer(h, from + shift, dy, from + shift, rows, dP);
    });
    layer.walk().starts(tr.x(), (from, rows) -> k.outer(h, from, dy, from, rows, dP));
  }

  /** The pointwise part; its second half where {@code second}. */
  private void cell(Row r, int row, int prev, int next, int n, int rows, int first, int end, boolean second) {
    if (fused == null) plain(r, row, prev, next, n, rows, first, end, second);
    else if (second) fused.backward2(operands, row, prev, next, n, rows, first, end);
    else fused.backward(operands, row, prev, next, n, rows, first, end);
  }

  private void plain(Row r, int row, int prev, int next, int n, int rows, int first, int end, boolean second) {
    for (int i = 0; i < rows; i++) {
      for (int j = first; j < end; j++) {
        int u = j * Tiling.LANES;
        int at = a.panelAt(row + i, 0, j);
        r.gates(whole() ? layer.units() : a.lanes(j), at, at, a.blockStride());
        int d = ds.row(n + i) + u;
        r.states(s.row(prev + i) + u, s.row(next + i) + u + (zone == null ? 0 : stateRows.made()), d, stateRows.slot());
        if (p != null) r.units(p.offset() + u, dp.row(n + i) + u, ownStride);
        if (dm != null) r.second(tr.second().row(row + i) + u, dm.row(n + i) + u);
        if (masks.candidate() != null) r.mask(masks.candidate().row(row + i) + u);
        if (zone != null && !second) zone.backward(ds, d, past, past.row(n + i) + u, zone.z().row(masks.zoneRow(row + i)) + u, r.units());
        if (second) layer.cell().backward2(r);
        else layer.cell().backward(r);
        if (zone != null && (second || ST == null)) zone.join(ds, d, past, past.row(n + i) + u, r.units());
      }
    }
  }

  /** Gradients of the weights: sums over all alive rows. {@code before} is the slot of the states before step 0. */
  void weights(int before, Grads into) {
    float[] g = into.array();
    int rows = all.rows();
    all.close(da);
    var x = all.of(tr.x().x(), 0);
    Slab dR = start(layer.R(), masks.R(), g), dS = start(layer.S(), masks.S(), g);
    if (layer.input().ids()) k.scatter(x, da, 0, rows, layer.blockW(), layer.W().of(g));
    else k.outer(x, 0, da, 0, rows, layer.blockW(), layer.W().of(g));                                  // δW += xᵀ δa
    if (RT != null) k.outer(all.of(tr.fed(), before), 0, da, 0, rows, 0, dR);                          // δR += y'ᵀ δa
    if (ST != null) k.outer(all.of(tr.second(), 0), 0, da, 0, rows, layout.blocks() - 1, dS);
    if (layer.b() != null) k.columnSums(da, 0, rows, layer.b().of(g));                                 // δb += Σ δa
    finish(layer.R(), masks.R(), dR, g);
    finish(layer.S(), masks.S(), dS, g);
    if (dp != null) layer.own().add(k, dp, layer.p().of(g));
  }

  /** Where a matrix's gradient is summed: its window, or that of the thinned matrix. Null for none. */
  private Slab start(Param w, Masks.Thinned thinned, float[] g) {
    if (w == null) return null;
    return thinned == null ? w.of(g) : ws.zeros(1, w.rows(), w.cols());
  }

  private void finish(Param w, Masks.Thinned thinned, Slab d, float[] g) {
    if (thinned == null) return;
    k.multiply(d, thinned.mask(), d, 0, w.rows());                                                     // (B3)
    k.add(d, 0, w.of(g), 0, w.rows());
  }

  /** δx = δa Wᵀ, all steps, after {@link #weights}; null where x are ids. */
  Slab input() {
    if (layer.input().ids()) return null;
    var x = tr.x().x();
    var dx = tr.run().ws().raw(x.steps(), x.rows(), x.cols());
    var to = all.like(dx);
    var WT = tr.run().weights().transposed(layer.W(), layer.tilingW());
    Rows.split(k, all.rows(), (from, rows) -> k.product(da, from, rows, layer.blockW(), WT, to, from, false));
    all.spread(to, dx);
    return dx;
  }
}
