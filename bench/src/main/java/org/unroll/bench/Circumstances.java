package org.unroll.bench;

import java.util.ArrayList;
import java.util.List;

/** What a {@link Table} was measured with: its first lines in text, and what stands below the bars. */
final class Circumstances {
  private Circumstances() {}

  /** One of them; the second line of the limits has no name. */
  record Told(String name, String what) {}

  static List<Told> of(Table table) {
    var all = new ArrayList<Told>();
    if (table.quick()) all.add(told("plan", "%s", Table.QUICK));
    int processors = Runtime.getRuntime().availableProcessors();
    all.add(told("machine", "%s, %d processors; %s", Machine.cpu(), processors, Machine.system()));
    all.add(told("java", "%s", Machine.jvm()));
    if (!table.measured().isEmpty()) all.add(told("measured", "%s", table.measured()));
    table.versions().forEach((name, version) -> all.add(told(name, "%s", version)));
    var unasked = new ArrayList<String>();
    table.unasked().forEach((peer, in) -> unasked.add(in.isEmpty() ? peer : peer + " but in " + String.join(" and ", in)));
    if (!unasked.isEmpty()) all.add(told("not asked", "%s", String.join(", ", unasked)));
    for (int threads = 1; !Double.isNaN(table.limit("peak", threads)); threads++) {
      var levels = new ArrayList<String>();
      for (var level : Machine.LEVELS) levels.add(Numbers.text("%s %.0f", level, table.limit(level, threads) / 1e9));
      String with = threads == 1 ? "1 thread" : threads + " threads";
      all.add(told(threads == 1 ? "limits" : "", "%.0f GF/s of multiply-adds with %s; GB/s read: %s",
          table.limit("peak", threads) / 1e9, with, String.join(", ", levels)));
    }
    if (table.turns() > 0) {
      int whole = table.turns() - table.disturbed();
      all.add(told("calm", "%d of %d turns began and ended with all cores whole; %d were taken again",
          whole, table.turns(), table.again()));
    }
    return all;
  }

  private static Told told(String name, String format, Object... args) { return new Told(name, Numbers.text(format, args)); }
}
