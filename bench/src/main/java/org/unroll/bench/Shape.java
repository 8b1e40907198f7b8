package org.unroll.bench;

/**
 * Sizes of one recurrent layer and its batch.
 *
 * @param steps T
 * @param rows B, sequences side by side
 * @param inputs I
 * @param units H
 */
public record Shape(int steps, int rows, int inputs, int units) {

  /** Multiplications and additions of forward and backward over a layer with G gates: three products of each matrix. */
  public double trainingFlops(int gates) { return 3.0 * 2 * gates * units * (inputs + units) * steps * rows; }

  @Override public String toString() { return "T%d B%d I%d H%d".formatted(steps, rows, inputs, units); }
}
