package org.unroll.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/** Sums over rows and one-hot rows. Every element is summed by one thread, in the order of rows. */
final class VectorRows {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = Tiling.LANES;

  /** Elements below which the caller is alone: twice what a core reads from its second cache while threads meet ({@link Workers}). */
  private static final int SMALL = 1 << 15;

  /** Columns of a plain matrix that a thread takes at a time. */
  private static final int COLUMNS = 256;

  private final ScalarKernels scalar = new ScalarKernels();
  private final Workers workers;

  VectorRows(Workers workers) { this.workers = workers; }

  void columnSums(Panels d, int from, int rows, Slab db) {
    int blocks = db.cols() / d.units(), parts = parts(d, (long) rows * db.cols());
    workers.run(parts, i -> {
      for (int p = first(d, i, parts), end = first(d, i + 1, parts); p < end; p++) columnSums(d, from, rows, db, blocks, p);
    });
  }

  /** Into how many runs of neighbouring panels so much work is dealt: panels side by side write to the same lines of the cache. */
  private int parts(Panels d, long elements) { return isSmall(elements) ? 1 : Math.min(d.panels(), workers.threads()); }

  private static int first(Panels d, int part, int parts) { return part * d.panels() / parts; }

  private static void columnSums(Panels d, int from, int rows, Slab db, int blocks, int p) {
    int at = d.panelAt(from, 0, p), to = db.offset() + p * LANES, lanes = d.lanes(p);
    for (int r = 0; r < rows; r++, at += d.rowStride()) {
      if (lanes == LANES) sum(d.data(), at, d.blockStride(), blocks, db.data(), to, d.units());
      else for (int g = 0; g < blocks; g++) edge(d.data(), at + g * d.blockStride(), db.data(), to + g * d.units(), lanes);
    }
  }

  /** A row of a panel joins its sums. They stay in y: carried from row to row in variables, C2 puts them on the heap. */
  private static void sum(float[] x, int at, int blockStride, int blocks, float[] y, int to, int units) {
    for (int g = 0; g < blocks; g++, at += blockStride, to += units) {
      for (int l = 0; l < LANES; l += S.length()) {
        FloatVector.fromArray(S, y, to + l).add(FloatVector.fromArray(S, x, at + l)).intoArray(y, to + l);
      }
    }
  }

  private static void edge(float[] x, int at, float[] y, int to, int lanes) {
    for (int l = 0; l < lanes; l++) y[to + l] += x[at + l];
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
    int blocks = dW.cols() / d.units(), parts = parts(d, (long) rows * dW.cols());
    workers.run(parts, i -> {
      for (int p = first(d, i, parts), end = first(d, i + 1, parts); p < end; p++) scatter(ids, d, from, rows, block, blocks, dW, p);
    });
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
