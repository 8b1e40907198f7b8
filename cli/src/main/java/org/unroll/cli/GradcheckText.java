package org.unroll.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.unroll.check.GradCheck.Against;
import org.unroll.check.GradCheck.Row;
import org.unroll.check.ModelCheck.Extent;
import org.unroll.check.ModelCheck.Part;
import org.unroll.head.Head;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.tasks.run.Summary;

/**
 * What {@code unroll gradcheck} prints: how a network was taken, and a row for each tensor with its worst element. The second
 * part, the same network with another loss, has its rows where one fails and with {@code -v}; {@code -q} leaves out all that pass.
 *
 * @param own whether the weights are a model's own
 */
record GradcheckText(Talk talk, Spec spec, boolean own) {

  void tell(Part part, boolean first) {
    if (talk.flags().json) {
      talk.json(object(part));
      return;
    }
    var report = part.report();
    var worst = report.nearest();
    var key = first ? "gradcheck.head" : "gradcheck.also";
    talk.data((report.passed() ? "✔ " : "✖ ")
        + talk.text(key, Summary.of(spec), how(part), error(worst), worst.tolerance(), worst.tensor()));
    boolean rows = !report.passed() || (first ? !talk.flags().quiet : talk.flags().verbosity() > 0);
    if (!rows) return;
    if (first) taken(part.extent());
    table(report.against() == Against.REFERENCE ? "gradcheck.reference" : "gradcheck.slopes", report.rows(), report.tolerance());
    if (!report.samples().isEmpty()) table("gradcheck.samples", report.samples(), report.samples().getFirst().tolerance());
  }

  private String how(Part part) {
    var loss = part.at() == null ? "gradcheck.sequences" : part.at() == Head.At.EVERY_STEP ? "gradcheck.every" : "gradcheck.last";
    if (Network.build(spec).body().parts() == 0) return talk.text(loss);
    return talk.text("gradcheck.how", talk.text(loss), talk.text(part.zeros() ? "gradcheck.zeros" : "gradcheck.states"));
  }

  private void taken(Extent e) {
    var lengths = e.lengths().stream().map(String::valueOf).collect(Collectors.joining(", "));
    talk.data("  " + talk.text(own ? "gradcheck.own" : "gradcheck.random", lengths));
    if (e.cut()) talk.data("  " + talk.text("gradcheck.cut", e.products(), e.samples()));
  }

  private void table(String title, List<Row> rows, double tolerance) {
    talk.data("  " + talk.text(title, tolerance));
    talk.data(line(talk.text("gradcheck.tensor"), talk.text("gradcheck.elements"), talk.text("gradcheck.error"),
        talk.text("gradcheck.worst"), talk.text("gradcheck.got"), talk.text("gradcheck.want"), ""));
    for (var r : rows) talk.data(row(r, tolerance));
  }

  private String row(Row r, double tolerance) {
    var count = r.entries() == r.size() ? "" + r.size() : talk.text("gradcheck.some", r.entries(), r.size());
    var notes = (r.crossed() > 0 ? "  " + talk.text("gradcheck.kink", r.crossed()) : "")
        + (r.tolerance() > tolerance ? "  " + talk.text("gradcheck.bar", r.tolerance()) : "") + (r.passed() ? "" : "  ✖");
    if (r.entries() == 0) return line(r.tensor(), count, "-", "-", "-", "-", notes);
    return line(r.tensor(), count, error(r), r.place(), number("%+.8g", r.got()), number("%+.8g", r.want()),
        notes);
  }

  /** Of a difference in float: two slopes that are not equal, and no further apart than the loss is rounded. */
  private static boolean rounded(Row r) { return r.error() == 0 && r.got() != r.want(); }

  private String error(Row r) { return rounded(r) ? talk.text("gradcheck.rounded") : number("%.1e", r.error()); }

  private static String number(String format, double v) { return String.format(Locale.ROOT, format, v); }

  private static String line(String tensor, String count, String error, String worst, String got, String want, String notes) {
    var line = "  " + Width.pad(tensor, 20) + left(count, 14) + left(error, 16) + "  " + Width.pad(worst, 14);
    return (line + left(got, 15) + left(want, 16) + notes).stripTrailing();
  }

  private static String left(String text, int width) { return " ".repeat(Math.max(1, width - Width.of(text))) + text; }

  private Map<String, Object> object(Part part) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("network", Summary.of(spec));
    o.put("weights", own ? "own" : "random");
    o.put("loss", part.at() == null ? "sequences" : part.at().name().toLowerCase(Locale.ROOT));
    o.put("states", part.zeros() ? "zeros" : "random");
    o.put("lengths", part.extent().lengths());
    o.put("products", part.extent().products());
    o.put("against", part.report().against().name().toLowerCase(Locale.ROOT));
    o.put("tolerance", part.report().tolerance());
    o.put("worst", part.report().worst());
    o.put("passed", part.report().passed());
    o.put("tensors", part.report().rows().stream().map(GradcheckText::object).toList());
    o.put("samples", part.report().samples().stream().map(GradcheckText::object).toList());
    return o;
  }

  private static Map<String, Object> object(Row r) {
    var o = new LinkedHashMap<String, Object>();
    o.put("tensor", r.tensor());
    o.put("entries", r.entries());
    o.put("of", r.size());
    o.put("at_a_kink", r.crossed());
    o.put("error", r.error());
    o.put("within_rounding", rounded(r));
    o.put("tolerance", r.tolerance());
    o.put("place", r.place());
    o.put("got", r.got());
    o.put("want", r.want());
    return o;
  }
}
