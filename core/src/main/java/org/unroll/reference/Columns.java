package org.unroll.reference;

import java.util.Arrays;

/**
 * Products of a row vector with columns of a matrix, {@value #AHEAD} neighbours at once: a column alone is one number of each
 * line of the cache. Who asks for a column asks for its neighbour next. Every column is summed as if it were alone.
 */
final class Columns {
  private static final int AHEAD = 8, ENTRIES = 64;

  private final int[][] xs = new int[ENTRIES][];
  private final int[] firsts = new int[ENTRIES], strides = new int[ENTRIES];
  private final double[][] sums = new double[ENTRIES][AHEAD];

  /** Σ_i value[x_i] · value[first + i · stride]; {@code size} values are there. Those of x and of the matrix never change. */
  double dot(double[] value, int size, int[] x, int first, int stride) {
    if (stride < AHEAD || x.length == 0 || first + (x.length - 1) * stride + AHEAD > size) return alone(value, x, first, stride);
    int from = first - first % AHEAD, at = from / AHEAD * 31 + x.length & ENTRIES - 1;
    if (xs[at] != x || firsts[at] != from || strides[at] != stride) {
      if (from < 0 || from + (x.length - 1) * stride + AHEAD > size) return alone(value, x, first, stride);
      ahead(value, x, from, stride, sums[at]);
      xs[at] = x;
      firsts[at] = from;
      strides[at] = stride;
    }
    return sums[at][first - from];
  }

  private static double alone(double[] value, int[] x, int first, int stride) {
    double s = 0;
    for (int i = 0; i < x.length; i++) s += value[x[i]] * value[first + i * stride];
    return s;
  }

  private static void ahead(double[] value, int[] x, int from, int stride, double[] sums) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < x.length; i++) {
      double v = value[x[i]];
      for (int j = 0, w = from + i * stride; j < AHEAD; j++) sums[j] += v * value[w + j];
    }
  }
}
