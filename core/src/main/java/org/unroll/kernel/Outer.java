package org.unroll.kernel;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/**
 * dW += aᵀ d, a block of {@link #BLOCK} rows of a and d after the other. Of each block a is first turned into the order in
 * which tiles read it, [feature / 8][row][8]: where it lies, the features of one tile are a whole row apart, and rows of
 * 2^n floats meet on the same few lines of the cache. Panel-major gates are read in place; any other d is copied panel by
 * panel. A tile then computes 4 or 8 rows of dW over one panel, as in {@link Product}. A thread owns items, some rows of dW
 * times one panel each.
 *
 * <p>dW is read and written once a block, which changes no bit. An object is the operands of one call at a time.
 */
final class Outer {
  /** Features side by side in the turned a. */
  static final int GROUP = 8;

  private static final int BLOCK = 512, LANES = Tiling.LANES, WIDE = 4 * LANES;

  /** Multiply-adds below which other threads are not worth waking. */
  private static final long SMALL = 1 << 18;

  /** Copies a group: eight floats in one or two moves. */
  private static final VectorSpecies<Float> S = Lanes.LENGTH >= GROUP ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

  private final Workers workers;
  private final WeakReference<ThreadLocal<Scratch>> scratch;
  private final IntConsumer turn = this::turn, multiply = this::multiply;

  private Slab a, dW;
  private int aFrom, features;
  private float[] left = {};

  /** Vector (r, p, v) of d is at {@code dAt + r · dRow + p · dPanel + v · dVector}. */
  private float[] d;
  private int dAt, dRow, dPanel, dVector;
  private boolean dFull, inPlace;
  private Tiling tiling;

  private int first, rows, chunk, chunks;

  Outer(Workers workers, WeakReference<ThreadLocal<Scratch>> scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void run(Slab a, int aFrom, Panels d, int dFrom, int rows, int block, Slab dW) {
    int blocks = dW.cols() / d.units();
    tiling = blocks == 1 ? Tiling.dense(d.units()) : Tiling.gates(d.units(), blocks);
    if (blocks == 1) {
      right(d.data(), d.panelAt(dFrom, block, 0), d.rowStride(), 4 * d.panelStride(), d.panelStride(), true);
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

  private void right(float[] array, int at, int row, int panel, int vector, boolean full) {
    d = array;
    dAt = at;
    dRow = row;
    dPanel = panel;
    dVector = vector;
    dFull = full;
    inPlace = full && !tiling.isDense() && Lanes.SPLIT == 1 && vector == LANES && row == tiling.vectors() * LANES;
  }

  private void run(Slab a, int aFrom, int rows, Slab dW) {
    this.a = a;
    this.aFrom = aFrom;
    this.dW = dW;
    features = a.cols();
    int size = BLOCK * Tiling.padded(features);
    if (left.length < size) left = new float[size];
    boolean alone = workers.threads() == 1 || (long) rows * features * dW.cols() < SMALL;
    split(alone ? 1 : 4 * workers.threads());
    for (int r = 0; r < rows; r += BLOCK) {
      first = r;
      this.rows = Math.min(BLOCK, rows - r);
      int items = chunks * tiling.panels();
      if (alone) {
        for (int i = 0; i < chunks; i++) turn(i);
        for (int i = 0; i < items; i++) multiply(i);
      } else {
        workers.run(chunks, turn);
        workers.run(items, multiply);
      }
    }
    this.a = this.dW = null;
    d = null;
  }

  /** Cuts the features into chunks, so that there are about {@code wanted} items. */
  private void split(int wanted) {
    int pieces = Math.max(1, wanted / tiling.panels());
    chunk = Tiling.padded(Math.ceilDiv(features, pieces));
    chunks = Math.ceilDiv(features, chunk);
  }

  /** Turns one chunk of this block of a; features past the last are zeros. */
  private void turn(int item) {
    float[] from = a.data();
    int end = Math.min(features, (item + 1) * chunk), whole = end / GROUP * GROUP;
    for (int m = item * chunk; m < whole; m += GROUP) {
      int to = m * rows, at = a.row(aFrom + first) + m;
      for (int r = 0; r < rows; r++, at += a.stride(), to += GROUP) {
        for (int i = 0; i < GROUP; i += S.length()) FloatVector.fromArray(S, from, at + i).intoArray(left, to + i);
      }
    }
    if (whole == end) return;
    for (int r = 0, to = whole * rows; r < rows; r++, to += GROUP) {
      System.arraycopy(from, a.row(aFrom + first + r) + whole, left, to, end - whole);
      Arrays.fill(left, to + end - whole, to + GROUP, 0f);
    }
  }

  /** One chunk of rows of dW times one panel. */
  private void multiply(int item) {
    var s = scratch.get().get();
    int p = item / chunks, from = item % chunks * chunk, to = Math.min(features, from + chunk);
    int vectors = tiling.vectors(p), width = vectors * LANES;
    float[] b = inPlace ? d : copy(p, s.panel(BLOCK * WIDE));
    int bAt = inPlace ? dAt + first * dRow + p * dPanel : 0;
    if (Lanes.SPLIT == 1) {
      columns(s.edge, p, 0, vectors, from, to, b, bAt);
    } else {
      for (int v = 0; v < vectors; v++) columns(s.edge, p, v, 1, from, to, b, bAt + v * rows * LANES);
    }
    assert width <= WIDE;
  }

  /** Panel p of this block of d: [row][lane of all vectors], or [vector][row][lane] where a tile is one layout vector. */
  private float[] copy(int p, float[] to) {
    int vectors = tiling.vectors(p);
    int row = Lanes.SPLIT == 1 ? vectors * LANES : LANES, vector = Lanes.SPLIT == 1 ? LANES : rows * LANES;
    for (int v = 0; v < vectors; v++) {
      int lanes = dFull ? LANES : tiling.lanes(p, v), at = dAt + first * dRow + p * dPanel + v * dVector, o = v * vector;
      for (int r = 0; r < rows; r++, at += dRow, o += row) {
        System.arraycopy(d, at, to, o, lanes);
        if (lanes < LANES) Arrays.fill(to, o + lanes, o + LANES, 0f);
      }
    }
    return to;
  }

  /** Rows {@code from} to {@code to} of dW over {@code n} layout vectors of a panel. */
  private void columns(float[] edge, int p, int v, int n, int from, int to, float[] b, int bAt) {
    int wide = n * Lanes.SPLIT, height = OuterTiles.rows(wide), step = tiling.vectorStep();
    boolean partial = tiling.lanes(p, v + n - 1) < LANES;
    for (int m = from; m < to; m += height) {
      int aAt = m / GROUP * GROUP * rows + m % GROUP, c = dW.row(m) + tiling.col(p, v), k = Math.min(height, to - m);
      if (k == height && !partial) {
        tile(wide, aAt, b, bAt, dW.data(), c, dW.stride(), Lanes.step(step));
        continue;
      }
      for (int i = 0; i < k; i++) for (int u = 0; u < n; u++) {
        System.arraycopy(dW.data(), c + i * dW.stride() + u * step, edge, i * WIDE + u * LANES, tiling.lanes(p, v + u));
      }
      tile(wide, aAt, b, bAt, edge, 0, WIDE, Lanes.step(LANES));
      for (int i = 0; i < k; i++) for (int u = 0; u < n; u++) {
        System.arraycopy(edge, i * WIDE + u * LANES, dW.data(), c + i * dW.stride() + u * step, tiling.lanes(p, v + u));
      }
    }
  }

  private void tile(int wide, int aAt, float[] b, int bAt, float[] c, int cAt, int cr, int cv) {
    switch (wide) {
      case 1 -> OuterTiles.vectors1(left, aAt, b, bAt, rows, c, cAt, cr, cv);
      case 2 -> OuterTiles.vectors2(left, aAt, b, bAt, rows, c, cAt, cr, cv);
      case 3 -> OuterTiles.vectors3(left, aAt, b, bAt, rows, c, cAt, cr, cv);
      default -> OuterTiles.vectors4(left, aAt, b, bAt, rows, c, cAt, cr, cv);
    }
  }
}
