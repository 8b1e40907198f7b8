package org.unroll.cli;

import org.unroll.kernel.Kernels;

/** The kernels that a command computes with. */
final class Computing {

  private Computing() {}

  /** The best there are on {@code --threads} threads; says how to get better ones, if there are. */
  static Kernels kernels(Talk talk) {
    if (Kernels.hint().isPresent()) talk.say("kernels.scalar");
    var threads = talk.flags().threads;
    return Kernels.best(threads == null ? Runtime.getRuntime().availableProcessors() : threads);
  }
}
