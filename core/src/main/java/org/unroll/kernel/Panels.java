package org.unroll.kernel;

import java.util.Arrays;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * G blocks of H units for every row: the pre-activations or gates of all steps. Unit u of block g of row r = t·N + n is
 * {@code data[at(r, g, u)]}. Panel-major, so that a cell and the product kernels see the same 16 units of all blocks side
 * by side; or row-major, for cells that need their whole row.
 *
 * @param data the array; in padding lanes (u ≥ H) stand zeros
 * @param rows T·N
 * @param units H
 * @param blocks G
 * @param panelStride floats between panels of 16 units
 * @param rowStride floats between rows
 * @param blockStride floats between the blocks of a row within a panel
 */
public record Panels(float[] data, int rows, int units, int blocks, int panelStride, int rowStride, int blockStride) {

  /** [H/16][T·N][G·16], elements as they were. */
  public static Panels panelMajor(Workspace ws, int rows, int units, int blocks) {
    int width = blocks * Tiling.LANES;
    float[] data = ws.array(Math.multiplyExact(Math.multiplyExact(rows, width), panels(units)));
    return new Panels(data, rows, units, blocks, rows * width, width, Tiling.LANES);
  }

  /** [T·N][G·H], each block padded to whole vectors; elements as they were. */
  public static Panels rowMajor(Workspace ws, int rows, int units, int blocks) {
    int padded = Tiling.padded(units);
    float[] data = ws.array(Math.multiplyExact(Math.multiplyExact(rows, padded), blocks));
    return new Panels(data, rows, units, blocks, Tiling.LANES, blocks * padded, padded);
  }

  /** Panels of 16 units, the last perhaps not full. */
  public int panels() { return panels(units); }

  /** Units of panel p. */
  public int lanes(int p) { return Math.min(Tiling.LANES, units - p * Tiling.LANES); }

  /** Where block g of panel p of row r starts. */
  public int panelAt(int r, int g, int p) { return p * panelStride + r * rowStride + g * blockStride; }

  /** Where unit u of block g of row r stands. */
  public int at(int r, int g, int u) { return panelAt(r, g, u / Tiling.LANES) + u % Tiling.LANES; }

  /** Block g as a T × N × H copy, for people and tests. */
  public Slab copy(int g, int steps, int perStep) {
    assert steps * perStep == rows;
    var s = Slab.zeros(steps, perStep, units);
    for (int r = 0; r < rows; r++) for (int u = 0; u < units; u++) s.data()[s.row(r) + u] = data[at(r, g, u)];
    return s;
  }

  /** Zeros the padding lanes of every row: what a product over whole panels reads there must be 0. */
  public void clearPadding() { clearPadding(0, rows); }

  /**
   * Moves rows to the front, in their order: of each {@code step} rows the first ones.
   *
   * @param alive how many, step by step
   */
  public void close(int step, int[] alive) {
    int pieces = blockStride == Tiling.LANES ? panels() : 1;
    for (int p = 0; p < pieces; p++) {
      int from = panelAt(0, 0, p), to = from;
      for (int n : alive) {
        System.arraycopy(data, from, data, to, n * rowStride);
        from += step * rowStride;
        to += n * rowStride;
      }
    }
  }

  /** Zeros those of {@code count} rows from row {@code from} on. */
  void clearPadding(int from, int count) {
    int last = panels() - 1;
    int lanes = lanes(last);
    if (lanes == Tiling.LANES) return;
    for (int r = from; r < from + count; r++) {
      for (int g = 0; g < blocks; g++) {
        int at = panelAt(r, g, last);
        Arrays.fill(data, at + lanes, at + Tiling.LANES, 0f);
      }
    }
  }

  private static int panels(int units) { return Tiling.padded(units) / Tiling.LANES; }
}
