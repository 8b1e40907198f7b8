package org.unroll.head;

import org.unroll.kernel.Kernels;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** Which elements of a batch a loss counts. */
final class Counted {
  private Counted() {}

  /** Neighbouring counted rows: the first of them is the {@code index}-th that counts, and row {@code from} of the batch. */
  interface Range { void run(int index, int from, int rows); }

  static int count(Batch h, Head.At at) {
    return at == Head.At.EVERY_STEP ? h.tokens() : h.alive().length == 0 ? 0 : h.alive()[0];
  }

  /** Whether every row counts, the dead ones too if there were any. */
  static boolean all(Batch h, Head.At at) { return count(h, at) == h.x().height(); }

  /** The counted rows number {@code first} to {@code end}, in their order. */
  static void ranges(Batch h, Head.At at, int first, int end, Range body) {
    int[] alive = h.alive();
    for (int t = 0, index = 0; index < end; t++) {
      int low = at == Head.At.EVERY_STEP || t + 1 == alive.length ? 0 : alive[t + 1];
      int skip = Math.max(0, first - index), rows = Math.min(alive[t] - low, end - index) - skip;
      if (rows > 0) body.run(index + skip, t * h.x().rows() + low + skip, rows);
      index += alive[t] - low;
    }
  }

  /** Those rows of x side by side, in {@code to}. */
  static void gather(Kernels k, Batch h, Head.At at, int first, int end, Slab x, Slab to) {
    ranges(h, at, first, end, (index, from, rows) -> k.copy(x, from, to, index - first, rows));
  }

  /** Back to where they stood. */
  static void spread(Kernels k, Batch h, Head.At at, int first, int end, Slab x, Slab to) {
    ranges(h, at, first, end, (index, from, rows) -> k.copy(x, index - first, to, from, rows));
  }

  /** Σ loss over the counted rows, in their order; the gradient of alive rows that do not count becomes 0. */
  static double sum(Batch h, Head.At at, Slab loss, Slab gradient) {
    double sum = 0;
    int n = loss.rows();
    for (int t = 0; t < h.alive().length; t++) {
      int goOn = t + 1 < h.alive().length ? h.alive()[t + 1] : 0;
      for (int i = 0; i < h.alive()[t]; i++) {
        int r = t * n + i;
        if (at == Head.At.EVERY_STEP || i >= goOn) sum += loss.get(r, 0);
        else gradient.fillRow(r, 0f);
      }
    }
    return sum;
  }
}
