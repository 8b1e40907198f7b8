package org.unroll.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.bench.Target.What;

/** A {@link Table} for people. */
final class TextReport {
  private static final int NAME = 40;
  private static final double[] NONE = {};

  private final Table table;
  private final StringBuilder s = new StringBuilder();

  private TextReport(Table table) { this.table = table; }

  static String of(Table table) {
    var r = new TextReport(table);
    r.head();
    table.rows().forEach(r::row);
    String scaling = Scaling.of(table);
    if (!scaling.isEmpty()) r.s.append('\n').append(scaling.stripTrailing()).append('\n');
    r.sum();
    return r.s.toString();
  }

  private void line(String format, Object... args) { s.append(Numbers.text(format, args).stripTrailing()).append('\n'); }

  private void head() {
    Circumstances.of(table).forEach(c -> line("%-14s%s", c.name(), c.what()));
    line("processes     %d; a time is the median over them of the median of each, in brackets the lowest and the highest of these",
        table.processes());
    line("              ratio: the other's time divided by ours in the same process; cold: the first call in a process, of several");
    line("              ways the longest; cores: busy on the average; allocated: by one call of ours; open: what a target asks for");
    line("              could not be measured");
  }

  private void row(Table.Row r) {
    line("");
    String target = r.row().target().toString(), verdict = table.verdict(r);
    line("%-" + NAME + "s%s", r.row().id(), target.isEmpty() ? "" : "target " + target + ": " + verdict);
    if (r.ours() != null) entry(r.ours(), "", edges(r, What.SECONDS, Case.OURS), ours(r));
    for (var e : r.others()) entry(e, "", NONE, theirs(r, e) + distance(r, e));
    for (var e : r.alone()) entry(e, ", 1 thread", NONE, theirs(r, e));
    r.missing().forEach((engine, reason) -> line("  %-" + (NAME - 2) + "s–  %s", engine, reason));
    var unasked = table.unasked(r);
    if (!unasked.isEmpty()) line("  %-" + (NAME - 2) + "s–  not asked", String.join(", ", unasked));
  }

  /** @param more of its name @param edges of its time, seconds @param told what comes after its times */
  private void entry(Table.Entry e, String more, double[] edges, String told) {
    line("  %-" + (NAME - 2) + "s%d thr  %9s  %-21s%s", (e.engine() + " " + e.mode()).strip() + more, e.threads(),
        Numbers.time(e.time(), Arrays.stream(edges).map(s -> s * 1e9).toArray()), range(e.times()), told);
  }

  private static double[] edges(Table.Row r, What what, String engine) { return r.row().target().edges(what, engine); }

  private static String range(double[] times) {
    return "(" + Numbers.time(Numbers.least(times)) + " – " + Numbers.time(Numbers.most(times)) + ")";
  }

  private String theirs(Table.Row r, Table.Entry e) {
    String ratio = e.refused();
    if (ratio.isEmpty()) {
      String exact = Numbers.digits(e.ratio(), edges(r, What.RATIO, e.engine()));
      ratio = Numbers.text("%s× (%s – %s)", exact, Numbers.digits(Numbers.least(e.ratios())), Numbers.digits(Numbers.most(e.ratios())));
    }
    return Numbers.text("%-22s  %s%s%s", ratio, tail(r, e), cold(e), fewer(e));
  }

  private static String tail(Table.Row r, Table.Entry e) {
    return r.row().group().equals("stream") ? "p99 " + Numbers.time(Numbers.median(e.tails())) + ", " : "";
  }

  /** How many processes measured it, if not all. */
  private String fewer(Table.Entry e) {
    int some = e.times().length;
    return some < table.processes() ? ", " + some + (some == 1 ? " process" : " processes") : "";
  }

  /** Of processes that come and go, as those of a start, the system does not tell the processor time. */
  private static String cold(Table.Entry e) {
    return "cold " + Numbers.time(e.cold()) + (e.cores() > 0.05 ? Numbers.text(", %.1f cores", e.cores()) : "");
  }

  private static String distance(Table.Row r, Table.Entry e) {
    double d = r.figures().getOrDefault("distance of " + e.engine(), Double.NaN);
    return Double.isNaN(d) ? "" : Numbers.text(", outputs %.1e apart", d);
  }

  private String ours(Table.Row r) {
    var parts = new ArrayList<String>();
    if (!Double.isNaN(r.flops())) {
      String share = Numbers.percent(table.share(r), edges(r, What.SHARE, Case.OURS));
      parts.add(Numbers.text("%.0f GF/s, %s of peak", r.flops() / 1e9, share));
    }
    if (!Double.isNaN(table.bandwidth(r))) {
      double rate = r.row().cost().bytes() / r.ours().time();
      String share = Numbers.percent(table.bandwidth(r), edges(r, What.BANDWIDTH, Case.OURS));
      parts.add(Numbers.text("%.0f GB/s, %s of %s", rate, share, table.level(r)));
    }
    double tokens = r.row().cost().tokens() / r.ours().time() * 1e9;
    if (r.row().group().equals("ragged")) parts.add(Numbers.text("%.0f tokens/s", tokens));
    double[] linear = edges(r, What.LINEAR, Case.OURS);
    if (linear.length > 0) parts.add(Numbers.digits(table.linear(r), linear) + "× a step of the shortest");
    if (r.figures().containsKey("slabs")) {
      double bytes = r.figures().get("bytes"), slabs = r.figures().get("slabs");
      String times = Numbers.digits(bytes / slabs, edges(r, What.MEMORY, Case.OURS));
      parts.add(Numbers.text("%.0f MB held, %.0f MB by hand: %s×", bytes / 1e6, slabs / 1e6, times));
    }
    parts.add(tail(r, r.ours()) + cold(r.ours()) + fewer(r.ours()));
    double allocated = r.figures().getOrDefault("allocated " + r.ours().threads(), Double.NaN);
    if (!Double.isNaN(allocated)) parts.add(Numbers.text("%.1f KB allocated", allocated / 1000));
    if (!r.ours().refused().isEmpty()) parts.add(r.ours().refused());
    return String.join(", ", parts);
  }

  private void sum() {
    var verdicts = table.rows().stream().map(table::verdict).filter(v -> !v.isEmpty()).toList();
    line("");
    line("targets       %d met, %d missed, %d open", count(verdicts, "met"), count(verdicts, "missed"), count(verdicts, "open"));
    var wrong = table.rows().stream().filter(Table.Row::disagrees).map(r -> r.row().id()).toList();
    if (!wrong.isEmpty()) line("disagree      %s", String.join("; ", wrong));
    failed(table).forEach((id, reason) -> line("failed        %s: %s", id, reason));
  }

  /** Rows that we could not measure ourselves, and why. */
  static Map<String, String> failed(Table table) {
    var all = new LinkedHashMap<String, String>();
    for (var r : table.rows()) if (r.ours() == null) all.put(r.row().id(), r.missing().getOrDefault(Case.OURS, "not measured"));
    return all;
  }

  private static int count(List<String> all, String wanted) { return Collections.frequency(all, wanted); }
}
