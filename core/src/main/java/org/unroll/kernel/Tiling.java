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

  /** Vectors and columns of the widest panel, that of a dense tiling. */
  static final int VECTORS = 4, WIDE = VECTORS * LANES;

  /** Threads that share out the rows of a product get multiples of so many: tiles are made of them without a rest. */
  public static final int ROWS = 4;

  /** Panels of 64 neighbouring columns. */
  public static Tiling dense(int cols) {
    return new Tiling(cols, Math.ceilDiv(cols, WIDE), VECTORS, WIDE, LANES, cols);
  }

  /** @param units H of each block */
  public static Tiling gates(int units, int blocks) {
    assert blocks >= 1 && blocks <= VECTORS : blocks + " blocks";
    return new Tiling(units * blocks, Math.ceilDiv(units, LANES), blocks, LANES, units, units);
  }

  /** Whether panels are of neighbouring columns, not of the same units of each gate. */
  public boolean isDense() { return vectorStep == LANES && panelStep == WIDE; }

  /** One block dealt 16 units to a panel is the same columns dealt 64 to a panel, whose tiles have four times the work. */
  Tiling widest() { return isSingle() ? dense(cols) : this; }

  private boolean isSingle() { return vectors == 1; }

  /** Panels of 16 units in one of the panels of the {@link #widest} tiling, which a matrix is packed in. */
  int unitPanels() { return isSingle() || isDense() ? VECTORS : 1; }

  /**
   * Panels of 16 units at whose multiples the parts of a product begin that threads share out: whole panels as they are packed, and of
   * those of a single row as many as the widest tile covers.
   */
  public int partPanels() { return Math.max(unitPanels(), Product.abreast(VECTORS)); }

  /** Panels of 16 units that the tile of a single row covers. */
  public int rowPanels() { return unitPanels() * Product.abreast(isSingle() ? VECTORS : vectors); }

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
