package org.unroll.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/** Sums over rows and one-hot rows. Every element is summed by one thread, in the order of rows. */
final class VectorRows {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = Tiling.LANES;

  /** Elements below which other threads are not worth waking. */
  private static final int SMALL = 1 << 15;

  /** Columns of a plain matrix that a thread takes at a time. */
  private static final int COLUMNS = 256;

  private final ScalarKernels scalar = new ScalarKernels();
  private final Workers workers;

  VectorRows(Workers workers) { this.workers = workers; }

  void columnSums(Panels d, int from, int rows, Slab db) {
    int blocks = db.cols() / d.units();
    if (isSmall((long) rows * db.cols())) {
      for (int p = 0; p < d.panels(); p++) columnSums(d, from, rows, db, blocks, p);
    } else {
      workers.run(d.panels(), p -> columnSums(d, from, rows, db, blocks, p));
    }
  }

  private static void columnSums(Panels d, int from, int rows, Slab db, int blocks, int p) {
    for (int g = 0; g < blocks; g++) {
      int to = db.offset() + g * d.units() + p * LANES, at = d.panelAt(from, g, p);
      if (d.lanes(p) == LANES) {
        for (int l = 0; l < LANES; l += S.length()) sum(d.data(), at + l, d.rowStride(), rows, db.data(), to + l);
      } else {
        for (int r = 0; r < rows; r++, at += d.rowStride()) {
          for (int l = 0; l < d.lanes(p); l++) db.data()[to + l] += d.data()[at + l];
        }
      }
    }
  }

  /** The sum stays in y: carried from row to row in a variable, C2 puts it on the heap. */
  private static void sum(float[] x, int at, int stride, int rows, float[] y, int to) {
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(S, y, to).add(FloatVector.fromArray(S, x, at + r * stride)).intoArray(y, to);
    }
  }

  void columnSums(Slab d, int from, int rows, Slab db) {
    if (isSmall((long) rows * d.cols())) {
      scalar.columnSums(d, from, rows, db);
    } else {
      workers.run(pieces(d), i -> scalar.columnSums(piece(d, i), from, rows, piece(db, i)));
    }
  }

  void scatter(Slab ids, Slab dy, Slab dTable, int from, int rows) {
    if (isSmall((long) rows * dy.cols())) {
      scalar.scatter(ids, dy, dTable, from, rows);
    } else {
      workers.run(pieces(dy), i -> scalar.scatter(ids, piece(dy, i), piece(dTable, i), from, rows));
    }
  }

  void scatter(Slab ids, Panels d, int from, int rows, int block, Slab dW) {
    int blocks = dW.cols() / d.units();
    if (isSmall((long) rows * dW.cols())) {
      for (int p = 0; p < d.panels(); p++) scatter(ids, d, from, rows, block, blocks, dW, p);
    } else {
      workers.run(d.panels(), p -> scatter(ids, d, from, rows, block, blocks, dW, p));
    }
  }

  private static void scatter(Slab ids, Panels d, int from, int rows, int block, int blocks, Slab dW, int p) {
    int lanes = d.lanes(p);
    for (int r = from; r < from + rows; r++) {
      int row = dW.row((int) ids.data()[ids.row(r)]) + p * LANES;
      for (int g = 0; g < blocks; g++) {
        add(d.data(), d.panelAt(r, block + g, p), dW.data(), row + g * d.units(), dW.data(), row + g * d.units(), lanes);
      }
    }
  }

  void lookup(Slab w, Slab ids, int idFrom, int rows, Panels c, int cFrom, int block, Slab bias) {
    int blocks = w.cols() / c.units();
    for (int r = 0; r < rows; r++) {
      int row = w.row((int) ids.data()[ids.row(idFrom + r)]);
      for (int p = 0; p < c.panels(); p++) {
        for (int g = 0; g < blocks; g++) {
          int j = g * c.units() + p * LANES, to = c.panelAt(cFrom + r, block + g, p), lanes = c.lanes(p);
          add(bias.data(), bias.offset() + j, w.data(), row + j, c.data(), to, lanes);
          if (lanes < LANES) Arrays.fill(c.data(), to + lanes, to + LANES, 0f);
        }
      }
    }
  }

  /** z = x + y, at most one layout vector. */
  private static void add(float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, int lanes) {
    if (lanes == LANES) {
      for (int l = 0; l < LANES; l += S.length()) {
        FloatVector.fromArray(S, x, xAt + l).add(FloatVector.fromArray(S, y, yAt + l)).intoArray(z, zAt + l);
      }
    } else {
      for (int l = 0; l < lanes; l++) z[zAt + l] = x[xAt + l] + y[yAt + l];
    }
  }

  private boolean isSmall(long elements) { return workers.threads() == 1 || elements < SMALL; }

  private static int pieces(Slab s) { return (s.cols() + COLUMNS - 1) / COLUMNS; }

  private static Slab piece(Slab s, int i) { return s.cols(i * COLUMNS, Math.min(s.cols(), (i + 1) * COLUMNS)); }
}
