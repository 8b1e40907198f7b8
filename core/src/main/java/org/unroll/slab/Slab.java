package org.unroll.slab;

import java.util.Arrays;

/**
 * T × N × K floats, time-major: element (t, n, k) is {@code data[at(t, n) + k]}. A view, never a copy.
 *
 * <p>Rows of all steps lie at one distance, so a slab is also a matrix of T·N rows: row r = t·N + n starts at
 * {@link #row}. Only {@code kernel} and {@code cell} read {@link #data}; all others hand slabs on.
 *
 * @param data the array, shared with other views
 * @param offset where element (0, 0, 0) lies
 * @param steps T
 * @param rows N
 * @param cols K
 * @param stride distance between rows, at least {@code cols}
 */
public record Slab(float[] data, int offset, int steps, int rows, int cols, int stride) {

  public Slab {
    assert steps >= 0 && rows >= 0 && cols >= 0 && stride >= cols : "slab " + steps + "×" + rows + "×" + cols + " stride " + stride;
    assert steps == 0 || rows == 0 || (long) offset + ((long) steps * rows - 1) * stride + cols <= data.length : "slab past its array";
  }

  /** A slab of zeros on an array of its own. */
  public static Slab zeros(int steps, int rows, int cols) {
    return new Slab(new float[Math.multiplyExact(Math.multiplyExact(steps, rows), cols)], 0, steps, rows, cols, cols);
  }

  /** A matrix: one step. */
  public static Slab matrix(float[] data, int offset, int rows, int cols) {
    return new Slab(data, offset, 1, rows, cols, cols);
  }

  /** Where row n of step t starts. */
  public int at(int t, int n) { return offset + (t * rows + n) * stride; }

  /** Where row r of all T·N rows starts. */
  public int row(int r) { return offset + r * stride; }

  /** T·N. */
  public int height() { return steps * rows; }

  /** Step t alone: 1 × N × K. */
  public Slab step(int t) { return steps(t, t + 1); }

  /** Steps {@code from} (inclusive) to {@code to} (exclusive). */
  public Slab steps(int from, int to) { return new Slab(data, at(from, 0), to - from, rows, cols, stride); }

  /** {@code count} of all T·N rows, from row {@code from} on, as one step. */
  public Slab window(int from, int count) { return new Slab(data, row(from), 1, count, cols, stride); }

  /** Columns {@code from} (inclusive) to {@code to} (exclusive) of every row. */
  public Slab cols(int from, int to) { return new Slab(data, offset + from, steps, rows, to - from, stride); }

  /** Row r becomes row {@code other} of {@code from}; both have as many columns. */
  public void setRow(int r, Slab from, int other) {
    assert cols == from.cols;
    System.arraycopy(from.data, from.row(other), data, row(r), cols);
  }

  /** Every element of row r becomes {@code value}. */
  public void fillRow(int r, float value) { Arrays.fill(data, row(r), row(r) + cols, value); }

  /** All elements in their order, copied. */
  public float[] flat() {
    var all = new float[height() * cols];
    for (int r = 0; r < height(); r++) System.arraycopy(data, row(r), all, r * cols, cols);
    return all;
  }

  /** Every element becomes that of {@code from}, where they lie as in {@link #flat} from {@code at} on. */
  public void fill(float[] from, int at) {
    for (int r = 0; r < height(); r++) System.arraycopy(from, at + r * cols, data, row(r), cols);
  }

  /** Row r goes to the start of {@code to}. */
  public void copyRow(int r, float[] to) { System.arraycopy(data, row(r), to, 0, cols); }

  /** Element k of row r. */
  public float get(int r, int k) { return data[row(r) + k]; }

  /** Element k of row r becomes {@code value}. */
  public void set(int r, int k, float value) { data[row(r) + k] = value; }

  /** A copy of row n of step t. */
  public float[] copyRow(int t, int n) { return Arrays.copyOfRange(data, at(t, n), at(t, n) + cols); }
}
