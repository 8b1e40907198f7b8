package org.unroll.bench;

import java.util.Arrays;

/** Training of one layer with one thread and with two: what the second gains, and what more would. */
final class Scaling {
  /** Of two threads, from 256 units on. */
  static final double WANTED = 1.85;
  private static final int[] MORE = {16, 64};
  /** Seconds from one core's writing to another's seeing it; usual within one processor. */
  private static final double HOP = 60e-9;

  private final Table table;
  private final StringBuilder s = new StringBuilder();

  private Scaling(Table table) { this.table = table; }

  /** The part of the table; empty where no row tells. */
  static String of(Table table) {
    var rows = table.rows().stream().filter(Scaling::tells).toList();
    if (rows.isEmpty()) return "";
    var all = new Scaling(table);
    all.line("scaling                                 target ≥ %.2f× from 256 units on", WANTED);
    rows.forEach(all::row);
    all.line("");
    all.line("more cores, computed as docs/performance.md tells: the pessimist's figure and the optimist's");
    rows.forEach(all::more);
    return all.s.append('\n').toString();
  }

  /** Measured with one thread and with two, the two faster. */
  private static boolean tells(Table.Row r) {
    return r.row().group().endsWith("-train") && r.ours() != null && r.ours().threads() == 2 && !Double.isNaN(r.oneThread());
  }

  private void line(String format, Object... args) { s.append(Numbers.text(format, args)).append('\n'); }

  private void row(Table.Row r) {
    double factor = r.oneThread() / r.ours().time();
    String verdict = shape(r).H() < 256 ? "" : factor >= WANTED ? ": met" : ": missed";
    line("  %-38s1 → 2 threads: %s → %s, %s×%s", r.row().id(), Numbers.time(r.oneThread()), Numbers.time(r.ours().time()),
        Numbers.digits(factor, WANTED), verdict);
  }

  private static ManyCores.Shape shape(Table.Row r) {
    int[] n = Arrays.stream(r.row().shape().replaceAll("[A-Z]", "").split(" ")).mapToInt(Integer::parseInt).toArray();
    int gates = r.row().group().startsWith("lstm") ? 4 : r.row().group().startsWith("gru") ? 3 : 1;
    return new ManyCores.Shape(n[0], n[1], n[2], n[3], gates);
  }

  private void more(Table.Row r) {
    double far = table.limit("L3", 1), chip = Double.isNaN(table.limit("L3", 2)) ? 2 * far : table.limit("L3", 2);
    var cores = new ManyCores.Cores(Machine.cache(2), table.limit("L2", 1), far, chip, HOP);
    var m = new ManyCores(shape(r), cores, r.oneThread() / 1e9, r.ours().time() / 1e9);
    var parts = new StringBuilder();
    for (int n : MORE) {
      var l = m.best(n);
      double least = m.one() / m.pessimist(l), most = m.one() / m.optimist(l);
      parts.append(Numbers.text("  %d: %.1f× – %.1f× (%d groups of %d)", n, least, most, l.groups(), l.parts()));
    }
    line("  %-38s%s", r.row().id(), parts.toString().strip());
  }
}
