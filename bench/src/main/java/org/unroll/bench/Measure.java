package org.unroll.bench;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row in one process: every engine's first unit, then whether they agree, then the race. Tells what it finds in
 * {@link Line}s on its standard output, and first whom it turns to, so that a peer that ends the process is known.
 */
final class Measure {
  /** Why DL4J, which is slow and takes long to start, is not in most rows. */
  static final String ELSEWHERE = "measured in lstm-train, elsewhere if --peers names it";

  /** Nanoseconds in which allocations are counted, if a unit does not take longer. */
  private static final long ALLOCATING = 100_000_000;

  /** Turns that counted; those of them that did not begin and end calm; those that were taken again. */
  static final String TURNS = "turns", DISTURBED = "disturbed turns", TAKEN_AGAIN = "turns taken again";

  private final Case row;
  private final Plan plan;
  private final PrintStream out;
  private final int process;
  private final double peak;
  private final Job job;
  private final List<Race.Entry> entries = new ArrayList<>();

  private Measure(Case row, Plan plan, int process, double peak, PrintStream out) {
    this.row = row;
    this.plan = plan;
    this.process = process;
    this.peak = peak;
    this.out = out;
    job = row.make().job();
  }

  /**
   * Arguments: those of {@link Plan#child}, the row's id, the number of the process, entries and peers to be left out, the peak of all
   * threads.
   */
  public static void main(String[] args) {
    var plan = Plan.parse(args[0]);
    var row = Cases.all().stream().filter(c -> c.id().equals(args[1])).findFirst().orElseThrow();
    int process = Integer.parseInt(args[2]);
    var out = System.out;
    System.setOut(System.err); // whatever a library prints is not for the one who reads our lines
    try {
      new Measure(row, plan, process, Double.parseDouble(args[4]), out).run(Set.of(args[3].split("\t")));
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      e.printStackTrace();
      out.println(new Line.Missing(row.id(), process, Case.OURS, reason(e)).text());
      System.exit(1);
    }
    System.exit(0);      // threads of peers may not let go
  }

  private void say(Line line) {
    out.println(line.text());
    out.flush();
  }

  private void now(String engine) { say(new Line.Now(row.id(), process, engine)); }

  private void missing(String engine, Throwable e) {
    var why = e instanceof Absent a ? a.why() : Line.Missing.Why.ABSENT;
    say(new Line.Missing(row.id(), process, engine, reason(e), why));
  }

  private static String reason(Throwable e) {
    if (e.getMessage() == null) return e.toString();
    return e instanceof Absent ? e.getMessage() : e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private void run(Set<String> omitted) throws Exception {
    now("");
    double before = row.group().equals("memory") ? Memory.alive() : 0;
    for (int threads = plan.threads(); threads >= 1; threads--) {
      if (omitted.contains(Case.OURS + "//" + threads)) continue;
      boolean compiled = row.group().equals("start");                                     // every unit is a JVM of its own
      entries.add(new Race.Entry(Case.OURS, "", threads, row.ours().of(job, threads), compiled));
      if (row.group().equals("memory")) {
        memory(before, entries.getFirst());
        break;
      }
    }
    for (var r : row.rivals()) {
      if (omitted.contains(r.name())) continue;
      now(r.name());
      for (int threads = plan.threads(); threads >= 1; threads--) {
        if (omitted.contains(r.name() + "//" + threads)) continue;
        entries.add(new Race.Entry(r.name(), "", threads, r.ours().of(job, threads), false));
      }
    }
    if (row.peers()) for (var peer : present(omitted)) enter(peer, omitted);
    agree();
    race();
    allocation();
    now("");
    for (var e : entries) e.contestant.close();
    say(new Line.Done(row.id(), process));
  }

  private void memory(double before, Race.Entry ours) throws Exception {
    for (int i = 0; i < 3; i++) ours.contestant.turn(0, 1, 1);
    figure("bytes", Memory.alive() - before);
    figure("slabs", Memory.slabs(job));
  }

  private void figure(String name, double value) { say(new Line.Figure(row.id(), process, name, Double.toString(value))); }

  /** Those that can do the job. All are loaded before any of them is timed, some of them at the same time. */
  private List<Peer> present(Set<String> omitted) {
    var asked = Peers.of(plan).stream().filter(p -> !omitted.contains(p.name())).toList();
    asked.forEach(Peer::begin);
    var present = new ArrayList<Peer>();
    for (var peer : asked) {
      now(peer.name());
      try {
        if (peer.modes(job).isEmpty()) throw new Absent(peer.why(job));
        if (peer.name().equals("dl4j") && plan.peers().isEmpty() && !row.group().equals("lstm-train")) throw Absent.notAsked(ELSEWHERE);
        say(new Line.Figure(row.id(), process, "version " + peer.name(), peer.version()));
        present.add(peer);
      } catch (Exception | LinkageError | OutOfMemoryError e) {
        missing(peer.name(), e);
      }
    }
    return present;
  }

  private void enter(Peer peer, Set<String> omitted) {
    now(peer.name());
    try {
      Absent without = null;
      for (var mode : peer.modes(job)) {
        try {
          for (int threads = plan.threads(); threads >= 1; threads--) {
            if (omitted.contains(peer.name() + "/" + mode + "/" + threads)) continue;
            entries.add(new Race.Entry(peer.name(), mode, threads, peer.enter(job, mode, threads), true));
          }
        } catch (Absent e) {
          without = e;
        }
      }
      if (without != null && isOut(peer.name())) throw without;
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      missing(peer.name(), e);
      entries.removeIf(x -> x.engine.equals(peer.name()));
    }
  }

  private boolean isOut(String engine) { return entries.stream().noneMatch(e -> e.engine.equals(engine)); }

  /** Each mode of each engine once, and ours with each number of threads, against ours; those that disagree still race. */
  private void agree() throws Exception {
    now("");
    var ours = entries.getFirst();
    ours.contestant.enter();
    var right = ours.contestant.outcome();
    var seen = new LinkedHashMap<String, Boolean>();
    for (var e : List.copyOf(entries)) {
      boolean checked = rival(e) == null || rival(e).check() != Case.Check.NONE;
      boolean mine = e.engine.equals(Case.OURS);
      String key = e.engine + "/" + e.mode + (mine ? e.threads : "");
      if (e == ours || !checked || seen.putIfAbsent(key, true) != null) continue;
      now(mine ? "" : e.engine);
      compare(e, right, mine || rival(e) != null && rival(e).check() == Case.Check.BITS);
    }
  }

  private Case.Rival rival(Race.Entry e) {
    return row.rivals().stream().filter(r -> r.name().equals(e.engine)).findFirst().orElse(null);
  }

  /** @param bits whether nothing less than the same bits will do */
  private void compare(Race.Entry e, Outcome right, boolean bits) {
    try {
      e.contestant.enter();
      var a = Agreement.of(job, right, e.contestant.outcome(), bits);
      boolean agrees = bits ? a.output() == 0 && a.gradient() == 0 : rival(e) != null || a.holds();
      if (rival(e) != null && !bits) figure("distance of " + e.engine, a.output());
      say(new Line.Apart(row.id(), process, e.engine, e.mode, a.output(), a.gradient(), agrees));
    } catch (Absent x) {
      entries.removeIf(o -> o.engine.equals(e.engine) && o.mode.equals(e.mode));
      if (isOut(e.engine)) missing(e.engine, x);
    } catch (Exception | LinkageError | OutOfMemoryError x) {
      missing(e.engine, x);
      entries.removeIf(o -> o.engine.equals(e.engine));
    }
  }

  private void race() {
    plan.race().run(entries, plan.calm(peak), e -> now(e.equals(Case.OURS) ? "" : e), f -> missing(f.entry().engine, f.by()));
    for (var e : entries) {
      var s = e.sample(row.id(), process);
      if (s.rounds().length > 0) say(s);
    }
    figure(DISTURBED, entries.stream().mapToInt(Race.Entry::disturbed).sum());
    figure(TAKEN_AGAIN, entries.stream().mapToInt(Race.Entry::again).sum());
    figure(TURNS, entries.stream().mapToInt(e -> e.sample(row.id(), process).rounds().length).sum());
  }

  /** Bytes of Java's heap that a unit of ours takes in the steady state, over all threads. */
  private void allocation() throws Exception {
    if (row.group().equals("start")) return;
    var threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    Map<Integer, Double> worst = new LinkedHashMap<>();
    for (var e : entries) {
      if (!e.engine.equals(Case.OURS) || !(e.contestant instanceof Contestant.Local ours)) continue;
      long before = threads.getTotalThreadAllocatedBytes();
      int units = 0;
      for (long end = System.nanoTime() + ALLOCATING; units < 1 || units < 1000 && System.nanoTime() < end; units++) ours.step();
      worst.put(e.threads, (threads.getTotalThreadAllocatedBytes() - before) / (double) units);
    }
    for (var w : worst.entrySet()) figure("allocated " + w.getKey(), w.getValue());
  }
}
