package org.unroll.layer;

import org.unroll.cell.Cell;
import org.unroll.cell.Row;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Packed;
import org.unroll.kernel.Panels;
import org.unroll.kernel.Tiling;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** One step of a {@link Recurrent}, forward, for some rows: a = b + W x + R h', then the cell. Shared by loop and stepper. */
final class Steps {
  /** From this many rows on, W x is as fast step by step, and its result is still in the cache when R h' joins it. */
  static final int ENOUGH_ROWS = 16;

  private final Recurrent layer;
  private final Kernels k;
  private final Kernels.Fused fused;
  private final Slab x, s, h, m;
  private final Panels a;
  private final Packed W, R, S;
  private final Slab table, bias, biasR, p;

  /**
   * @param m input of the second product; null without
   * @param ws for what lives as long as the steps do
   */
  Steps(Recurrent layer, Run run, Slab x, Panels a, Slab s, Slab m, Workspace ws) {
    var w = run.weights();
    this.layer = layer;
    this.k = run.k();
    this.fused = layer.cell().fused(k);
    this.x = x;
    this.a = a;
    this.s = s;
    this.h = s.cols(0, layer.units());
    this.m = m;
    this.W = layer.input().ids() ? null : w.columns(layer.W(), layer.tilingW());
    this.R = layer.R() == null ? null : w.columns(layer.R(), layer.tilingR());
    this.S = layer.S() == null ? null : w.columns(layer.S(), layer.tilingS());
    this.table = w.of(layer.W());
    int split = layer.blockW() * layer.units();
    int all = layer.layout().blocks() * layer.units();
    var b = layer.b() == null ? ws.zeros(1, 1, all) : w.of(layer.b());
    this.bias = b.cols(split, all);
    this.biasR = split == 0 ? null : b.cols(0, split);
    this.p = layer.p() == null ? null : w.of(layer.p());
  }

  Row row() { return new Row(k, a, s, p, m); }

  /** a = b + W x for rows of all steps. */
  void input(int row, int rows) {
    if (biasR != null) k.broadcast(biasR, a, row, rows, 0);
    if (W == null) k.lookup(table, x, row, rows, a, row, layer.blockW(), bias);
    else k.product(x, row, rows, W, a, row, layer.blockW(), bias);
  }

  /** a += R h', then the cell: rows of one step, from {@code row} of a and {@code prev}, {@code next} of the states. */
  void forward(Row r, int row, int prev, int next, int rows) {
    if (R != null) k.product(h, prev, rows, R, a, row, 0, null);
    if (fused != null) {
      fused.forward(a, row, s, prev, next, rows);
      return;
    }
    cell(r, row, prev, next, rows, false);
    if (S == null) return;
    k.product(m, row, rows, S, a, row, layer.layout().blocks() - 1, null);
    cell(r, row, prev, next, rows, true);
  }

  int panels() { return a.panels(); }

  /** Whether units can go their own ways within a step. */
  boolean divides() { return layer.layout().scope() == Cell.Scope.UNIT && S == null; }

  /** Whether no unit ever waits for another one: nothing multiplies the state by a matrix. */
  boolean apart() { return R == null && divides(); }

  /** Parts of a step begin at multiples of so many panels. */
  int leastPanels() { return layer.layout().byR() == 1 || layer.layout().byW() == 1 ? 4 : 2; }

  /** Multiply-adds of a row of a step. */
  long work() {
    long recurrent = R == null ? 0 : (long) layer.R().rows() * layer.R().cols();
    return W == null ? recurrent : recurrent + (long) layer.W().rows() * layer.W().cols();
  }

  /** What must be there before the parts of a step start: blocks that no product of W does. */
  void beforeParts(int row, int rows) {
    if (biasR != null) k.broadcast(biasR, a, row, rows, 0);
    if (W == null) k.lookup(table, x, row, rows, a, row, layer.blockW(), bias);
  }

  /** As {@link #forward}, panels {@code first} to {@code end} alone; with W x if {@code input}. */
  void forward(Row r, boolean input, int row, int prev, int next, int rows, int first, int end) {
    if (input && W != null) k.product(x, row, rows, W, a, row, layer.blockW(), bias, first, end);
    if (R != null) k.product(h, prev, rows, R, a, row, 0, null, first, end);
    if (fused != null) fused.forward(a, row, s, prev, next, rows, first, end);
    else cell(r, row, prev, next, rows, first, end, false);
  }

  private void cell(Row r, int row, int prev, int next, int rows, boolean second) {
    cell(r, row, prev, next, rows, 0, layer.layout().scope() == Cell.Scope.ROW ? 1 : a.panels(), second);
  }

  private void cell(Row r, int row, int prev, int next, int rows, int first, int end, boolean second) {
    boolean whole = layer.layout().scope() == Cell.Scope.ROW;
    for (int i = 0; i < rows; i++) {
      for (int j = first; j < end; j++) {
        int u = j * Tiling.LANES;
        r.gates(whole ? layer.units() : a.lanes(j), a.panelAt(row + i, 0, j), 0, a.blockStride());
        r.states(s.row(prev + i) + u, s.row(next + i) + u, 0, layer.slot());
        if (p != null) r.units(p.offset() + u, 0, layer.units());
        if (m != null) r.second(m.row(row + i) + u, 0);
        if (second) layer.cell().forward2(r);
        else layer.cell().forward(r);
      }
    }
  }
}
