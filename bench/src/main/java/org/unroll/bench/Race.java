package org.unroll.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures engines in turns, so that a slow minute of the machine hits all of them.
 *
 * <p>Every engine first runs alone until it is warm. Then, round by round, each has a turn: a pause in which the other engine's
 * idle threads go to sleep, one step that does not count, and timed steps for a while. A round's figure is the median of its
 * steps.
 *
 * @param rounds turns of each engine
 * @param warmup seconds each engine runs before the first round
 * @param turn seconds of one turn
 * @param cpu count the processor time of the measuring thread instead of the clock's: one thread only, for a busy machine
 */
record Race(int rounds, double warmup, double turn, boolean cpu) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int PAUSE_MILLIS = 30;
  private static final int FEWEST_STEPS = 3;

  /** @param perCall steps that one call of {@code contestant} makes */
  record Entry(String engine, int threads, Contestant.Local contestant, int perCall) {}

  List<Sample> run(String task, Shape shape, List<Entry> entries) {
    double[][] medians = new double[entries.size()][rounds];
    double[] cold = new double[entries.size()];
    for (int e = 0; e < entries.size(); e++) cold[e] = warm(entries.get(e));
    for (int r = 0; r < rounds; r++) {
      for (int e = 0; e < entries.size(); e++) medians[e][r] = turn(entries.get(e));
    }
    var samples = new ArrayList<Sample>();
    for (int e = 0; e < entries.size(); e++) {
      var x = entries.get(e);
      samples.add(new Sample(task, shape.toString(), x.engine, x.threads, cold[e], medians[e]));
    }
    return samples;
  }

  /** @return time of the first step */
  private double warm(Entry e) {
    Libtorch.threads(e.threads);
    double cold = timed(e);
    long end = System.nanoTime() + (long) (warmup * 1e9);
    while (System.nanoTime() < end) step(e);
    return cold;
  }

  private double turn(Entry e) {
    Libtorch.threads(e.threads);
    pause();
    step(e);
    var times = new ArrayList<Double>();
    long end = System.nanoTime() + (long) (turn * 1e9);
    while (times.size() < FEWEST_STEPS || System.nanoTime() < end) times.add(timed(e));
    return Sample.median(times.stream().mapToDouble(t -> t).toArray());
  }

  private double timed(Entry e) {
    long start = now();
    step(e);
    return (now() - start) / (double) e.perCall;
  }

  private static void step(Entry e) {
    try {
      e.contestant.step();
    } catch (Exception x) {
      throw new IllegalStateException(x);
    }
  }

  private long now() { return cpu ? THREADS.getCurrentThreadCpuTime() : System.nanoTime(); }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
