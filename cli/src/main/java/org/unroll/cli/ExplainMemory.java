package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.unroll.look.Gates;
import org.unroll.look.MatrixTrace;
import org.unroll.look.MemoryTrace;
import org.unroll.look.Unfolded;
import org.unroll.look.Walk;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll explain memory}: a gated memory as a sum over its past. */
@Command(name = "memory")
final class ExplainMemory implements Callable<Integer> {
  private static final int MOST = 400, NUMBERS = 9, DRAWN = 80;

  private final Talk talk;

  @Mixin
  ExplainFlags flags = new ExplainFlags();

  @Option(names = "--neuron", paramLabel = "N")
  Integer unit;

  @Option(names = "--state", paramLabel = "NAME")
  String state;

  ExplainMemory(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    flags.check(talk);
    var subject = flags.subject(MOST, talk);
    var r = subject.reading();
    var walk = r.walk(flags.layer(r));
    if (state != null) walk.slot(state);
    var trace = Unfolded.of(walk);
    if (state != null && !state.equals(trace.slot())) {
      throw Main.usage("--state is %s, must be %s", state, trace.slot())
          .because("%s carries its memory in %s: %s", walk.cell(), trace.slot(), trace.equations().getFirst());
    }
    int u = unit == null ? new Gates(walk).mostSelective(1).getFirst() : walk.unit(unit);
    var check = trace.check();
    var sheet = sheet(subject, trace, u, labels(subject, walk), check);
    var head = List.of("layer", "unit", "t", "i", "symbol_t", "symbol_i", "weight", "contribution");
    return flags.write(new Explained(sheet, json(subject, trace, u, check), head, rows(subject, trace, u)), talk);
  }

  /** In the order of the walk. */
  private static List<String> labels(Subject subject, Walk w) {
    return IntStream.range(0, w.steps()).mapToObj(i -> subject.labels().get(w.time(i))).toList();
  }

  private Sheet sheet(Subject subject, Unfolded trace, int u, List<String> labels, Unfolded.Check check) {
    var w = trace.walk();
    var matrix = trace instanceof MatrixTrace m ? m : null;
    int who = matrix == null ? u : matrix.walk().head(u);
    var figures = new ArrayList<Figure>();
    var columns = new ArrayList<>(List.of(trace.slot() + "₀"));
    columns.addAll(labels);
    double[][] weights = trace.weights(u), parts = trace.contributions(u);
    if (labels.size() <= NUMBERS) figures.add(numbers(trace, u, columns, weights));
    int from = flags.drawn(talk) ? Math.max(0, labels.size() - DRAWN) : 0;
    var note = from > 0 ? talk.text("explain.drawn", labels.size() - from, labels.size()) : "";
    figures.add(heat(matrix == null ? "explain.memory.weights" : "explain.memory.weights.head", note, labels, columns, weights,
        from,
        matrix == null ? Figure.Scale.UNIT : Figure.Scale.upTo(weights), who));
    if (matrix != null) {
      double[][] readings = matrix.readings(u);
      figures.add(heat("explain.memory.readings", talk.text("explain.memory.readings.note"), labels, columns, readings, from,
          Figure.Scale.around(Math.max(1e-9, Figure.Scale.largest(readings))), who));
    }
    figures.add(heat(matrix == null ? "explain.memory.parts" : "explain.memory.parts.head",
        talk.text("explain.memory.parts.note", trace.whole()), labels,
        columns, parts, from, Figure.Scale.around(Math.max(1e-9, Figure.Scale.largest(parts))), u));
    double[][] mean = trace.meanContributions();
    for (int t = 0; t < mean.length; t++) Arrays.fill(mean[t], t + 2, mean[t].length, Double.NaN);
    figures.add(heat("explain.memory.mean", "", labels, columns, mean, from, Figure.Scale.upTo(mean), w.units()));
    figures.add(sums(trace, u, labels));
    var about = new ArrayList<>(subject.about(List.of(w), talk));
    about.addAll(trace.equations());
    if (!w.forward()) about.add(talk.text("explain.memory.backward"));
    about.add((check.holds() ? "✔ " : "✖ ") + talk.text(check.holds() ? "explain.memory.check" : "explain.memory.miss",
        w.units() * w.steps(),
        trace.whole(), check.worst(), check.scale()));
    return new Sheet(talk.text("explain.memory.title"), about, talk.language().tag(), figures);
  }

  private Figure heat(String title, String note, List<String> rows, List<String> columns, double[][] values, int from,
      Figure.Scale scale, int arg) {
    var cut = Arrays.stream(values, from, values.length).map(r -> Arrays.copyOfRange(r, from, r.length)).toArray(double[][]::new);
    return new Figure.Heat(talk.text(title, arg), note, rows.subList(from, rows.size()), columns.subList(from, columns.size()),
        cut, scale);
  }

  private Figure numbers(Unfolded trace, int u, List<String> columns, double[][] weights) {
    var head = new ArrayList<>(List.of("t \\ i"));
    head.addAll(columns);
    var rows = new ArrayList<List<String>>();
    for (int t = 0; t < weights.length; t++) {
      var row = new ArrayList<>(List.of(columns.get(t + 1)));
      for (double v : weights[t]) row.add(Double.isNaN(v) ? "" : Figures.real(v, 4));
      rows.add(row);
    }
    var w = trace.walk();
    var candidates = new ArrayList<>(List.of(trace.candidate() + "_i"));
    candidates.add(trace instanceof MemoryTrace m ? Figures.real(m.initial(u), 4) : "");
    for (int i = 0; i < w.steps(); i++) candidates.add(Figures.real(w.gate(w.gate(trace.candidate()), w.time(i), u), 4));
    rows.add(candidates);
    return new Figure.Table(trace instanceof MatrixTrace m
        ? talk.text("explain.memory.numbers.head", m.walk().head(u), u) : talk.text("explain.memory.numbers", u),
        talk.text("explain.memory.numbers.note", trace.slot()), head, rows);
  }

  private Figure sums(Unfolded trace, int u, List<String> labels) {
    double[] sums = trace.sums(u), states = trace.states(u);
    var rows = new ArrayList<List<String>>();
    for (int t = 0; t < sums.length; t++) {
      rows.add(List.of(Integer.toString(t + 1), labels.get(t), Figures.real(sums[t], 6), Figures.real(states[t], 6),
          String.format(Locale.ROOT, "%.0e", Math.abs(sums[t] - states[t]))));
    }
    var state = trace.whole() + "_t";
    return new Figure.Table(talk.text("explain.memory.sums", u), "",
        List.of("t", talk.text("explain.symbol"), "Σ", state, "|Σ − " + state + "|"), rows);
  }

  private static Map<String, Object> json(Subject subject, Unfolded trace, int u, Unfolded.Check check) {
    var o = subject.json("memory");
    o.put("layer", trace.walk().name());
    o.put("cell", trace.walk().cell());
    o.put("carry", trace.equations().getFirst());
    o.put("unit", u);
    if (trace instanceof MemoryTrace m) o.put("initial", m.initial(u));
    if (trace instanceof MatrixTrace m) o.put("head", m.walk().head(u));
    o.put("weights", triangle(trace.weights(u)));
    if (trace instanceof MatrixTrace m) o.put("readings", triangle(m.readings(u)));
    o.put("contributions", triangle(trace.contributions(u)));
    o.put("mean_contributions", triangle(trace.meanContributions()));
    o.put("sums", Arrays.stream(trace.sums(u)).boxed().toList());
    o.put("states", Arrays.stream(trace.states(u)).boxed().toList());
    var proof = new LinkedHashMap<String, Object>();
    proof.put("worst", check.worst());
    proof.put("scale", check.scale());
    proof.put("holds", check.holds());
    o.put("check", proof);
    return o;
  }

  /** Row t has t + 2 numbers: that of the first state, then those of steps 0 to t. */
  private static List<List<Double>> triangle(double[][] w) {
    return IntStream.range(0, w.length).mapToObj(t -> Arrays.stream(w[t], 0, t + 2).boxed().toList()).toList();
  }

  private static List<List<Object>> rows(Subject subject, Unfolded trace, int u) {
    double[][] weights = trace.weights(u), parts = trace.contributions(u);
    var w = trace.walk();
    var rows = new ArrayList<List<Object>>();
    for (int t = 1; t <= w.steps(); t++) {
      for (int i = 0; i <= t; i++) {
        var now = subject.symbols().get(w.time(t - 1));
        var then = i == 0 ? "" : subject.symbols().get(w.time(i - 1));
        rows.add(List.of(w.name(), u, t, i, now, then, weights[t - 1][i], parts[t - 1][i]));
      }
    }
    return rows;
  }
}
