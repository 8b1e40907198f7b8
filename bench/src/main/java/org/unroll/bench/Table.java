package org.unroll.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What all processes told, put together. An engine's figure is that of its best mode and number of threads, by the median over
 * processes of each process's median; a ratio is taken within each process, so that both halves saw the same machine.
 *
 * @param rows in the order of {@link Cases}
 * @param limits figures of {@link LimitsProbe} by name, median over processes
 * @param versions ours and those of the peers, by name; several where a run was resumed with another
 * @param processes that measured at least one row
 * @param measured from when to when; empty where no process told
 * @param turns that counted, in all; 0 where no process told
 * @param disturbed those that did not begin and end calm
 * @param again turns that were taken again in their place
 * @param unasked peers that most rows have not asked, and the groups with a row that has
 * @param quick whether a process was one of {@code --quick}; files from before that was kept are taken for full
 */
record Table(List<Row> rows, Map<String, Double> limits, Map<String, String> versions, int processes, String measured,
    int turns, int disturbed, int again, Map<String, Set<String>> unasked, boolean quick) {
  /** What a table of quick turns says of itself. */
  static final String QUICK = "quick: not for publishing";

  /** Figures that tell of a process, not of what it measured. */
  private static final Set<String> ABOUT =
      Set.of(Runner.BEGUN, Runner.TOOK, Runner.PLAN, Measure.TURNS, Measure.DISTURBED, Measure.TAKEN_AGAIN);

  /**
   * One engine in one row.
   *
   * @param times nanoseconds a unit, one a process
   * @param tails 99th percentile, as times
   * @param ratios their time / our time, one a process in which both were measured; empty where they disagree
   * @param refused why there is no ratio though there are times; empty otherwise
   */
  record Entry(String engine, String mode, int threads, double[] times, double[] tails, double[] ratios, double cold,
      double cores, String refused) {
    double time() { return Numbers.median(times); }

    double ratio() { return Numbers.median(ratios); }
  }

  /**
   * @param ours null if it was not measured
   * @param others peers and rivals, best first
   * @param missing reasons by engine
   * @param figures by name, median over processes
   * @param oneThread ours with one thread, nanoseconds; NaN if not measured
   * @param alone rivals with one thread where that is wanted beside their best; no target is about them
   * @param unasked peers that there are, of which nothing is told here
   */
  record Row(Case row, Entry ours, List<Entry> others, Map<String, String> missing, Map<String, Double> figures,
      double oneThread, List<Entry> alone, List<String> unasked) {

    /** Whether any engine disagreed with ours, or ours with itself. */
    boolean disagrees() { return others.stream().anyMatch(e -> !e.refused.isEmpty()) || ours != null && !ours.refused.isEmpty(); }

    /** Operations a second; NaN where nothing counts them. */
    double flops() { return ours == null || row.cost().flops() == 0 ? Double.NaN : row.cost().flops() / ours.time() * 1e9; }
  }

  static Table of(List<Case> cases, List<Line> lines) {
    var rows = new ArrayList<Row>();
    for (var c : cases) {
      var mine = lines.stream().filter(l -> l.id().equals(c.id())).toList();
      if (!mine.isEmpty()) rows.add(row(c, mine));
    }
    var told = new LinkedHashMap<String, Set<String>>();
    for (var l : lines) {
      if (l instanceof Line.Figure f && f.name().startsWith("version ")) {
        told.computeIfAbsent(f.name().substring(8), _ -> new LinkedHashSet<>()).add(f.value());
      }
    }
    var versions = new LinkedHashMap<String, String>();
    told.forEach((name, all) -> versions.put(name, String.join("; ", all)));
    int processes = lines.stream().filter(Line.Done.class::isInstance).mapToInt(Line::process).max().orElse(0);
    var limits = figures(lines.stream().filter(l -> l.id().equals(LimitsProbe.ID)).toList());
    return new Table(rows, limits, versions, processes, measured(lines), sum(lines, Measure.TURNS), sum(lines, Measure.DISTURBED),
        sum(lines, Measure.TAKEN_AGAIN), unasked(rows), quick(lines));
  }

  /** Whether a process of {@code --quick} told one of them. */
  static boolean quick(List<Line> lines) {
    return lines.stream().anyMatch(l -> l instanceof Line.Figure f && f.name().equals(Runner.PLAN) && f.value().equals(Plan.QUICK));
  }

  /** From the earliest to the latest of what {@link Runner} wrote down; lines from before it did so have none. */
  private static String measured(List<Line> lines) {
    var times = lines.stream().filter(l -> l instanceof Line.Figure f && f.name().equals(Runner.BEGUN))
        .map(l -> ((Line.Figure) l).value()).sorted().toList();
    if (times.isEmpty()) return "";
    String first = times.getFirst(), last = times.getLast();
    long done = lines.stream().filter(Line.Done.class::isInstance).count();
    String rest = done > times.size() ? ", the rest at times that were not kept" : "";
    return (first.equals(last) ? first : first + " to " + last) + rest;
  }

  private static int sum(List<Line> lines, String name) {
    return (int) lines.stream().filter(l -> l instanceof Line.Figure f && f.name().equals(name))
        .mapToDouble(l -> ((Line.Figure) l).number()).sum();
  }

  private static Map<String, Set<String>> unasked(List<Row> rows) {
    var all = new LinkedHashMap<String, Set<String>>();
    for (var peer : Peers.names()) {
      var asked = rows.stream().filter(r -> r.row.peers() && !r.unasked.contains(peer)).toList();
      long not = rows.stream().filter(r -> r.unasked.contains(peer)).count();
      var groups = asked.stream().map(r -> r.row.group()).collect(Collectors.toCollection(LinkedHashSet::new));
      if (not > asked.size()) all.put(peer, groups);
    }
    return all;
  }

  /** Peers that the row has not asked, but for those of which {@link #unasked()} tells it. */
  List<String> unasked(Row r) {
    return r.unasked.stream().filter(p -> !unasked.containsKey(p) || unasked.get(p).contains(r.row.group())).toList();
  }

  /** Medians over processes of what was found beside times; not what only tells how a process went. */
  private static Map<String, Double> figures(List<Line> lines) {
    return lines.stream().filter(Line.Figure.class::isInstance).map(Line.Figure.class::cast)
        .filter(f -> !f.name().startsWith("version ") && !ABOUT.contains(f.name()))
        .collect(Collectors.groupingBy(Line.Figure::name, LinkedHashMap::new, Collectors.collectingAndThen(Collectors.toList(), all ->
             Numbers.median(all.stream().mapToDouble(Line.Figure::number).toArray()))));
  }

  private static Row row(Case c, List<Line> lines) {
    var samples = lines.stream().filter(Line.Sample.class::isInstance).map(Line.Sample.class::cast).toList();
    var engines = new LinkedHashSet<String>();
    for (var s : samples) engines.add(s.engine());
    var ours = engines.remove(Case.OURS) ? best(samples, Case.OURS) : List.<Line.Sample>of();
    var others = new ArrayList<Entry>();
    String apart = refused(lines, Case.OURS);
    for (var engine : engines) others.add(entry(best(samples, engine), ours, apart + refused(lines, engine), cold(samples, engine)));
    others.sort((a, b) -> Double.compare(a.time(), b.time()));
    var missing = new LinkedHashMap<String, String>();
    for (var l : lines) if (l instanceof Line.Missing m && !engines.contains(m.engine())) missing.put(m.engine(), m.reason());
    if (!ours.isEmpty()) missing.remove(Case.OURS);
    var mine = ours.isEmpty() ? null : entry(ours, List.of(), apart, cold(samples, Case.OURS));
    var alone = new ArrayList<Entry>();
    for (var e : others) {
      var one = oneThread(samples, e.engine);
      if (e.threads == 1 || one.isEmpty() || !c.wantsOneThread(e.engine)) continue;
      alone.add(entry(one, ours, apart + refused(lines, e.engine), cold(one, e.engine)));
    }
    var unasked = Peers.names().stream().filter(p -> c.peers() && !engines.contains(p) && !missing.containsKey(p)).toList();
    return new Row(c, mine, others, missing, figures(lines), median(oneThread(samples, Case.OURS)), alone, unasked);
  }

  private static List<Line.Sample> oneThread(List<Line.Sample> samples, String engine) {
    return samples.stream().filter(s -> s.engine().equals(engine) && s.threads() == 1).toList();
  }

  /** The samples of an engine's best entry among those that most processes measured. */
  private static List<Line.Sample> best(List<Line.Sample> samples, String engine) {
    var entries = samples.stream().filter(s -> s.engine().equals(engine))
        .collect(Collectors.groupingBy(Line.Sample::entry)).values();
    int most = entries.stream().mapToInt(List::size).max().orElseThrow();
    return entries.stream().filter(e -> e.size() == most)
        .min((a, b) -> Double.compare(median(a), median(b))).orElseThrow();
  }

  private static double median(List<Line.Sample> samples) { return Numbers.median(all(samples, Line.Sample::median)); }

  /** The first call of the engine in a process is the longest of its entries' first calls. */
  private static double cold(List<Line.Sample> samples, String engine) {
    var longest = samples.stream().filter(s -> s.engine().equals(engine))
        .collect(Collectors.groupingBy(Line.Sample::process, Collectors.reducing(0.0, Line.Sample::cold, Math::max)));
    return Numbers.median(longest.values().stream().mapToDouble(c -> c).toArray());
  }

  private static Entry entry(List<Line.Sample> theirs, List<Line.Sample> ours, String refused, double cold) {
    var s = theirs.getFirst();
    var ratios = new ArrayList<Double>();
    for (var a : theirs) for (var b : ours) if (a.process() == b.process()) ratios.add(a.median() / b.median());
    return new Entry(s.engine(), s.mode(), s.threads(), all(theirs, Line.Sample::median), all(theirs, Line.Sample::tail),
        refused.isEmpty() ? ratios.stream().mapToDouble(r -> r).toArray() : new double[0],
        cold, Numbers.median(all(theirs, Line.Sample::cores)), refused);
  }

  private static double[] all(List<Line.Sample> samples, ToDoubleFunction<Line.Sample> of) {
    return samples.stream().mapToDouble(of).toArray();
  }

  /** Why the engine's ratio is not printed; empty if it may be. */
  private static String refused(List<Line> lines, String engine) {
    for (var l : lines) {
      if (l instanceof Line.Apart a && a.engine().equals(engine) && !a.agrees()) {
        return Numbers.text("disagrees: outputs %.1e apart, gradients %.1e", a.output(), a.gradient());
      }
    }
    return "";
  }

  /** Our share of the machine's peak with as many threads; NaN where it cannot be told. */
  double share(Row r) { return r.ours == null ? Double.NaN : r.flops() / limit("peak", r.ours.threads); }

  /** Our share of the read bandwidth of the level where the weights stand; NaN where it says nothing. */
  double bandwidth(Row r) {
    double bytes = r.row.cost().bytes();
    if (r.ours == null || bytes == 0) return Double.NaN;
    return bytes / r.ours.time() * 1e9 / limit(level(r), r.ours.threads);
  }

  /** Name of that level. */
  String level(Row r) { return Machine.LEVELS.get(Machine.levelOf(r.row.cost().bytes(), r.ours.threads)); }

  /** NaN if it was not measured. */
  double limit(String name, int threads) { return limits.getOrDefault(name + " " + threads, Double.NaN); }

  /** Of the row's target: {@link Target#verdict}. A row that disagrees has not met it. */
  String verdict(Row r) {
    if (r.row.target().demands().isEmpty()) return "";
    if (r.ours == null || !r.ours.refused.isEmpty()) return "open";
    return r.row.target().verdict(d -> reached(r, d), share(r));
  }

  private double reached(Row r, Target.Demand d) {
    return switch (d.what()) {
      case RATIO -> r.others.stream().filter(e -> d.of() == null ? !e.engine.equals("dl4j") : e.engine.equals(d.of()))
          .mapToDouble(Entry::ratio).filter(x -> !Double.isNaN(x)).min().orElse(Double.NaN);
      case SHARE -> share(r);
      case BANDWIDTH -> bandwidth(r);
      case SECONDS -> r.ours.time() / 1e9;
      case MEMORY -> r.figures.getOrDefault("bytes", Double.NaN) / r.figures.getOrDefault("slabs", Double.NaN);
      case LINEAR -> linear(r);
    };
  }

  /** Time a token beside that of the first row of the group with as many rows of a batch. */
  double linear(Row r) {
    String rows = r.row.shape().split(" ")[1];
    for (var o : this.rows) {
      if (o.ours == null || !o.row.group().equals(r.row.group()) || !o.row.shape().split(" ")[1].equals(rows)) continue;
      return r.ours.time() / r.row.cost().tokens() / (o.ours.time() / o.row.cost().tokens());
    }
    return Double.NaN;
  }
}
