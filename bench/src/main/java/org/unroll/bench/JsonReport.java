package org.unroll.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.file.Json;

/** A {@link Table} for programs. What is not known is null. Times are nanoseconds a unit. */
final class JsonReport {
  private JsonReport() {}

  static String of(Table table) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("machine", Machine.cpu());
    o.put("processors", Runtime.getRuntime().availableProcessors());
    o.put("system", Machine.system());
    o.put("java", Machine.jvm());
    o.put("plan", table.quick() ? Plan.QUICK : "full");
    o.put("measured", table.measured());
    o.put("versions", table.versions());
    o.put("limits", numbers(table.limits()));
    o.put("processes", table.processes());
    o.put("turns", table.turns());
    o.put("turns_disturbed", table.disturbed());
    o.put("turns_taken_again", table.again());
    o.put("not_asked", table.unasked().keySet().stream().toList());
    o.put("rows", table.rows().stream().map(r -> row(table, r)).toList());
    return Json.pretty(o);
  }

  private static Map<String, Object> row(Table table, Table.Row r) {
    var o = new LinkedHashMap<String, Object>();
    o.put("case", r.row().group());
    o.put("shape", r.row().shape());
    o.put("target", r.row().target().toString());
    o.put("verdict", table.verdict(r));
    o.put("unroll", r.ours() == null ? null : entry(r.ours()));
    o.put("one_thread", number(r.oneThread()));
    o.put("gflops", number(r.flops() / 1e9));
    o.put("share_of_peak", number(table.share(r)));
    o.put("share_of_bandwidth", number(table.bandwidth(r)));
    o.put("figures", numbers(r.figures()));
    o.put("peers", r.others().stream().map(JsonReport::entry).toList());
    o.put("peers_one_thread", r.alone().stream().map(JsonReport::entry).toList());
    o.put("missing", r.missing());
    o.put("not_asked", r.unasked());
    return o;
  }

  private static Map<String, Object> entry(Table.Entry e) {
    var o = new LinkedHashMap<String, Object>();
    o.put("engine", e.engine());
    o.put("mode", e.mode());
    o.put("threads", e.threads());
    o.put("median", number(e.time()));
    o.put("processes", list(e.times()));
    o.put("p99", number(Numbers.median(e.tails())));
    o.put("ratio", number(e.ratio()));
    o.put("ratios", list(e.ratios()));
    o.put("cold", number(e.cold()));
    o.put("cores", number(e.cores()));
    if (!e.refused().isEmpty()) o.put("refused", e.refused());
    return o;
  }

  private static Map<String, Object> numbers(Map<String, Double> of) {
    var o = new LinkedHashMap<String, Object>();
    of.forEach((name, v) -> o.put(name, number(v)));
    return o;
  }

  private static Object number(double v) { return Double.isFinite(v) ? v : null; }

  private static List<Object> list(double[] v) { return new ArrayList<>(Arrays.stream(v).mapToObj(JsonReport::number).toList()); }
}
