package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

class ScalarKernelsTest {
  @Test void parallel_anyNumberOfThreads_runsEveryPartOnce() {
    for (int threads = 1; threads <= 2; threads++) {
      var runs = new AtomicIntegerArray(5);
      var k = new ScalarKernels(threads);
      assertEquals(threads, k.threads());
      k.parallel(5, runs::incrementAndGet);
      assertEquals("[1, 1, 1, 1, 1]", runs.toString());
    }
  }

  /** Blocks 1 and 2 of four, rows 1 and 2 of four, 20 units: two panels, the second with 12 lanes of padding. */
  @Test void broadcast_ofTwoBlocks_writesThemWithTheirPaddingAndNothingElse() {
    var c = Panels.panelMajor(new Workspace(), 4, 20, 4);
    java.util.Arrays.fill(c.data(), -1);
    var bias = Slab.zeros(1, 1, 40);
    for (int j = 0; j < 40; j++) bias.set(0, j, 100 + j);
    for (var k : List.of(new ScalarKernels(), Kernels.best(1))) {
      k.broadcast(bias, c, 1, 2, 1);
      for (int r = 0; r < 4; r++) {
        for (int g = 0; g < 4; g++) {
          for (int u = 0; u < 32; u++) {
            boolean written = (r == 1 || r == 2) && (g == 1 || g == 2);
            assertEquals(!written ? -1 : u < 20 ? 100 + (g - 1) * 20 + u : 0, c.data()[c.at(r, g, u)], "row " + r + ", block " + g + ", unit " + u);
          }
        }
      }
    }
  }
}
