package org.unroll.kernel;

/**
 * How the columns of a matrix are dealt to panels of at most four 16-lane vectors, the shape the product kernels work on.
 *
 * <pre>
 *   dense(cols)          panel p, vector v, lane l  ↔  column 64 p + 16 v + l
 *   gates(units, blocks) panel p, vector v, lane l  ↔  column units · v + 16 p + l: the same 16 units of every block
 * </pre>
 *
 * Lanes that fall outside the matrix hold zeros.
 *
 * @param cols columns of the matrix
 * @param panels how many panels
 * @param vectors vectors of a full panel; the last panel of a dense tiling may have fewer
 * @param panelStep columns between panels
 * @param vectorStep columns between the vectors of a panel
 * @param limit columns of one block: {@code cols}, or {@code units}
 */
public record Tiling(int cols, int panels, int vectors, int panelStep, int vectorStep, int limit) {
  /** Lanes of a vector, whatever the machine has: the unit of every layout. */
  public static final int LANES = 16;

  private static final int DENSE_VECTORS = 4;

  /** Panels of 64 neighbouring columns. */
  public static Tiling dense(int cols) {
    int width = DENSE_VECTORS * LANES;
    return new Tiling(cols, Math.ceilDiv(cols, width), DENSE_VECTORS, width, LANES, cols);
  }

  /** @param units H of each block */
  public static Tiling gates(int units, int blocks) {
    assert blocks >= 1 && blocks <= DENSE_VECTORS : blocks + " blocks";
    return new Tiling(units * blocks, Math.ceilDiv(units, LANES), blocks, LANES, units, units);
  }

  /** Whether panels are of neighbouring columns, not of the same units of each gate. */
  public boolean isDense() { return vectorStep == LANES && panelStep == DENSE_VECTORS * LANES; }

  /** First column of vector v of panel p. */
  public int col(int p, int v) { return p * panelStep + v * vectorStep; }

  /** Lanes of vector v of panel p that are columns of the matrix. */
  public int lanes(int p, int v) {
    int within = isDense() ? col(p, v) : p * panelStep;
    return Math.clamp(limit - within, 0, LANES);
  }

  /** Vectors of panel p. */
  public int vectors(int p) {
    return isDense() ? Math.min(vectors, Math.ceilDiv(cols - p * panelStep, LANES)) : vectors;
  }

  /** Smallest multiple of {@link #LANES} that holds n. */
  public static int padded(int n) { return Math.ceilDiv(n, LANES) * LANES; }
}
