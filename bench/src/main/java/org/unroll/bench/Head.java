package org.unroll.bench;

import java.util.ArrayList;
import java.util.List;

/** What a {@link Table} was measured with: its first lines, in text and below the bars. */
final class Head {
  private Head() {}

  /** A name and what it is, in two columns. */
  static List<String> of(Table table) {
    var all = new ArrayList<String>();
    int processors = Runtime.getRuntime().availableProcessors();
    all.add(line("machine", "%s, %d processors; %s", Machine.cpu(), processors, Machine.system()));
    all.add(line("java", "%s", Machine.jvm()));
    if (!table.measured().isEmpty()) all.add(line("measured", "%s", table.measured()));
    table.versions().forEach((name, version) -> all.add(line(name, "%s", version)));
    var unasked = new ArrayList<String>();
    table.unasked().forEach((peer, in) -> unasked.add(in.isEmpty() ? peer : peer + " but in " + String.join(" and ", in)));
    if (!unasked.isEmpty()) all.add(line("not asked", "%s", String.join(", ", unasked)));
    for (int threads = 1; !Double.isNaN(table.limit("peak", threads)); threads++) {
      var levels = new ArrayList<String>();
      for (var level : Machine.LEVELS) levels.add(Numbers.text("%s %.0f", level, table.limit(level, threads) / 1e9));
      String with = threads == 1 ? "1 thread" : threads + " threads";
      all.add(line(threads == 1 ? "limits" : "", "%.0f GF/s of multiply-adds with %s; GB/s read: %s",
          table.limit("peak", threads) / 1e9, with, String.join(", ", levels)));
    }
    if (table.turns() > 0) {
      int whole = table.turns() - table.disturbed();
      all.add(line("calm", "%d of %d turns began and ended with all cores whole; %d were taken again",
          whole, table.turns(), table.again()));
    }
    return all;
  }

  private static String line(String name, String format, Object... args) {
    return Numbers.text("%-14s", name) + Numbers.text(format, args);
  }
}
