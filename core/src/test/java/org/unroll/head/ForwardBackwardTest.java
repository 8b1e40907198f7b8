package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.unroll.slab.Init;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** The sweeps over one row of a batch: row n's step t is row t·N + n, and what another row holds is neither read nor written. */
class ForwardBackwardTest {
  private static final int T = 6, N = 3, K = 4;

  private static Slab random(int steps, int rows, int cols, int part) {
    var s = Slab.zeros(steps, rows, cols);
    new Init.Uniform(3).fill(s, new Philox(5, Philox.Stream.DATA), part);
    return s;
  }

  private static final ForwardBackward ALL =
      new ForwardBackward(random(T, N, K, 0), random(1, K, K, 1), random(1, 1, K, 2), random(1, 1, K, 3));

  @Test void rowsOfABatch_areTheLatticesOfEachAlone() {
    for (int n = 0; n < N; n++) {
      int length = T - n;
      var lattice = Lattice.row(ALL, n, length);
      Slab alpha = Slab.zeros(T, N, K), beta = Slab.zeros(T, N, K), p = Slab.zeros(T, N, K), q = Slab.zeros(1, T, K * K);
      assertEquals(lattice.logZ(), ALL.forward(n, length, alpha), "row " + n);
      for (int t = length - 1; t >= 0; t--) {
        ALL.back(n, t, length, alpha, beta, p, q, t);
        assertArrayEquals(lattice.marginals()[t], p.copyRow(t, n), "row " + n + ", step " + t);
        assertEquals(0, largest(alpha.copyRow(t, n)), "α is kept less its largest");
        assertEquals(0, largest(beta.copyRow(t, n)), "β is kept less its largest");
      }
      for (int other = 0; other < N; other++) {
        for (int t = 0; t < T; t++) {
          if (other != n || t >= length) assertArrayEquals(new float[K], p.copyRow(t, other), "row " + other + " of that of " + n);
        }
      }
    }
  }

  private static float largest(float[] x) {
    float max = Float.NEGATIVE_INFINITY;
    for (float v : x) max = Math.max(max, v);
    return max;
  }
}
