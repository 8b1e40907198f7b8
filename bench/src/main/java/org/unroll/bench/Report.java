package org.unroll.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * What several processes measured, put together. An engine's figure is that of its better number of threads, chosen by the
 * median over processes of each process's median; a ratio is taken within each process, so that both halves saw the same machine.
 */
record Report(List<Row> rows, List<List<Sample>> processes) {
  private static final String OURS = "unroll";

  /**
   * One engine on one shape.
   *
   * @param times nanoseconds a step, one a process
   * @param ratios their time / our time, one a process
   */
  record Row(String task, String shape, String engine, int threads, double[] times, double[] ratios, double cold) {}

  static Report of(List<List<Sample>> processes) {
    var rows = new ArrayList<Row>();
    var cases = new LinkedHashSet<String>();
    for (var s : processes.getFirst()) cases.add(s.task() + "\t" + s.shape());
    for (var c : cases) {
      String task = c.split("\t")[0], shape = c.split("\t")[1];
      var engines = new LinkedHashSet<String>();
      for (var s : processes.getFirst()) if (s.task().equals(task) && s.shape().equals(shape)) engines.add(s.engine());
      double[] ours = best(processes, task, shape, OURS).times;
      for (var engine : engines) {
        var row = best(processes, task, shape, engine);
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) ratios[i] = row.times[i] / ours[i];
        rows.add(new Row(task, shape, engine, row.threads, row.times, ratios, row.cold));
      }
    }
    return new Report(rows, processes);
  }

  private static Row best(List<List<Sample>> processes, String task, String shape, String engine) {
    Row best = null;
    for (var s : processes.getFirst()) {
      if (!s.task().equals(task) || !s.shape().equals(shape) || !s.engine().equals(engine)) continue;
      var all = new ArrayList<Sample>();
      for (var p : processes) {
        for (var o : p) {
          if (o.task().equals(task) && o.shape().equals(shape) && o.engine().equals(engine) && o.threads() == s.threads()) all.add(o);
        }
      }
      double[] times = all.stream().mapToDouble(Sample::median).toArray();
      double cold = Sample.median(all.stream().mapToDouble(Sample::cold).toArray());
      if (best == null || Sample.median(times) < Sample.median(best.times)) {
        best = new Row(task, shape, engine, s.threads(), times, null, cold);
      }
    }
    return best;
  }

  /** For people. Times are µs a step, median over processes and range; so are ratios. */
  String table(String peer) {
    var s = new StringBuilder(line("%s; %s; %d processes%n", peer, jvm(), processes.size()));
    s.append(line("%-7s%-20s%-14s%8s%12s%24s%9s%16s%12s%n", "task", "shape", "engine", "threads", "µs/step", "range", "ratio", "range", "cold µs"));
    for (var r : rows) {
      boolean ours = r.engine.equals(OURS);
      s.append(line("%-7s%-20s%-14s%8d%12.1f%24s%9s%16s%12.0f%n", r.task, r.shape, r.engine, r.threads, Sample.median(r.times) / 1e3,
          range(r.times, 1e3, 1), ours ? "" : line("%.2f×", Sample.median(r.ratios)), ours ? "" : range(r.ratios, 1, 2), r.cold / 1e3));
    }
    return s.toString();
  }

  /** For programs: the rows, then every round of every process. */
  String json(String peer) {
    var s = new StringBuilder(line("{\"peer\": \"%s\",%n \"jvm\": \"%s\",%n \"rows\": [", peer, jvm()));
    String comma = "";
    for (var r : rows) {
      s.append(line("%s%n  {\"task\": \"%s\", \"shape\": \"%s\", \"engine\": \"%s\", \"threads\": %d, \"ns\": %.0f, \"ratio\": %.4f, \"cold\": %.0f}",
          comma, r.task, r.shape, r.engine, r.threads, Sample.median(r.times), Sample.median(r.ratios), r.cold));
      comma = ",";
    }
    s.append("],\n \"samples\": [");
    comma = "";
    for (int i = 0; i < processes.size(); i++) {
      for (var m : processes.get(i)) {
        s.append(line("%s%n  {\"process\": %d, \"task\": \"%s\", \"shape\": \"%s\", \"engine\": \"%s\", \"threads\": %d, \"ns\": %s}",
            comma, i, m.task(), m.shape(), m.engine(), m.threads(), Arrays.toString(m.rounds())));
        comma = ",";
      }
    }
    return s.append("]}\n").toString();
  }

  private static String jvm() { return System.getProperty("java.vm.name") + " " + Runtime.version(); }

  private static String range(double[] v, double unit, int digits) {
    double min = Double.MAX_VALUE, max = 0;
    for (double x : v) {
      min = Math.min(min, x);
      max = Math.max(max, x);
    }
    String f = "%." + digits + "f";
    return line(f + " – " + f, min / unit, max / unit);
  }

  private static String line(String format, Object... args) { return String.format(Locale.ROOT, format, args); }
}
