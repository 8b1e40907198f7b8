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
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * One step of a {@link Recurrent}, forward, for some rows: a = b + W x + R y', the cell, and where there is a projection P (LSTMP;
 * Sak, Senior and Beaufays 2014, eq. 6) its output in the place of h. Shared by loop and stepper. Where there is {@link Noise}, R
 * and S are thinned, {@link Zoneout} follows the cell, and R and S multiply what is left of y' and m:
 * <pre>
 *   (1) u = y ⊙ mask       a = b + W x + R u'
 *   (2) m = m ⊙ mask
 *   (3) y = h P            y = h where there is no P
 * </pre>
 */
final class ForwardStep {
  private final Recurrent layer;
  private final StepPlan plan;
  private final Cell.Layout layout;
  private final StateRows stateRows;
  private final int blockW, ownStride;
  private final Kernels k;
  private final Fused fused;
  private final Fused.Operands operands;
  private final Slab x, s, h, m, y, fed;
  private final Masks masks;
  private final Zoneout zone;
  private final Panels a;
  private final Packed W, R, S, P;
  private final Slab table, bias, biasR, p;

  /**
   * @param a pre-activations of all steps, or of one: then each step writes over those of the one before
   * @param m input of the second product, as many rows as a; null without
   * @param y the output, in the rows of the states: h itself, or its projection
   * @param fed what R multiplies: y, or what is left of it
   * @param ws for what lives as long as the steps do
   */
  ForwardStep(Recurrent layer, Run run, Slab x, Panels a, Slab s, Slab m, Slab y, Slab fed, Masks masks, Workspace ws) {
    var w = run.weights();
    this.layer = layer;
    this.plan = layer.plan(masks);
    this.layout = layer.layout();
    this.stateRows = layer.stateRows();
    this.ownStride = layer.own().stride();
    this.blockW = layer.blockW();
    this.k = run.k();
    this.fused = masks.plain() ? layer.cell().fused(k) : null;
    this.masks = masks;
    this.zone = layer.zoneout(masks);
    this.x = x;
    this.a = a;
    this.s = s;
    this.h = s.cols(0, layer.units());
    this.m = m;
    this.y = y;
    this.fed = fed;
    this.W = layer.input().ids() ? null : w.columns(layer.W(), layer.tilingW());
    this.R = layer.R() == null ? null : columns(w, layer.R(), layer.tilingR(), masks.R());
    this.S = layer.S() == null ? null : columns(w, layer.S(), layer.tilingS(), masks.S());
    this.P = layer.P() == null ? null : w.columns(layer.P());
    this.table = w.of(layer.W());
    int split = blockW * layer.units();
    int all = layout.blocks() * layer.units();
    var b = layer.b() == null ? ws.zeros(1, 1, all) : w.of(layer.b());
    this.bias = b.cols(split, all);
    this.biasR = split == 0 ? null : b.cols(0, split);
    this.p = layer.own().of(w, ws);
    this.operands = new Fused.Operands(a, s, p, m);
  }

  private static Packed columns(Weights w, Param matrix, Tiling tiling, Masks.Thinned thinned) {
    return thinned == null ? w.columns(matrix, tiling) : w.columns(matrix, tiling, thinned.weights());
  }

  Row row() { return new Row(k, a, s, p, m).masked(masks.candidate()); }

  StepPlan plan() { return plan; }

  /** Where the gates of row r = t·N + n of x stand. */
  private int at(int r) { return r % a.rows(); }

  /** a = b + W x for rows of x; of several steps where a holds them all. */
  void input(int row, int rows) {
    assert at(row) + rows <= a.rows() : rows + " rows from " + row + " of " + a.rows();
    beforeParts(row, rows);
    if (W != null) k.product(x, row, rows, W, a, at(row), blockW, bias);
  }

  /** y = h P, and what R will see of it; for rows of the states. */
  void project(int from, int rows) {
    if (P != null) k.product(h, from, rows, P, y, from, null, false);                                  // (3)
    if (masks.state() != null) k.multiply(y, masks.state(), fed, from, rows);                          // (1)
  }

  /** a += R y', the cell, y = h P: rows of one step, from {@code row} of x and {@code prev}, {@code next} of the states. */
  void forward(Row r, int row, int prev, int next, int rows) {
    if (R != null) k.product(fed, prev, rows, R, a, at(row), 0, null);                                 // (1)
    cell(r, row, prev, next, rows, 0, panels(), false);
    if (S != null) {
      if (masks.state() != null) k.multiply(m, masks.state(), m, at(row), rows);                       // (2)
      k.product(m, at(row), rows, S, a, at(row), layout.blocks() - 1, null);
      cell(r, row, prev, next, rows, 0, panels(), true);
    }
    project(next, rows);
  }

  int panels() { return a.panels(); }

  /** What must be there before the parts of a step start: blocks that no product of W does. */
  void beforeParts(int row, int rows) {
    if (biasR != null) k.broadcast(biasR, a, at(row), rows, 0);
    if (W == null) k.lookup(table, x, row, rows, a, at(row), blockW, bias);
  }

  /** a = b + W x, panels {@code first} to {@code end} alone, after {@link #beforeParts}; of ids it is there already. */
  void inputPanels(int row, int rows, int first, int end) {
    if (W != null) k.product(x, row, rows, W, a, at(row), blockW, bias, first, end);
  }

  /** The products of {@link #forward}, panels {@code first} to {@code end} alone; with W x if {@code input}. */
  void sums(boolean input, int row, int prev, int rows, int first, int end) {
    if (input) inputPanels(row, rows, first, end);
    if (R != null) k.product(fed, prev, rows, R, a, at(row), 0, null, first, end);
  }

  /** The pointwise part of {@link #forward}, panels {@code first} to {@code end} alone. */
  void cell(Row r, int row, int prev, int next, int rows, int first, int end) {
    cell(r, row, prev, next, rows, first, end, false);
  }

  /** The pointwise part; its second half where {@code second}. */
  private void cell(Row r, int row, int prev, int next, int rows, int first, int end, boolean second) {
    if (fused == null) plain(r, row, prev, next, rows, first, layout.scope() == Cell.Scope.ROW ? 1 : end, second);
    else if (second) fused.forward2(operands, at(row), prev, next, rows, first, end);
    else fused.forward(operands, at(row), prev, next, rows, first, end);
  }

  private void plain(Row r, int row, int prev, int next, int rows, int first, int end, boolean second) {
    boolean whole = layout.scope() == Cell.Scope.ROW;
    int gates = at(row);
    for (int i = 0; i < rows; i++) {
      for (int j = first; j < end; j++) {
        int u = j * Tiling.LANES;
        r.gates(whole ? layer.units() : a.lanes(j), a.panelAt(gates + i, 0, j), 0, a.blockStride());
        int from = s.row(prev + i) + u, to = s.row(next + i) + u, made = zone == null ? to : to + stateRows.made();
        r.states(from, made, 0, stateRows.slot());
        if (p != null) r.units(p.offset() + u, 0, ownStride);
        if (m != null) r.second(m.row(gates + i) + u, 0);
        if (masks.candidate() != null) r.mask(masks.candidate().row(row + i) + u);
        if (second) layer.cell().forward2(r);
        else layer.cell().forward(r);
        if (zone != null && (second || S == null)) {
          zone.forward(s, from, made, to, zone.z().row(masks.zoneRow(row + i)) + u, r.units());
        }
      }
    }
  }
}
