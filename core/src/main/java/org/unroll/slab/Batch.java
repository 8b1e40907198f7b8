package org.unroll.slab;

import java.util.Arrays;

/**
 * A slab with its raggedness. Rows are sorted by falling length, so step t has the rows 0 … {@code alive[t]} − 1; what
 * stands in the other (dead) rows is never read.
 *
 * @param x [T, N, K]
 * @param alive rows that reach step t, falling, {@code alive[0] ≤ N}
 * @param ids names of the N sequences across batches: the key of a row's random numbers; empty where none is drawn
 */
public record Batch(Slab x, int[] alive, long[] ids) {

  public Batch {
    assert alive.length == x.steps() && (ids.length == x.rows() || ids.length == 0);
    assert falls(alive, x.rows());
  }

  /** Every row as long as the slab. */
  public static Batch full(Slab x, long[] ids) {
    int[] alive = new int[x.steps()];
    Arrays.fill(alive, x.rows());
    return new Batch(x, alive, ids);
  }

  /** The same rows with other columns. */
  public Batch with(Slab y) { return new Batch(y, alive, ids); }

  /** Steps of row n. */
  public int length(int n) {
    int t = 0;
    while (t < alive.length && alive[t] > n) t++;
    return t;
  }

  /** Elements that are alive: Σ alive[t]. */
  public int tokens() {
    int sum = 0;
    for (int a : alive) sum += a;
    return sum;
  }

  private static boolean falls(int[] alive, int rows) {
    int last = rows;
    for (int a : alive) {
      if (a > last || a < 0) return false;
      last = a;
    }
    return true;
  }
}
