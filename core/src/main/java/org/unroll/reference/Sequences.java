package org.unroll.reference;

/**
 * N sequences of unequal length that go through a model together. Their numbers lie time-major, element (t, n, k) at
 * {@code (t · N + n) · K + k}; those past a sequence's end are there and ignored.
 *
 * @param lengths how many steps each has, [N]; in any order, 0 is allowed
 * @param width X where the input is numbers (the array "x"), 0 where it is symbols
 * @param symbols [N][length] where the input is symbols, else null
 */
public record Sequences(int[] lengths, int width, int[][] symbols) {

  /** Sequences of vectors, whose numbers are the array "x". */
  public static Sequences ofVectors(int width, int... lengths) { return new Sequences(lengths, width, null); }

  /** Sequences of symbols 0, 1, 2 … */
  public static Sequences ofSymbols(int[][] symbols) {
    var lengths = new int[symbols.length];
    for (int n = 0; n < lengths.length; n++) lengths[n] = symbols[n].length;
    return new Sequences(lengths, 0, symbols);
  }

  /** T: the longest. */
  public int steps() {
    int longest = 0;
    for (int length : lengths) longest = Math.max(longest, length);
    return longest;
  }

  /** N. */
  public int rows() { return lengths.length; }

  /** Whether row n has a step t. */
  public boolean alive(int t, int n) { return t < lengths[n]; }
}
