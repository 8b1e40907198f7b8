package org.unroll.kernel;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/**
 * dW += aᵀ d, a block of {@link #BLOCK} rows of a and d after the other. Of each block a is first turned into the order in
 * which tiles read it, [tile][row][feature of the tile]: where it lies, the features of one tile are a whole row apart, and rows of
 * 2^n floats meet on the same few lines of the cache. Gates are read in place; any other d is copied panel by panel. A tile then
 * computes 4, 6 or 8 rows of dW over one panel, as in {@link Product}.
 *
 * <p>A thread owns one lot of dW from the first row of a to the last: some features where d is read in place, some panels where
 * each has to be copied. So threads meet once, at the end. dW is read and written once a block, which changes no bit. An object is
 * the operands of one call at a time; while it runs, other threads read it too.
 */
final class Outer {
  /** Rows of a and d that all tiles meet before the next rows do: of a panel of d they are 128 KiB. */
  private static final int BLOCK = 512;

  private static final int LANES = Tiling.LANES, WIDE = Tiling.WIDE;

  /** Features that are turned at a time: of a block 256 KiB, which stay in a second cache of 1 MiB beside the panel of d. */
  private static final int CHUNK = 128;

  /** No tile has more features: so many may be turned that are not there. */
  static final int LARGEST = 8;

  /** Multiply-adds below which the caller is alone: 4.5 µs of a core at 58 a nanosecond; after a walk back helpers are awake. */
  private static final long SMALL = 1 << 18;

  /** The same as everywhere: a second species in one JVM, and C2 no longer knows of which one a sum is that comes out of a loop. */
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private final Workers workers;
  private final WeakReference<ThreadLocal<Scratch>> scratch;
  private final IntConsumer lot = this::lot;

  private Slab a, dW;
  private int aFrom, rows;

  /** Vector (r, p, v) of d is at {@code dAt + r · dRow + p · dPanel + v · dVector}. */
  private float[] d;
  private int dAt, dRow, dPanel, dVector;
  private boolean inPlace;
  private Tiling tiling;

  /** Features and panels of a lot. */
  private int features, panels;

  Outer(Workers workers, WeakReference<ThreadLocal<Scratch>> scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void run(Slab a, int aFrom, Panels d, int dFrom, int rows, int block, Slab dW) {
    int blocks = dW.cols() / d.units();
    tiling = blocks == 1 ? Tiling.dense(d.units()) : Tiling.gates(d.units(), blocks);
    if (tiling.isDense()) {
      right(d.data(), d.panelAt(dFrom, block, 0), d.rowStride(), Tiling.VECTORS * d.panelStride(), d.panelStride(), true);
    } else {
      right(d.data(), d.panelAt(dFrom, block, 0), d.rowStride(), d.panelStride(), d.blockStride(), true);
    }
    run(a, aFrom, rows, dW);
  }

  void run(Slab a, int aFrom, Slab d, int dFrom, int rows, Slab dW) {
    tiling = Tiling.dense(d.cols());
    right(d.data(), d.row(dFrom), d.stride(), WIDE, LANES, false);
    run(a, aFrom, rows, dW);
  }

  private void right(float[] array, int at, int row, int panel, int vector, boolean inPlace) {
    d = array;
    dAt = at;
    dRow = row;
    dPanel = panel;
    dVector = vector;
    this.inPlace = inPlace;
  }

  private void run(Slab a, int aFrom, int rows, Slab dW) {
    this.a = a;
    this.aFrom = aFrom;
    this.rows = rows;
    this.dW = dW;
    boolean alone = workers.threads() == 1 || (long) rows * a.cols() * dW.cols() < SMALL;
    workers.run(deal(alone ? 1 : workers.threads()), lot);
    this.a = this.dW = null;
    d = null;
  }

  /** Deals dW to about {@code wanted} lots, and says to how many. */
  private int deal(int wanted) {
    features = a.cols();
    panels = tiling.panels();
    boolean byFeatures = inPlace ? features >= wanted * LANES : panels < wanted;
    if (byFeatures) features = Tiling.padded(Math.ceilDiv(features, wanted));
    else panels = Math.ceilDiv(panels, wanted);
    return Math.ceilDiv(a.cols(), features) * Math.ceilDiv(tiling.panels(), panels);
  }

  /** One lot of dW, all rows of a and d. */
  private void lot(int i) {
    var s = scratch.get().get();
    int lots = Math.ceilDiv(a.cols(), features);
    int from = i % lots * features, to = Math.min(a.cols(), from + features);
    int first = i / lots * panels, end = Math.min(tiling.panels(), first + panels);
    int chunk = inPlace ? CHUNK : to - from;
    float[] left = s.rows(Math.min(BLOCK, rows) * (Math.min(chunk, to - from) + LARGEST) + LANES);
    for (int r = 0; r < rows; r += BLOCK) {
      int n = Math.min(BLOCK, rows - r);
      for (int m = from; m < to; m += chunk) {
        int last = Math.min(to, m + chunk);
        turn(r, n, m, last, left);
        for (int p = first; p < end; p++) multiply(s, r, n, m, last, left, p);
      }
    }
  }

  /** Features of the next tile: the same for all panels, as wide as they may be. */
  private int height(int left) { return OuterTiles.rows(Lanes.SPLIT == 1 ? tiling.vectors() : Lanes.SPLIT, left); }

  /** Turns features {@code m} to {@code end} of rows {@code r} to r + n − 1 of a; features past the last are zeros. */
  private void turn(int r, int n, int m, int end, float[] left) {
    float[] from = a.data();
    for (int to = 0, height; m < end; m += height, to += n * height) {
      height = height(end - m);
      int at = a.row(aFrom + r) + m, count = Math.min(height, end - m);
      int vectors = count < height ? 0 : Math.clamp((from.length - Tiling.LANES - at) / a.stride(), 0, n - 1);
      group(from, at, a.stride(), left, to, height, vectors);
      for (int k = vectors; k < n; k++) {
        System.arraycopy(from, at + k * a.stride(), left, to + k * height, count);
        if (count < height) Arrays.fill(left, to + k * height + count, to + (k + 1) * height, 0f);
      }
    }
  }

  /**
   * {@code height} floats of some rows, side by side. Where they are no whole vectors the last takes too many along; what is written after
   * it, rows or the next tile, writes over them.
   */
  private static void group(float[] from, int at, int stride, float[] to, int toAt, int height, int rows) {
    for (int r = 0; r < rows; r++, at += stride, toAt += height) {
      for (int i = 0; i < height; i += S.length()) FloatVector.fromArray(S, from, at + i).intoArray(to, toAt + i);
    }
  }

  /** What rows {@code r} to r + n − 1 add to features {@code from} to {@code to} of panel p. */
  private void multiply(Scratch s, int r, int n, int from, int to, float[] left, int p) {
    int vectors = tiling.vectors(p), at = dAt + r * dRow + p * dPanel;
    if (inPlace) columns(s.edge, p, n, from, to, left, d, at, dRow, dVector);
    else if (Lanes.SPLIT == 1) columns(s.edge, p, n, from, to, left, copy(p, r, n, s.panel(BLOCK * WIDE)), 0, vectors * LANES, LANES);
    else columns(s.edge, p, n, from, to, left, copy(p, r, n, s.panel(BLOCK * WIDE)), 0, LANES, n * LANES);
  }

  /** All vectors of a panel: the rows of b are {@code br} apart, its layout vectors {@code bv}. */
  private void columns(float[] edge, int p, int n, int from, int to, float[] left, float[] b, int bAt, int br, int bv) {
    int vectors = tiling.vectors(p);
    if (Lanes.SPLIT == 1) {
      columns(edge, p, 0, vectors, n, from, to, left, b, bAt, br, bv);
    } else {
      for (int v = 0; v < vectors; v++) columns(edge, p, v, 1, n, from, to, left, b, bAt + v * bv, br, Lanes.LENGTH);
    }
  }

  /** Rows {@code first} on of panel p of d: [row][lane of all vectors], or [vector][row][lane] where a tile is one layout vector. */
  private float[] copy(int p, int first, int rows, float[] to) {
    int vectors = tiling.vectors(p);
    if (Lanes.SPLIT == 1 && dVector == LANES && tiling.lanes(p, vectors - 1) == LANES) {
      group(d, dAt + first * dRow + p * dPanel, dRow, to, 0, vectors * LANES, rows);
      return to;
    }
    int row = Lanes.SPLIT == 1 ? vectors * LANES : LANES, vector = Lanes.SPLIT == 1 ? LANES : rows * LANES;
    for (int v = 0; v < vectors; v++) {
      int lanes = tiling.lanes(p, v), at = dAt + first * dRow + p * dPanel + v * dVector, o = v * vector;
      for (int r = 0; r < rows; r++, at += dRow, o += row) {
        System.arraycopy(d, at, to, o, lanes);
        if (lanes < LANES) Arrays.fill(to, o + lanes, o + LANES, 0f);
      }
    }
    return to;
  }

  /** Rows {@code from} to {@code to} of dW over {@code count} layout vectors of a panel; left starts with feature {@code from}. */
  private void columns(float[] edge, int p, int v, int count, int n, int from, int to, float[] left,
      float[] b, int bAt, int br, int bv) {
    int wide = count * Lanes.SPLIT, step = tiling.vectorStep();
    boolean partial = tiling.lanes(p, v + count - 1) < LANES;
    for (int m = from, height; m < to; m += height) {
      height = height(to - m);
      int aAt = (m - from) * n, c = dW.row(m) + tiling.col(p, v), k = Math.min(height, to - m);
      if (k == height && !partial) {
        OuterTiles.tile(height, wide, left, aAt, b, bAt, br, bv, n, dW.data(), c, dW.stride(), Lanes.step(step));
        continue;
      }
      for (int i = 0; i < k; i++) for (int u = 0; u < count; u++) {
        System.arraycopy(dW.data(), c + i * dW.stride() + u * step, edge, i * WIDE + u * LANES, tiling.lanes(p, v + u));
      }
      OuterTiles.tile(height, wide, left, aAt, b, bAt, br, bv, n, edge, 0, WIDE, Lanes.step(LANES));
      for (int i = 0; i < k; i++) for (int u = 0; u < count; u++) {
        System.arraycopy(edge, i * WIDE + u * LANES, dW.data(), c + i * dW.stride() + u * step, tiling.lanes(p, v + u));
      }
    }
  }
}
