package org.unroll.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * One matrix product c = d + a W, cut into tiles. A tile computes some rows of one panel with an accumulator per vector of
 * c, all of them in registers while k runs: each vector of W is loaded once for all rows of the tile, each element of a
 * once for all its vectors. Accumulators start from d, so every element of c is one chain of fmas in the order of k.
 *
 * <pre>
 *   a   element (r, k)     a[aAt + r · aRow + (k / length) · partStep + k % length]    parts · length = K
 *   W   packed, panel after panel; within a tile's columns [k][lane]
 *   d   vector (r, p, v)   d[dAt + r · dRow + p · dPanel + v · dVector]                bias (dRow 0), c itself, or zeros
 *   c   vector (r, p, v)   c[cAt + r · cRow + p · cPanel + v · cVector]
 * </pre>
 *
 * Panels go outside, rows inside: a panel of W comes from memory once and then serves up to {@link #ROW_BLOCK} rows, which
 * stay in the cache for the next panel. Where a vector of c or d ends past the matrix, the tile works on a scratch array and
 * only the valid lanes are copied.
 *
 * <p>An object is the operands of one call at a time, kept per thread so that a call allocates nothing;
 * while it runs, other threads read it too.
 */
final class Product {
  private static final int LANES = Tiling.LANES, WIDE = Tiling.WIDE;

  /** Multiply-adds below which the caller is alone: 36 µs of a core at 58 a nanosecond, as helpers may have to be woken. */
  private static final long SMALL = 1 << 21;

  /** Rows and panels that a thread takes are multiples of these, as of the heights of tiles: all but the last are whole. */
  private static final int ROW_STEP = 24, PANEL_STEP = 8;

  /** Rows that meet all panels before the next rows do: at most so many, and 384 KiB of a, which stay in a second cache of 1 MiB. */
  private static final int ROW_BLOCK = 8 * ROW_STEP, ROW_FLOATS = 96 << 10;

  /** By the vectors of a tile: how many tiles that of a single row covers. */
  private static final int[] ABREAST = {0, Tiles1.ABREAST, Tiles2.ABREAST, Tiles3.ABREAST, Tiles4.ABREAST};
  private static final float[] ZEROS = new float[LANES];

  private final Workers workers;
  private final WeakReference<ThreadLocal<Scratch>> scratch;
  private final IntConsumer part = this::part;

  private Packed w;
  private int rows, rowStep, panelStep;
  private float[] a, d, c;
  private int aAt, aRow, parts, partStep, length, skipped;
  private int dAt, dRow, dPanel, dVector, cAt, cRow, cPanel, cVector;
  private boolean dFull, cFull;

  /** How many tiles of so many vectors that of a single row covers. */
  static int abreast(int vectors) { return ABREAST[vectors]; }

  Product(Workers workers, WeakReference<ThreadLocal<Scratch>> scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /** Rows that lie in one piece. */
  Product of(float[] array, int at, int row, int k) { return of(array, at, row, 1, 0, k); }

  /** Rows in {@code parts} pieces. */
  Product of(float[] array, int at, int row, int parts, int partStep, int length) {
    a = array;
    aAt = at;
    aRow = row;
    this.parts = parts;
    this.partStep = partStep;
    this.length = length;
    skipped = 0;
    return this;
  }

  /** The sum begins with the k-th of W's rows: a is what meets them, and c holds the terms before. */
  Product after(int k) {
    skipped = k;
    return this;
  }

  /** @param full whether all lanes of every vector may be written */
  Product into(float[] array, int at, int row, int panel, int vector, boolean full) {
    c = array;
    cAt = at;
    cRow = row;
    cPanel = panel;
    cVector = vector;
    cFull = full;
    return this;
  }

  /** @param full whether all lanes of every vector may be read */
  Product from(float[] array, int at, int row, int panel, int vector, boolean full) {
    d = array;
    dAt = at;
    dRow = row;
    dPanel = panel;
    dVector = vector;
    dFull = full;
    return this;
  }

  Product fromZeros() { return from(ZEROS, 0, 0, 0, 0, true); }

  Product fromItself() { return from(c, cAt, cRow, cPanel, cVector, cFull); }

  /** Computes rows 0 to {@code rows} of c; over the threads if that is worth waking them and they are free. */
  void run(Packed packed, int rows) {
    w = packed;
    assert !w.halves() || parts == 1 && skipped == 0 : "halves are for whole sums of one row";
    this.rows = rows;
    int panels = w.tiling().panels(), threads = workers.threads();
    if (threads == 1 || (long) rows * length * parts * w.tiling().cols() < SMALL) {
      run(0, rows, 0, panels);
    } else if (rows >= threads * ROW_STEP) {
      rowStep = Math.ceilDiv(Math.ceilDiv(rows, threads), ROW_STEP) * ROW_STEP;
      panelStep = panels;
      workers.run(Math.ceilDiv(rows, rowStep), part);
    } else {
      rowStep = rows;
      panelStep = Math.ceilDiv(Math.ceilDiv(panels, 2 * threads), PANEL_STEP) * PANEL_STEP;
      workers.run(Math.ceilDiv(panels, panelStep), part);
    }
    a = c = d = null;
    w = null;
  }

  /** Computes rows 0 to {@code rows} of panels {@code first} to {@code end} of c. */
  void run(Packed packed, int rows, int first, int end) {
    w = packed;
    assert !w.halves() || parts == 1 && skipped == 0 : "halves are for whole sums of one row";
    run(0, rows, first, end);
    a = c = d = null;
    w = null;
  }

  private void part(int i) {
    int r = rowStep == rows ? 0 : i * rowStep, p = rowStep == rows ? i * panelStep : 0;
    run(r, Math.min(rows, r + rowStep), p, Math.min(w.tiling().panels(), p + panelStep));
  }

  /** Rows {@code from} to {@code to} of panels {@code first} to {@code end}. */
  private void run(int from, int to, int first, int end) {
    float[] edge = scratch.get().get().edge;
    int block = w.halves() ? 1 : Math.clamp(ROW_FLOATS / (parts * length) / ROW_STEP * ROW_STEP, ROW_STEP, ROW_BLOCK);
    for (int r = from; r < to; r += block) panels(r, Math.min(to, r + block), first, end, edge);
  }

  private void panels(int from, int to, int first, int end, float[] edge) {
    for (int p = first; p < end;) {
      int n = Lanes.SPLIT == 1 && to - from == 1 ? panelsAbreast(w.tiling(), p, end) : 1;
      if (n > 1) {
        abreast(from, p, 0, w.panel(1), dPanel, cPanel);
      } else {
        panel(from, to, p, edge);
      }
      p += n;
    }
  }

  private void panel(int from, int to, int p, float[] edge) {
    var t = w.tiling();
    int vectors = t.vectors(p);
    if (Lanes.SPLIT == 1) {
      columns(from, to, p, 0, vectors, edge);
      return;
    }
    for (int v = 0; v < vectors;) {
      int n = to - from == 1 && !isEdge(t, p, vectors - 1) && v + ABREAST[Lanes.SPLIT] <= vectors ? ABREAST[Lanes.SPLIT] : 1;
      if (n > 1) {
        abreast(from, p, v, w.depth() * LANES, dVector, cVector);
      } else {
        columns(from, to, p, v, 1, edge);
      }
      v += n;
    }
  }

  /** All rows of {@code n} layout vectors of a panel: the columns of one tile. */
  private void columns(int from, int to, int p, int v, int n, float[] edge) {
    var t = w.tiling();
    int wide = n * Lanes.SPLIT, bAt = bAt(p, v);
    boolean isEdge = isEdge(t, p, v + n - 1);
    for (int r = from, rows; r < to; r += rows) {
      rows = rows(wide, to - r);
      int ai = aAt + r * aRow, di = dAt(r, p, v), ci = cAt(r, p, v);
      if (!isEdge) {
        tile(wide, rows, ai, w.segment(), bAt, d, di, dRow, dVector, c, ci, cRow, cVector);
        continue;
      }
      for (int i = 0; i < rows; i++) for (int u = 0; u < n; u++) {
        int lanes = t.lanes(p, v + u), to0 = i * WIDE + u * LANES;
        System.arraycopy(d, di + i * dRow + u * dVector, edge, to0, lanes);
        Arrays.fill(edge, to0 + lanes, to0 + LANES, 0f);
      }
      tile(wide, rows, ai, w.segment(), bAt, edge, 0, WIDE, LANES, edge, 0, WIDE, LANES);
      for (int i = 0; i < rows; i++) for (int u = 0; u < n; u++) {
        System.arraycopy(edge, i * WIDE + u * LANES, c, ci + i * cRow + u * cVector, cFull ? LANES : t.lanes(p, v + u));
      }
    }
  }

  /** Whether lanes of the vector may not be touched. */
  private boolean isEdge(Tiling t, int p, int v) { return !(cFull && dFull) && t.lanes(p, v) < LANES; }

  private int bAt(int p, int v) {
    int perK = Lanes.SPLIT == 1 ? w.tiling().vectors(p) * LANES : LANES;
    return w.panel(p) + v * LANES * w.depth() + skipped * perK;
  }

  private int dAt(int r, int p, int v) { return dAt + r * dRow + p * dPanel + v * dVector; }

  private int cAt(int r, int p, int v) { return cAt + r * cRow + p * cPanel + v * cVector; }

  /** How many rows the next tile takes: the most that its registers hold, but 4 + 4 rather than 6 + 2. */
  private static int rows(int wide, int left) {
    int most = wide % 2 == 1 ? 8 : 6;
    if (left >= most && (left != 8 || most == 8)) return most;
    return left >= 4 ? 4 : left >= 2 ? 2 : 1;
  }

  /** As many whole panels of one width as the tile of a single row takes, else 1. */
  private int panelsAbreast(Tiling t, int p, int end) {
    int vectors = t.vectors(p), n = ABREAST[vectors];
    return p + n <= end && t.vectors(p + n - 1) == vectors && !isEdge(t, p + n - 1, vectors - 1) ? n : 1;
  }

  // ---- dispatch

  private void tile(int wide, int rows, int ai, MemorySegment b, int bAt,
      float[] d, int di, int dr, int dVector, float[] c, int ci, int cr, int cVector) {
    int dv = Lanes.step(dVector), cv = Lanes.step(cVector);
    if (w.halves()) {
      HalfTiles.tile(wide, 1, a, ai, length, b, bAt, 0, d, di, 0, dv, c, ci, 0, cv);
      return;
    }
    switch (wide * 16 + rows) {
      case 24 -> Tiles1.rows8(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 20 -> Tiles1.rows4(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 18 -> Tiles1.rows2(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 17 -> Tiles1.rows1(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 38 -> Tiles2.rows6(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 36 -> Tiles2.rows4(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 34 -> Tiles2.rows2(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 33 -> Tiles2.rows1(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 56 -> Tiles3.rows8(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 52 -> Tiles3.rows4(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 50 -> Tiles3.rows2(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 49 -> Tiles3.rows1(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 70 -> Tiles4.rows6(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 68 -> Tiles4.rows4(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 66 -> Tiles4.rows2(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      case 65 -> Tiles4.rows1(a, ai, aRow, parts, partStep, length, b, bAt, d, di, dr, dv, c, ci, cr, cv);
      default -> throw new AssertionError(wide + " vectors, " + rows + " rows");
    }
  }

  /** One row: tiles side by side that lie {@code bp}, {@code dp} and {@code cp} apart. */
  private void abreast(int r, int p, int v, int bp, int dp, int cp) {
    int ai = aAt + r * aRow, bAt = bAt(p, v), di = dAt(r, p, v), ci = cAt(r, p, v);
    int dv = Lanes.step(dVector), cv = Lanes.step(cVector);
    var b = w.segment();
    if (w.halves()) {
      int wide = Lanes.wide(w.tiling().vectors(p));
      HalfTiles.tile(wide, ABREAST[wide], a, ai, length, b, bAt, bp, d, di, dp, dv, c, ci, cp, cv);
      return;
    }
    switch (Lanes.wide(w.tiling().vectors(p))) {
      case 1 -> Tiles1.abreast(a, ai, parts, partStep, length, b, bAt, bp, d, di, dp, dv, c, ci, cp, cv);
      case 2 -> Tiles2.abreast(a, ai, parts, partStep, length, b, bAt, bp, d, di, dp, dv, c, ci, cp, cv);
      case 3 -> Tiles3.abreast(a, ai, parts, partStep, length, b, bAt, bp, d, di, dp, dv, c, ci, cp, cv);
      default -> Tiles4.abreast(a, ai, parts, partStep, length, b, bAt, bp, d, di, dp, dv, c, ci, cp, cv);
    }
  }
}
