package org.unroll.bench;

import org.unroll.kernel.Kernels;
import org.unroll.kernel.ScalarKernels;

/** The kernels that are measured. */
final class Engine {
  private Engine() {}

  static Kernels kernels(int threads) { return new ScalarKernels(); }
}
