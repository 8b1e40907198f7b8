package org.unroll.bench;

import org.unroll.kernel.Kernels;

/** The kernels that are measured. */
final class Engine {
  private Engine() {}

  static Kernels kernels(int threads) { return Kernels.best(threads); }
}
