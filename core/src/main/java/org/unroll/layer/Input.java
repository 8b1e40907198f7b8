package org.unroll.layer;

/**
 * What a layer is fed.
 *
 * @param width columns of x, or of the one-hot rows that ids stand for
 * @param ids whether x is [T, N, 1] of ids: the product with W is then a row lookup, and no one-hot matrix is ever built
 */
public record Input(int width, boolean ids) {
  /** Rows of floats, [T, N, width]. */
  public static Input of(int width) { return new Input(width, false); }

  /** Ids from 0 to {@code symbols} − 1, [T, N, 1]. */
  public static Input oneHot(int symbols) { return new Input(symbols, true); }
}
