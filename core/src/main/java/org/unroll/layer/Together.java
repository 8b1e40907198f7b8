package org.unroll.layer;

import org.unroll.kernel.Panels;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * The alive rows of a batch side by side, in their order. The gradient of a weight is one sum over all of them; range by range, step
 * by step, it would read and write the whole matrix as often. Where no row ends early they lie so already, and nothing is copied.
 *
 * @param ws for the copies
 */
record Together(Batch batch, Workspace ws) {

  /** How many rows. */
  int rows() { return batch.tokens(); }

  private boolean ragged() { return rows() < batch.x().height(); }

  /** The alive rows of steps {@code from} on of s: s itself from there, or a copy. */
  Slab of(Slab s, int from) {
    var part = s.steps(from, from + batch.alive().length);
    if (!ragged()) return part;
    var copy = ws.raw(1, rows(), s.cols());
    for (int r = 0, t = 0; t < batch.alive().length; t++) {
      for (int n = 0; n < batch.alive()[t]; n++, r++) copy.setRow(r, part, t * s.rows() + n);
    }
    return copy;
  }

  /** Moves the alive rows of d to its front. */
  void close(Panels d) {
    if (ragged()) d.close(batch.x().rows(), batch.alive());
  }

  /** Room for rows that lie side by side, as wide as s: s itself, or rows to be given to {@link #spread}. */
  Slab like(Slab s) { return ragged() ? ws.raw(1, rows(), s.cols()) : s; }

  /** Rows of {@link #like} back to where they belong in s. */
  void spread(Slab rows, Slab s) {
    if (!ragged()) return;
    for (int r = 0, t = 0; t < batch.alive().length; t++) {
      for (int n = 0; n < batch.alive()[t]; n++, r++) s.setRow(t * s.rows() + n, rows, r);
    }
  }
}
