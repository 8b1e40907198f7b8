package org.unroll.reference;

/**
 * The weights of one recurrent layer as leaves of a tape. Matrices are inputs × outputs, row-major, and multiply row
 * vectors from the right; their columns are blocks of H. What the blocks mean, each cell says.
 *
 * @param tape where the leaves are
 * @param units H
 * @param sizes how many blocks each matrix has
 * @param inputMatrix where W starts, X × byW·H
 * @param recurrentMatrix where R starts, H × byR·H
 * @param biasVector where b starts, blocks·H
 * @param unitVector where p starts, perUnit·H or as the cell deals it out
 * @param secondMatrix where S starts, H × H
 * @param fed what R multiplies instead of the state; null for the state
 * @param drop what each candidate is multiplied by before it enters the memory, [H]; null for 1
 * @param keep what each unit is multiplied by before it meets S, [H]; null for 1
 */
public record CellWeights(Tape tape, int units, Sizes sizes, int inputMatrix, int recurrentMatrix, int biasVector, int unitVector,
    int secondMatrix, int[] fed, double[] drop, double[] keep) {

  CellWeights(Tape tape, int units, Sizes sizes, int inputMatrix, int recurrentMatrix, int biasVector, int unitVector,
      int secondMatrix) {
    this(tape, units, sizes, inputMatrix, recurrentMatrix, biasVector, unitVector, secondMatrix, null, null, null);
  }

  /** The same, R multiplying {@code y}. */
  CellWeights feeding(int[] y) {
    return new CellWeights(tape, units, sizes, inputMatrix, recurrentMatrix, biasVector, unitVector, secondMatrix, y, drop, keep);
  }

  /** The same for a step with these masks; null for none. */
  CellWeights masked(double[] drop, double[] keep) {
    return new CellWeights(tape, units, sizes, inputMatrix, recurrentMatrix, biasVector, unitVector, secondMatrix, fed, drop, keep);
  }

  /** What unit k's candidate enters the memory as. */
  public int entering(int k, int candidate) { return drop == null ? candidate : tape.scaled(candidate, drop[k]); }

  /**
   * Blocks of H columns.
   *
   * @param byW of W
   * @param byR of R
   * @param blocks of b; 0 for a cell without
   * @param perUnit of p
   * @param second whether there is a second recurrent matrix S
   */
  public record Sizes(int byW, int byR, int blocks, int perUnit, boolean second) {}

  /** Unit k of block {@code block} of x W. */
  public int fromInput(int[] x, int block, int k) {
    return tape.dot(x, inputMatrix + block * units + k, sizes.byW() * units);
  }

  /** Unit k of block {@code block} of h R. */
  public int fromState(int[] h, int block, int k) {
    return tape.dot(fed == null ? h : fed, recurrentMatrix + block * units + k, sizes.byR() * units);
  }

  /** Unit k of h S. */
  public int fromSecond(int[] h, int k) {
    if (keep == null) return tape.dot(h, secondMatrix + k, units);
    var left = new int[h.length];
    for (int i = 0; i < left.length; i++) left[i] = tape.scaled(h[i], keep[i]);
    return tape.dot(left, secondMatrix + k, units);
  }

  /** Unit k of block {@code block} of b. */
  public int bias(int block, int k) { return biasVector + block * units + k; }

  /** Unit k of block {@code block} of p. */
  public int perUnit(int block, int k) { return unitVector + block * units + k; }

  /** Unit k of x W + h R + b, where all three have this block at the same place. */
  public int preActivation(int[] x, int[] h, int block, int k) {
    return tape.named("a", block * units + k, tape.sum(fromInput(x, block, k), fromState(h, block, k), bias(block, k)));
  }
}
