package org.unroll.layer;

import org.unroll.kernel.Kernels;
import org.unroll.kernel.Tiling;
import org.unroll.slab.Batch;

/** Ranges of the rows r = t·N + n of a batch that are alive. */
public final class Rows {
  private static final int TILE = Tiling.ROWS;

  /**
   * Fewer rows than this are few: shared by two threads they would not fill the tiles of each, of up to eight rows, and each thread
   * would read all weights for them.
   */
  static final int FEW = 16;

  private Rows() {}

  /** Work on neighbouring rows. */
  public interface Range {
    /** Does the {@code rows} rows from row {@code from} on. */
    void run(int from, int rows);
  }

  /** Rows, and of each the panels {@code first} to {@code end}. */
  interface Tile { void run(int from, int rows, int first, int end); }

  /** Calls {@code body} for the alive rows in rising order, in as few ranges as there are. */
  public static void alive(Batch b, Range body) {
    int n = b.x().rows(), from = 0, rows = 0;
    for (int t = 0; t < b.alive().length; t++) {
      if (from + rows != t * n) {
        if (rows > 0) body.run(from, rows);
        from = t * n;
        rows = 0;
      }
      rows += b.alive()[t];
    }
    if (rows > 0) body.run(from, rows);
  }

  /** The same, each range split over the threads: for work in which rows do not meet. */
  public static void parallel(Kernels k, Batch b, Range body) {
    alive(b, (from, rows) -> split(k, rows, (at, count) -> body.run(from + at, count)));
  }

  /** Splits rows 0 … n − 1 over the threads. */
  public static void split(Kernels k, int n, Range body) {
    int parts = n < FEW ? 1 : Math.min(k.threads(), n / TILE);
    if (parts <= 1) {
      body.run(0, n);
      return;
    }
    int chunk = (n / TILE + parts - 1) / parts * TILE;
    k.parallel(parts, i -> {
      int from = Math.min(n, i * chunk), to = i == parts - 1 ? n : Math.min(n, from + chunk);
      if (to > from) body.run(from, to - from);
    });
  }

  /** Splits the rows of a batch over the threads so that each has about as many elements: the first rows are the longest. */
  static void split(Kernels k, Batch b, Range body) {
    int n = b.x().rows(), parts = n < FEW ? 1 : Math.min(k.threads(), n / TILE);
    int[] ends = new int[parts];
    long all = b.tokens(), sum = 0;
    for (int row = 0, i = 0; row < n && i < parts; row++) {
      sum += b.length(row);
      while (i < parts && sum * parts >= all * (i + 1)) ends[i++] = Math.min(n, Math.ceilDiv(row + 1, TILE) * TILE);
    }
    ends[parts - 1] = n;
    k.parallel(parts, i -> {
      int from = i == 0 ? 0 : ends[i - 1];
      if (ends[i] > from) body.run(from, ends[i] - from);
    });
  }

  /** Splits the rows of a batch over the threads; where they are few and {@code divide}, all of them by panels instead. */
  static void tiles(Kernels k, Batch b, int panels, boolean divide, Tile body) {
    int n = b.x().rows(), parts = divide && n < FEW ? Math.min(k.threads(), panels) : 1;
    if (parts <= 1) split(k, b, (from, rows) -> body.run(from, rows, 0, panels));
    else k.parallel(parts, i -> body.run(0, n, i * panels / parts, (i + 1) * panels / parts));
  }
}
