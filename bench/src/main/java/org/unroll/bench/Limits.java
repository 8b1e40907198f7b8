package org.unroll.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the machine can do at best: multiply-adds of floats, and floats read from each level of memory. Each figure is the best of
 * several rounds; for several threads all begin together, and the slowest counts.
 */
final class Limits {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int ROUNDS = 12, FMAS = 10_000, CALLS = 400;
  private static final long BYTES = 1L << 29;

  /** Calls of a probe: some 200 µs of a core. */
  private static final int PROBE = 4;

  /** Operations of a call of {@link #fma}; a multiply-add is two. */
  static final double OPERATIONS = 2.0 * 16 * S.length() * FMAS;

  /** A call that is soon compiled; how often, and how often at most if it is still slow then. */
  private static final int SHORT = 100, WARM = 700, MOST = 200;

  private Limits() {}

  /** Floating-point operations a second of {@code threads} threads together; a multiply-add is two. */
  static double peak(int threads) {
    return best(threads, OPERATIONS * CALLS, _ -> fmas());
  }

  /** Calls of {@link #fma} a second of the slowest of {@code threads} threads at this moment, each by its own clock. */
  static double rate(int threads) {
    var seconds = new double[threads];
    together(threads, i -> {
      long begin = System.nanoTime();
      float sum = 0;
      for (int n = 0; n < PROBE; n++) sum += fma(FMAS);
      seconds[i] = (System.nanoTime() - begin) / 1e9;
      return sum;
    });
    return PROBE / Arrays.stream(seconds).max().orElseThrow();
  }

  /** Has the loop of {@link #rate} compiled: until a thread reaches {@code rate}, if that is known. */
  static void warm(double rate) {
    for (int i = 0; i < WARM; i++) fma(SHORT);
    for (int i = 0; i < MOST && rate(1) < rate; i++) fma(SHORT);
  }

  /** Bytes a second that {@code threads} threads together read from {@code size} bytes each. */
  static double bandwidth(int threads, long size) {
    try (var arena = Arena.ofShared()) {
      var all = new MemorySegment[threads];
      for (int i = 0; i < threads; i++) {
        all[i] = arena.allocate(size, 64);
        for (long at = 0; at < size; at += 4) all[i].set(ValueLayout.JAVA_FLOAT, at, 1f);
      }
      long times = Math.max(1, BYTES / size);
      return best(threads, (double) size * times, i -> read(all[i], size, times));
    }
  }

  /** Work a second of the best round. @param work of one thread */
  private static double best(int threads, double work, IntToDoubleFunction job) {
    double best = 0;
    for (int r = 0; r < ROUNDS; r++) best = Math.max(best, threads * work / together(threads, job));
    return best;
  }

  /** Seconds from the common beginning until the last has ended. */
  private static double together(int threads, IntToDoubleFunction job) {
    var gate = new CyclicBarrier(threads);
    var ends = new long[threads];
    var begins = new long[threads];
    var all = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int n = i;
      all[i] = new Thread(() -> {
        try {
          gate.await();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
        begins[n] = System.nanoTime();
        if (Double.isNaN(job.applyAsDouble(n))) throw new IllegalStateException("not a number");
        ends[n] = System.nanoTime();
      });
      all[i].start();
    }
    try {
      for (var t : all) t.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return (Arrays.stream(ends).max().orElseThrow() - Arrays.stream(begins).min().orElseThrow()) / 1e9;
  }

  private static double fmas() {
    double sum = 0;
    for (int i = 0; i < CALLS; i++) sum += fma(FMAS);
    return sum;
  }

  /** Sixteen sums that do not wait for one another. */
  private static float fma(int n) {
    var m = FloatVector.broadcast(S, 0.999f);
    var a = FloatVector.broadcast(S, 0.001f);
    FloatVector c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a;
    FloatVector d0 = a, d1 = a, d2 = a, d3 = a, d4 = a, d5 = a, d6 = a, d7 = a;
    for (int i = 0; i < n; i++) {
      c0 = c0.fma(m, a);
      c1 = c1.fma(m, a);
      c2 = c2.fma(m, a);
      c3 = c3.fma(m, a);
      c4 = c4.fma(m, a);
      c5 = c5.fma(m, a);
      c6 = c6.fma(m, a);
      c7 = c7.fma(m, a);
      d0 = d0.fma(m, a);
      d1 = d1.fma(m, a);
      d2 = d2.fma(m, a);
      d3 = d3.fma(m, a);
      d4 = d4.fma(m, a);
      d5 = d5.fma(m, a);
      d6 = d6.fma(m, a);
      d7 = d7.fma(m, a);
    }
    var c = c0.add(c1).add(c2.add(c3)).add(c4.add(c5).add(c6.add(c7)));
    return c.add(d0.add(d1).add(d2.add(d3)).add(d4.add(d5).add(d6.add(d7)))).lane(0);
  }

  private static double read(MemorySegment m, long size, long times) {
    double sum = 0;
    for (long i = 0; i < times; i++) sum += once(m, size);
    return sum;
  }

  private static float once(MemorySegment m, long size) {
    var zero = FloatVector.zero(S);
    FloatVector a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, g = zero, h = zero;
    int v = S.vectorByteSize();
    for (long at = 0; at < size; at += 8 * v) {
      a = a.add(at(m, at));
      b = b.add(at(m, at + v));
      c = c.add(at(m, at + 2 * v));
      d = d.add(at(m, at + 3 * v));
      e = e.add(at(m, at + 4 * v));
      f = f.add(at(m, at + 5 * v));
      g = g.add(at(m, at + 6 * v));
      h = h.add(at(m, at + 7 * v));
    }
    return a.add(b).add(c.add(d)).add(e.add(f).add(g.add(h))).lane(0);
  }

  private static FloatVector at(MemorySegment m, long at) {
    return FloatVector.fromMemorySegment(S, m, at, ByteOrder.nativeOrder());
  }
}
