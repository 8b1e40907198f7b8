package org.unroll.layer;

import org.unroll.slab.Batch;

/**
 * The order in which a {@link Recurrent} takes the steps of time, and where states stand: number 0 to T of a slab
 * [T + 1, N, ·], the state between two steps between their numbers.
 */
record Walk(boolean forward) {

  /** What happens to the first {@code rows} of a range of rows at step t. */
  interface Step { void at(int t, int rows); }

  static Walk of(Recurrent.Direction d) { return new Walk(d == Recurrent.Direction.FORWARD); }

  /** Every step at which one of rows {@code n0} … {@code n0 + count − 1} is alive, in the order of the walk or against it. */
  void forEachStep(Batch x, int n0, int count, boolean back, Step step) {
    forEachStep(x, 0, x.x().steps(), n0, count, back, step);
  }

  /** Those of the steps {@code from} to {@code end}. */
  void forEachStep(Batch x, int from, int end, int n0, int count, boolean back, Step step) {
    for (int i = from; i < end; i++) {
      int t = forward != back ? i : from + end - 1 - i, rows = Math.min(x.alive()[t] - n0, count);
      if (rows > 0) step.at(t, rows);
    }
  }

  /** Where the state before step t stands. */
  int prev(int t) { return forward ? t : t + 1; }

  /** Where the state after step t stands. */
  int next(int t) { return forward ? t + 1 : t; }

  /** Where the state before the first step of a row of this length stands. */
  int first(int length) { return forward ? 0 : length; }

  /** The rows of the states before the first steps, in the order of the batch and in as few ranges as there are. */
  void starts(Batch x, Rows.Range body) {
    int N = x.x().rows();
    for (int n = 0, end; n < N; n = end) {
      int slot = first(x.length(n));
      for (end = n + 1; end < N && first(x.length(end)) == slot; ) end++;
      body.run(slot * N + n, end - n);
    }
  }

  /** Where the state after the last step of a row of this length stands. */
  int last(int length) { return forward ? length : 0; }
}
