package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.unroll.look.Gates;
import org.unroll.look.MatrixWalk;
import org.unroll.look.Walk;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll explain gates}: values and saturation of gates, and the text coloured by units. */
@Command(name = "gates")
final class ExplainGates implements Callable<Integer> {
  private static final int MOST = 5000, SHOWN = 8, DRAWN = 24, DRAWN_STEPS = 120;

  private final Talk talk;

  @Mixin
  ExplainFlags flags = new ExplainFlags();

  @Option(names = "--units", paramLabel = "0:8|3,5|all")
  String units;

  @Option(names = "--gate", paramLabel = "NAME,…", split = ",")
  List<String> gate = new ArrayList<>();

  ExplainGates(Talk talk) { this.talk = talk; }

  /** A gate or something that is made, with its values. */
  private record Shown(String name, boolean made, int at) {

    int width(Walk w) { return made ? w.madeWidth(at) : w.width(at); }

    /** Of these units: one number each, or one a head, of all heads then. */
    List<Integer> of(List<Integer> units, Walk w) {
      return width(w) == w.units() ? units : IntStream.range(0, width(w)).boxed().toList();
    }
  }

  @Override public Integer call() {
    flags.check(talk);
    var subject = flags.subject(MOST, talk);
    var r = subject.reading();
    var walk = r.walk(flags.layer(r));
    var gates = Gates.of(walk);
    var chosen = units(gates);
    var shown = shown(walk);
    var head = List.of("layer", "gate", "unit", "step", "symbol", "value");
    return flags.write(new Explained(sheet(subject, gates, chosen, shown), json(subject, gates, chosen, shown), head,
        rows(subject, gates, chosen, shown)), talk);
  }

  /** {@code --units}, or the most selective ones: a few for eyes, all for programs. */
  private List<Integer> units(Gates gates) {
    var w = gates.walk();
    if (units == null && !flags.whole(talk)) return gates.mostSelective(flags.drawn(talk) ? DRAWN : SHOWN);
    if (units == null || units.equals("all")) return IntStream.range(0, w.units()).boxed().toList();
    try {
      if (units.matches("\\d+:\\d+")) {
        int from = w.unit(Integer.parseInt(units.split(":")[0])), to = w.unit(Integer.parseInt(units.split(":")[1]) - 1) + 1;
        return IntStream.range(from, to).boxed().toList();
      }
      var list = new ArrayList<Integer>();
      for (var n : units.split(",")) list.add(w.unit(Integer.parseInt(n.strip())));
      return list;
    } catch (NumberFormatException e) {
      throw Main.usage("--units is %s, must be units such as 0:8, 3,5 or all", units);
    }
  }

  private List<Shown> shown(Walk w) {
    var all = new ArrayList<Shown>();
    for (int b = 0; b < w.gates().size(); b++) all.add(new Shown(w.gates().get(b), false, b));
    for (int s = 0; s < w.made().size(); s++) all.add(new Shown(w.made().get(s), true, s));
    if (gate.isEmpty()) return all;
    return gate.stream().map(name -> all.stream().filter(s -> s.name.equals(name)).findFirst()
        .orElseGet(() -> new Shown(name, false, w.gate(name)))).toList();
  }

  private static double[] values(Gates g, Shown s, int unit) { return s.made ? g.state(s.at, unit) : g.gate(s.at, unit); }

  private Sheet sheet(Subject subject, Gates g, List<Integer> chosen, List<Shown> shown) {
    var w = g.walk();
    var figures = new ArrayList<Figure>();
    figures.add(saturation(g, chosen));
    var symbols = subject.running();
    var voices = chosen.stream().limit(SHOWN).map(u -> new Figure.Voice(unit(u), g.state(0, u))).toList();
    double most = Figure.Scale.largest(voices.stream().map(Figure.Voice::values).toArray(double[][]::new));
    figures.add(new Figure.Passage(talk.text("explain.gates.passage"), talk.text("explain.gates.passage.note"), symbols, voices,
        Figure.Scale.around(most > 0 ? most : 1)));
    int steps = flags.drawn(talk) ? Math.min(w.steps(), DRAWN_STEPS) : w.steps();
    for (var s : shown) figures.add(heat(subject, g, s, chosen, steps));
    return new Sheet(talk.text("explain.gates.title"), subject.about(List.of(w), talk), talk.language().tag(), figures);
  }

  /** The first {@code steps} values of one gate or slot, a row for each unit. */
  private Figure heat(Subject subject, Gates g, Shown s, List<Integer> chosen, int steps) {
    int all = g.walk().steps();
    boolean opens = !s.made && g.opens(s.at);
    var title = talk.text(s.made ? "explain.gates.state" : opens ? "explain.gates.gate" : "explain.gates.block", s.name);
    var note = steps < all ? talk.text("explain.drawn", steps, all) : "";
    var of = s.of(chosen, g.walk());
    var values = of.stream().map(u -> Arrays.copyOf(values(g, s, u), steps)).toArray(double[][]::new);
    double largest = Figure.Scale.largest(values);
    var scale = opens ? Figure.Scale.UNIT : Figure.Scale.around(largest > 0 ? largest : 1);
    var names = of.stream().map(u -> s.width(g.walk()) == g.walk().units() ? unit(u) : head(u)).toList();
    return new Figure.Heat(title, note, names, subject.labels().subList(0, steps), values, scale);
  }

  private String unit(int u) { return talk.text("explain.unit", u); }

  private String head(int h) { return talk.text("explain.head", h); }

  /** Which number of a gate is that of a unit: its own, or that of its head. */
  private static int of(Walk w, int block, int unit) { return unit * w.width(block) / w.units(); }

  private Figure saturation(Gates g, List<Integer> chosen) {
    var w = g.walk();
    var open = IntStream.range(0, w.gates().size()).filter(g::opens).boxed().toList();
    var head = new ArrayList<>(List.of(talk.text("explain.who")));
    open.forEach(b -> head.addAll(List.of(w.gates().get(b) + " < 0.1", w.gates().get(b) + " > 0.9")));
    head.add(talk.text("explain.selectivity"));
    var rows = new ArrayList<List<String>>();
    var all = new ArrayList<>(List.of(talk.text("explain.all.units", w.units())));
    open.forEach(b -> all.addAll(shares(g.saturation(b))));
    all.add("");
    rows.add(all);
    for (int u : chosen) {
      var row = new ArrayList<>(List.of(w instanceof MatrixWalk m ? unit(u) + ", " + head(m.head(u)) : unit(u)));
      open.forEach(b -> row.addAll(shares(g.saturation(b, of(w, b, u)))));
      row.add(Figures.real(g.selectivity(u), 2));
      rows.add(row);
    }
    return new Figure.Table(talk.text("explain.gates.saturation"), talk.text("explain.gates.saturation.note"), head, rows);
  }

  private static List<String> shares(Gates.Saturation s) {
    return List.of(Figures.real(100 * s.left(), 0) + " %", Figures.real(100 * s.right(), 0) + " %");
  }

  private static Map<String, Object> json(Subject subject, Gates g, List<Integer> chosen, List<Shown> shown) {
    var w = g.walk();
    var o = subject.json("gates");
    o.put("layer", w.name());
    o.put("cell", w.cell());
    o.put("units", w.units());
    o.put("shown", chosen);
    o.put("selectivity", chosen.stream().map(g::selectivity).toList());
    o.put("gates", shown.stream().map(s -> {
      var m = new LinkedHashMap<String, Object>();
      m.put("name", s.name);
      m.put("kind", s.made ? "state" : g.opens(s.at) ? "gate" : "content");
      if (!s.made && g.opens(s.at)) m.put("saturation", saturation(g.saturation(s.at)));
      m.put("values", s.of(chosen, w).stream().map(u -> {
        var v = new LinkedHashMap<String, Object>();
        v.put(s.width(w) == w.units() ? "unit" : "head", u);
        if (!s.made && g.opens(s.at)) v.put("saturation", saturation(g.saturation(s.at, u)));
        v.put("steps", Arrays.stream(values(g, s, u)).boxed().toList());
        return v;
      }).toList());
      return m;
    }).toList());
    return o;
  }

  private static Map<String, Object> saturation(Gates.Saturation s) {
    var m = new LinkedHashMap<String, Object>();
    m.put("left", s.left());
    m.put("right", s.right());
    return m;
  }

  private static List<List<Object>> rows(Subject subject, Gates g, List<Integer> chosen, List<Shown> shown) {
    var rows = new ArrayList<List<Object>>();
    var w = g.walk();
    for (var s : shown) {
      for (int u : s.of(chosen, w)) {
        double[] values = values(g, s, u);
        Object who = s.width(w) == w.units() ? u : "head " + u;
        for (int t = 0; t < values.length; t++) rows.add(List.of(w.name(), s.name, who, t + 1, subject.symbols().get(t),
            values[t]));
      }
    }
    return rows;
  }
}
