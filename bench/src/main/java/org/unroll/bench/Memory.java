package org.unroll.bench;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What training holds in memory, beside what must be held. */
final class Memory {
  private Memory() {}

  /**
   * Bytes that a model of {@link Kind#MODEL} must hold while it trains, counted by hand as docs/architecture.md does: weights,
   * gradients, two slots of Adam, a packed copy of every matrix for the way forward and one for the way back; for each character the
   * embedding and its gradient, in each of the two LSTM layers four gates, h and c, the gradient of what goes in; of all layers
   * together the gradients of one's four gates, and of what comes out; and a portion of the scores.
   */
  static double slabs(Job job) {
    double I = job.size("I"), H = job.size("H"), V = job.size("V"), B = job.size("B"), R = job.size("T") * B;
    double weights = 0, matrices = 0;
    for (var name : job.arrays().keySet()) {
      if (name.equals("ids")) continue;
      double n = job.values(name).length;
      weights += n;
      if (name.startsWith("W") || name.startsWith("R") || name.equals("U")) matrices += n;
    }
    double kept = R * I + 2 * (R * 4 * H + (R + B) * 2 * H), back = R * (4 * H + H + I + H);
    double scores = Math.min(R, Math.max(192, Math.floor((1 << 19) / V / 192) * 192)) * V;
    return 4 * (4 * weights + 2 * matrices + kept + back + scores);
  }

  /** Bytes alive in the heap and outside it, after a collection. */
  static double alive() {
    for (int i = 0; i < 3; i++) System.gc();
    double used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) used += pool.getMemoryUsed();
    return used;
  }
}
