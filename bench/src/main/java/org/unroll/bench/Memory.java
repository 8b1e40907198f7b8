package org.unroll.bench;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What training holds in memory, beside what must be held. */
final class Memory {
  private Memory() {}

  /**
   * Bytes that a model of {@link Kind#MODEL} must hold while it trains, counted by hand: weights, gradients, two slots of Adam,
   * a packed copy of every matrix for the way forward and one for the way back; for each character the embedding and its
   * gradient, in each of the two LSTM layers four gates, h, c and four gradients of gates, the gradient of each layer's output,
   * and the logits, which their gradient takes over.
   */
  static double slabs(Job job) {
    double I = job.size("I"), H = job.size("H"), V = job.size("V"), characters = (double) job.size("T") * job.size("B");
    double weights = 0, matrices = 0;
    for (var name : job.arrays().keySet()) {
      if (name.equals("ids")) continue;
      double n = job.values(name).length;
      weights += n;
      if (name.startsWith("W") || name.startsWith("R") || name.equals("U")) matrices += n;
    }
    double forward = I + 2 * (4 * H + 2 * H) + V, backward = I + 2 * (4 * H + H);
    return 4 * (4 * weights + 2 * matrices + characters * (forward + backward));
  }

  /** Bytes alive in the heap and outside it, after a collection. */
  static double alive() {
    for (int i = 0; i < 3; i++) System.gc();
    double used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) used += pool.getMemoryUsed();
    return used;
  }
}
