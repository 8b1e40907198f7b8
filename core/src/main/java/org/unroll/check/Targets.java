package org.unroll.check;

import org.unroll.head.Head;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** Targets of a head in the shapes of the reference. */
final class Targets {
  private Targets() {}

  /** [N][length], or [N][1] at the last step only. */
  static int[][] ids(Batch h, Slab target, Head.At at) {
    int N = h.x().rows();
    var ids = new int[N][];
    for (int n = 0; n < N; n++) {
      int length = h.length(n), from = at == Head.At.EVERY_STEP ? 0 : length - 1;
      ids[n] = new int[length - from];
      for (int t = from; t < length; t++) ids[n][t - from] = (int) target.get(t * N + n, 0);
    }
    return ids;
  }

  /** [T, N, K], or [N, K] at the last step only. */
  static double[] values(Batch h, Slab target, Head.At at) {
    if (at == Head.At.EVERY_STEP) return Slabs.alive(target, h);
    int N = h.x().rows();
    var last = Slab.zeros(1, N, target.cols());
    for (int n = 0; n < N; n++) last.setRow(n, target, (h.length(n) - 1) * N + n);
    return Slabs.flat(last);
  }
}
