package org.unroll.bench;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a further process need not measure again, by what those before it have told. An entry or an engine is judged by its fastest
 * round: whatever disturbs a round makes it slower, so one that was only disturbed is not taken for slow. One that is missing is not
 * asked again, but if it stopped the process: then it is asked once more.
 */
final class Again {
  /** An entry that is this much slower than its engine's best is not measured again. */
  static final double BEATEN = 1.1;
  /** So is a peer that is this much slower than the best one, if no target names it. */
  static final double BEHIND = 1.4;
  /** One that a target names is, though, where its ratio is so many times above or below what is asked for. */
  static final double CERTAIN = 1.5;

  private final Case row;
  private final Map<String, Double> entries = new LinkedHashMap<>(), best = new HashMap<>();

  private Again(Case row) { this.row = row; }

  /** Engines that {@code row} is to be measured without, and entries of engines that have a better one. */
  static Set<String> omitted(Case row, List<Line> lines, Plan plan) {
    var again = new Again(row);
    var omitted = new LinkedHashSet<String>();
    var stopped = new LinkedHashSet<String>();
    for (var line : lines) {
      if (!line.id().equals(row.id())) continue;
      if (line instanceof Line.Missing m && !m.engine().equals(Case.OURS)
          && !(m.why() == Line.Missing.Why.NOT_ASKED && plan.peers().contains(m.engine()))
          && !(m.why() == Line.Missing.Why.STOPPED && stopped.add(m.engine()))) omitted.add(m.engine());
      if (line instanceof Line.Sample s && s.threads() <= plan.threads()) again.take(s);
    }
    again.beaten(omitted);
    again.behind(omitted);
    return omitted;
  }

  private void take(Line.Sample s) {
    entries.merge(s.entry(), s.fastest(), Math::min);
    best.merge(s.engine(), s.fastest(), Math::min);
  }

  private void beaten(Set<String> omitted) {
    entries.forEach((entry, time) -> {
      String engine = entry.substring(0, entry.indexOf('/'));
      boolean kept = entry.endsWith("/1") && row.wantsOneThread(engine);
      if (!kept && time > BEATEN * best.get(engine)) omitted.add(entry);
    });
  }

  private void behind(Set<String> omitted) {
    double first = best.entrySet().stream().filter(e -> !row.isOurs(e.getKey())).mapToDouble(Map.Entry::getValue).min().orElse(0);
    best.forEach((engine, time) -> {
      if (!row.isOurs(engine) && time > BEHIND * first && !inQuestion(engine, time)) omitted.add(engine);
    });
  }

  /** Whether the target names the engine, and a further process could turn the verdict. */
  private boolean inQuestion(String engine, double time) {
    Double ours = best.get(Case.OURS);
    return row.target().demands().stream().anyMatch(d -> engine.equals(d.of()) && (ours == null
        || time / ours > d.bound() / CERTAIN && time / ours < d.bound() * CERTAIN));
  }
}
