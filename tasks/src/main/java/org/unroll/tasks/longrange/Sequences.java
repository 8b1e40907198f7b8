package org.unroll.tasks.longrange;

import java.util.stream.LongStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Batch;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** What the makers of sequences share. */
final class Sequences {
  private Sequences() {}

  /** Rows of the same length, the first of them sequence number {@code first}. */
  static Batch batch(Slab x, long first) { return Batch.full(x, LongStream.range(first, first + x.rows()).toArray()); }

  /** A whole number from 0 to n − 1. */
  static int below(int n, Philox rng, long sequence, int position) { return (int) ((double) n * rng.uniform(0, 0, sequence, position)); }

  /** The largest of the columns of row r. */
  static int likeliest(Slab p, int r) {
    int best = 0;
    for (int k = 1; k < p.cols(); k++) if (p.get(r, k) > p.get(r, best)) best = k;
    return best;
  }

  /** Refuses a lag that leaves no room for what must be remembered. */
  static void atLeast(int lag, int least) {
    if (lag < least) throw Fault.of(Code.C011, "T is %d", lag).at("task").because("must be at least %d", least);
  }
}
