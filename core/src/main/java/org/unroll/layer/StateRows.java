package org.unroll.layer;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.unroll.kernel.Tiling;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * How a walk keeps states: a row for each state, its slots side by side in whole vectors, [·, N, S · H padded]. What comes in and goes
 * out, a {@link State}, has the shape [S, N, H].
 *
 * @param slots S
 * @param units H
 * @param zones whether a row is twice as wide: behind the slots stand those that the cell made, before zoneout blended them
 */
record StateRows(int slots, int units, boolean zones) {

  /** Floats of one slot of a row: whole vectors. */
  int slot() { return Tiling.padded(units); }

  /** Floats of the slots of a row; and where those stand that the cell made, before zoneout. */
  int made() { return slots * slot(); }

  /** Floats of a row. */
  int width() { return zones ? 2 * made() : made(); }

  /** Slot i of every row, without padding. */
  Slab slot(Slab s, int i) { return s.cols(i * slot(), i * slot() + units); }

  /** Row n of {@code part} (zeros if null) goes to row r of s; padding becomes 0. */
  void enter(Slab part, int n, Slab s, int r) {
    s.fillRow(r, 0f);
    if (part == null) return;
    for (int i = 0; i < slots; i++) slot(s, i).setRow(r, part, i * part.rows() + n);
  }

  /** Row r of s goes to row n of {@code part}. */
  void leave(Slab s, int r, Slab part, int n) {
    for (int i = 0; i < slots; i++) part.setRow(i * part.rows() + n, slot(s, i), r);
  }

  /** Of {@code rows} sequences the state that stands in {@code row} of s. */
  State state(Workspace ws, int rows, IntUnaryOperator row, Slab s) {
    var part = ws.raw(slots, rows, units);
    for (int n = 0; n < rows; n++) leave(s, row.applyAsInt(n), part, n);
    return new State(List.of(part));
  }
}
