package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.unroll.layer.State;
import org.unroll.look.Bound;
import org.unroll.look.GradientFlow;
import org.unroll.look.Reading;
import org.unroll.look.Walk;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll explain gradient}: how far back the loss of a step reaches, and what the bounds say. */
@Command(name = "gradient")
final class ExplainGradient implements Callable<Integer> {
  private static final int MOST = 1000, LAGS = 64, SAMPLES = 6;

  private final Talk talk;

  @Mixin
  ExplainFlags flags = new ExplainFlags();

  @Option(names = "--max-lag", paramLabel = "N")
  Integer maxLag;

  @Option(names = "--positions", paramLabel = "N")
  int positions = 64;

  ExplainGradient(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    flags.check(talk);
    var subject = Subject.orOwn(flags, MOST, talk);
    int[] all = IntStream.concat(Arrays.stream(subject.before()), Arrays.stream(subject.ids())).toArray();
    int steps = all.length - 1;
    if (steps < 4) throw Main.usage("the text has %d symbols, must have at least 5", all.length).mend("a longer text");
    int lags = maxLag == null ? Math.min(LAGS, steps / 2) : maxLag;
    var x = Reading.symbols(Arrays.copyOf(all, steps));
    var whole = GradientFlow.of(subject.lm().model(), x, Reading.symbols(Arrays.copyOfRange(all, 1, all.length)), lags, positions);
    var r = Reading.of(subject.lm().model(), x, State.ZERO);
    var walks = flags.layer == null ? r.walks() : List.of(r.walk(flags.layer(r)));
    var flow = of(walks, whole);
    var bounds = walks.stream().map(w -> Bound.of(w, SAMPLES)).toList();
    var sheet = sheet(subject, flow, bounds, walks, r.walks().size() == 1);
    var head = List.of("layer", "state", "lag", "norm");
    return flags.write(new Explained(sheet, json(subject, flow, bounds), head, rows(flow.curves())), talk);
  }

  /** The flow through these layers alone. */
  private static GradientFlow of(List<Walk> walks, GradientFlow flow) {
    var curves = flow.curves().stream().filter(c -> walks.stream().anyMatch(w -> w.name().equals(c.walk()))).toList();
    return new GradientFlow(flow.lags(), flow.positions(), flow.start(), curves);
  }

  private Sheet sheet(Subject subject, GradientFlow flow, List<Bound> bounds, List<Walk> walks, boolean single) {
    var lines = new ArrayList<Figure.Curve>();
    flow.curves().forEach(c -> lines.add(new Figure.Curve(c.walk() + " " + c.slot(), c.norms(), false)));
    if (single) {
      var b = bounds.getFirst();
      b.factor().ifPresent(f -> lines.add(power("(β_f β_w)^k", f, flow)));
      lines.add(power("max ‖∂s_t/∂s_{t−1}‖^k", b.jacobianMost(), flow));
    }
    var figures = new ArrayList<Figure>();
    figures.add(new Figure.Curves(talk.text("explain.gradient.flow"), talk.text("explain.gradient.flow.note", flow.positions()),
        talk.text("explain.gradient.lag"), "‖∂L_t/∂s_{t−k}‖", lines));
    figures.add(decays(flow.curves()));
    figures.add(bounds(bounds));
    for (int i = 0; i < walks.size(); i++) figures.add(verdict(walks.get(i), bounds.get(i)));
    var about = new ArrayList<>(subject.about(walks.getLast(), talk));
    about.add(window(flow));
    return new Sheet(talk.text("explain.gradient.title"), about, talk.language().tag(), figures);
  }

  private static Figure.Curve power(String name, double factor, GradientFlow flow) {
    var v = new double[flow.lags()];
    for (int k = 1; k <= v.length; k++) v[k - 1] = flow.start() * Math.pow(factor, k);
    return new Figure.Curve(String.format(Locale.ROOT, "%s = %.3f^k", name, factor), v, true);
  }

  private String window(GradientFlow flow) {
    int window = flow.window();
    return window == 0 ? talk.text("explain.gradient.nowindow") : talk.text("explain.gradient.window", window, window);
  }

  private Figure decays(List<GradientFlow.Curve> curves) {
    var rows = new ArrayList<List<String>>();
    for (var c : curves) {
      var d = c.decay();
      var first = String.format(Locale.ROOT, "%.3e", c.norms()[0]);
      var last = String.format(Locale.ROOT, "%.3e", c.norms()[c.norms().length - 1]);
      var half = Double.isInfinite(d.halfLife()) ? "∞" : Figures.real(d.halfLife(), 2);
      var reach = c.reach() == 0 ? "∞" : Integer.toString(c.reach());
      rows.add(List.of(c.walk() + " " + c.slot(), first, last, Figures.real(d.rate(), 4), half, Figures.real(d.r2(), 3), reach));
    }
    var head = List.of(talk.text("explain.gradient.state"), "k = 1", "k = " + curves.getFirst().norms().length,
        talk.text("explain.gradient.rate"), talk.text("explain.gradient.half"), "r²", talk.text("explain.gradient.reach"));
    return new Figure.Table(talk.text("explain.gradient.decay"), talk.text("explain.gradient.decay.note"), head, rows);
  }

  private Figure bounds(List<Bound> bounds) {
    var rows = new ArrayList<List<String>>();
    for (var b : bounds) {
      for (var s : b.singular()) rows.add(List.of(b.walk(), "‖R_" + s.block() + "‖₂", Figures.real(s.value(), 4)));
      b.steepness().ifPresent(f -> rows.add(List.of(b.walk(), "β_f", Figures.real(f, 4))));
      b.factor().ifPresent(f -> rows.add(List.of(b.walk(), "β_f β_w", Figures.real(f, 4))));
      rows.add(List.of(b.walk(), talk.text("explain.gradient.jacobian"), Figures.real(b.jacobian(), 4)));
      rows.add(List.of(b.walk(), talk.text("explain.gradient.jacobian.most"), Figures.real(b.jacobianMost(), 4)));
    }
    return new Figure.Table(talk.text("explain.gradient.bounds"), talk.text("explain.gradient.bounds.note"),
        List.of(talk.text("explain.layer.head"), "", talk.text("explain.value")), rows);
  }

  private Figure verdict(Walk w, Bound b) {
    var rows = new ArrayList<List<String>>();
    if (b.vanishes().isEmpty()) {
      rows.add(List.of(talk.text("explain.gradient.gated", w.cell())));
    } else {
      double sigma = b.singular().getFirst().value(), gamma = b.gamma().getAsDouble(), factor = b.factor().getAsDouble();
      rows.add(List.of(talk.text(b.vanishes().get() ? "explain.gradient.must" : "explain.gradient.may", sigma, 1 / gamma)));
      rows.add(List.of(talk.text(factor < 1 ? "explain.gradient.binds" : "explain.gradient.loose", factor)));
    }
    return new Figure.Table(talk.text("explain.gradient.verdict", w.name()), "", List.of(""), rows);
  }

  private static Map<String, Object> json(Subject subject, GradientFlow flow, List<Bound> bounds) {
    var o = subject.json("gradient");
    o.put("lags", flow.lags());
    o.put("positions", flow.positions());
    o.put("start", flow.start());
    o.put("window", flow.window());
    o.put("curves", flow.curves().stream().map(c -> {
      var m = new LinkedHashMap<String, Object>();
      m.put("layer", c.walk());
      m.put("state", c.slot());
      m.put("norms", Arrays.stream(c.norms()).boxed().toList());
      m.put("rate", c.decay().rate());
      m.put("half_life", c.decay().halfLife());
      m.put("r2", c.decay().r2());
      m.put("reach", c.reach());
      return m;
    }).toList());
    o.put("bounds", bounds.stream().map(ExplainGradient::json).toList());
    return o;
  }

  private static Map<String, Object> json(Bound b) {
    var m = new LinkedHashMap<String, Object>();
    m.put("layer", b.walk());
    var singular = new LinkedHashMap<String, Object>();
    b.singular().forEach(s -> singular.put(s.block(), s.value()));
    m.put("singular", singular);
    b.steepness().ifPresent(v -> m.put("beta_f", v));
    b.factor().ifPresent(v -> m.put("factor", v));
    b.gamma().ifPresent(v -> m.put("gamma", v));
    b.vanishes().ifPresent(v -> m.put("must_vanish", v));
    m.put("jacobian_mean", b.jacobian());
    m.put("jacobian_most", b.jacobianMost());
    return m;
  }

  private static List<List<Object>> rows(List<GradientFlow.Curve> curves) {
    var rows = new ArrayList<List<Object>>();
    for (var c : curves) for (int k = 1; k <= c.norms().length; k++) rows.add(List.of(c.walk(), c.slot(), k, c.norms()[k - 1]));
    return rows;
  }
}
