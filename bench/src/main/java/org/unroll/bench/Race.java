package org.unroll.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures engines in turns, so that a slow minute of the machine hits all of them.
 *
 * <p>Every engine first runs alone until it is no longer getting faster. Then, round by round, each has a turn, and begins a
 * round in its turn: a pause in which the other engine's idle threads go to sleep, one unit that does not count where units are
 * short, and timed units for a while. A round's figure is the median of its units. One that is both slow and far behind has a
 * single round. A turn begins when the machine is {@link Calm}; a short one that does not end so is taken again.
 *
 * @param rounds turns of each engine
 * @param slowRounds turns of one whose unit takes more than half a second
 * @param warmup seconds that an engine in Java runs at least before the first round; one that is compiled needs less
 * @param turn seconds of one turn
 */
record Race(int rounds, int slowRounds, double warmup, double turn) {
  private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int PAUSE_MILLIS = 30;
  private static final int WARMUPS = 8, FEWEST_WARM = 2;
  private static final int MOST = 100_000;
  private static final double FASTER = 0.97, SLOW = 0.5e9, ONCE_BEHIND = 3, ONCE_BEATEN = 1.5, NATIVE_WARMUP = 0.2;

  /** One that takes part; {@code cold} is the time of its first unit, before all else; {@code compiled} if no JIT has to. */
  static final class Entry {
    final String engine, mode;
    final int threads;
    final Contestant contestant;
    final double cold;
    private final boolean compiled;
    private final List<Double> rounds = new ArrayList<>(), tails = new ArrayList<>(), cores = new ArrayList<>();
    private double unit;
    private int disturbed, again;
    private boolean failed;

    Entry(String engine, String mode, int threads, Contestant contestant, boolean compiled) throws Exception {
      this.compiled = compiled;
      this.engine = engine;
      this.mode = mode;
      this.threads = threads;
      this.contestant = contestant;
      contestant.enter();
      cold = contestant.turn(0, 1, 1)[0];
      unit = cold;
    }

    private void keep(double[] times, double busy, boolean whole) {
      rounds.add(Numbers.median(times));
      tails.add(Numbers.quantile(0.99, times));
      cores.add(busy);
      if (!whole) disturbed++;
    }

    private void forget() {
      rounds.clear();
      tails.clear();
      cores.clear();
      disturbed = again = 0;
    }

    /** How many turns did not count, since they did not end calm. */
    int again() { return again; }

    /** How many turns counted that did not begin and end with the machine calm. */
    int disturbed() { return disturbed; }

    Line.Sample sample(String id, int process) {
      return new Line.Sample(id, process, engine, mode, threads, cold, Numbers.median(array(cores)), array(rounds), array(tails));
    }

    private static double[] array(List<Double> v) { return v.stream().mapToDouble(d -> d).toArray(); }
  }

  /**
   * @param calm for this race alone
   * @param now is told whose turn it is
   * @param fallen takes those that fail on the way, with what they failed by; they are out then
   */
  void run(List<Entry> entries, Calm calm, Consumer<String> now, Consumer<Fallen> fallen) {
    var left = new ArrayList<>(entries);
    var warmed = new HashSet<String>();
    each(left, now, fallen, e -> warm(e, !warmed.add(e.engine)));
    var once = left.stream().filter(e -> behind(e, left)).toList();
    calm.share(rounds * left.size());
    for (int r = 0; r < rounds; r++) {
      var order = new ArrayList<>(left);
      Collections.rotate(order, -r);
      int round = r;
      order.removeIf(e -> round > 0 && once.contains(e) || round >= slowRounds && e.unit > SLOW);
      each(order, now, fallen, e -> turn(e, calm));
      left.removeIf(e -> e.failed);
    }
  }

  /** Whether it is slow and far behind the best of all, or a peer's way that is well behind that peer's best. */
  private static boolean behind(Entry e, List<Entry> all) {
    double best = all.stream().mapToDouble(o -> o.unit).min().orElseThrow();
    double own = all.stream().filter(o -> o.engine.equals(e.engine)).mapToDouble(o -> o.unit).min().orElseThrow();
    return e.unit > SLOW && (e.unit > ONCE_BEHIND * best || e.compiled && e.unit > ONCE_BEATEN * own);
  }

  /** An engine that failed, and how. */
  record Fallen(Entry entry, Exception by) {}

  private interface Act {
    void on(Entry e) throws Exception;
  }

  private static void each(List<Entry> entries, Consumer<String> now, Consumer<Fallen> fallen, Act act) {
    for (var e : List.copyOf(entries)) {
      now.accept(e.engine);
      try {
        e.contestant.enter();
        act.on(e);
      } catch (Exception x) {
        fallen.accept(new Fallen(e, x));
        entries.remove(e);
        e.forget();
        e.failed = true;
      }
    }
  }

  /** @param again whether another entry of the engine is warm already: then most of its code is compiled */
  private void warm(Entry e, boolean again) throws Exception {
    if (e.compiled && e.cold > SLOW) e.unit = e.contestant.turn(0, 1, 1)[0];   // the first may have compiled it
    if (e.compiled && e.unit > SLOW) return;
    double seconds = e.compiled ? NATIVE_WARMUP : again ? warmup / 3 : warmup;
    for (int i = 0; i < WARMUPS; i++) {
      double before = e.unit;
      int fewest = i == 0 && !e.compiled && !again ? FEWEST_WARM : 1;
      e.unit = Numbers.median(e.contestant.turn(i == 0 ? seconds : seconds / 3, fewest, MOST));
      if (i > 0 && e.unit > FASTER * before) return;
    }
  }

  private void turn(Entry e, Calm calm) throws Exception {
    Thread.sleep(PAUSE_MILLIS);
    calm.begin();
    for (;;) {
      boolean began = calm.await();
      if (e.unit < turn * 1e9) e.contestant.turn(0, 1, 1);
      long wall = System.nanoTime(), cpu = cpu();
      double[] times = e.contestant.turn(turn, e.unit < turn * 1e9 ? 3 : e.unit < SLOW ? 2 : 1, MOST);
      long took = System.nanoTime() - wall;
      double cores = (cpu() - cpu) / (double) took;
      boolean whole = began && calm.now();
      if (whole || !calm.patient() || e.unit > SLOW) {
        e.keep(times, cores, whole);
        return;
      }
      e.again++;
      calm.lose(took / 1e9);
    }
  }

  /** Processor time of this process and of those it has started, nanoseconds. */
  private static long cpu() {
    long children = ProcessHandle.current().descendants()
        .mapToLong(p -> p.info().totalCpuDuration().map(Duration::toNanos).orElse(0L)).sum();
    return SYSTEM.getProcessCpuTime() + children;
  }
}
