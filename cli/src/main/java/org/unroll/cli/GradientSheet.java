package org.unroll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.unroll.look.Bound;
import org.unroll.look.CellWalk;
import org.unroll.look.Decay;
import org.unroll.look.FeedbackWalk;
import org.unroll.look.GradientFlow;
import org.unroll.look.MatrixWalk;
import org.unroll.look.Reading;
import org.unroll.look.Walk;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Sheet;

/**
 * What {@link ExplainGradient} found, for people: measured curves and bounds on one logarithmic scale, then what the bounds
 * say.
 */
final class GradientSheet {
  private final Subject subject;
  private final GradientFlow flow;
  private final List<Bound> bounds;
  private final List<Walk> walks;
  private final Reading reading;
  private final Talk talk;

  GradientSheet(Subject subject, GradientFlow flow, List<Bound> bounds, List<Walk> walks, Reading reading, Talk talk) {
    this.subject = subject;
    this.flow = flow;
    this.bounds = bounds;
    this.walks = walks;
    this.reading = reading;
    this.talk = talk;
  }

  Sheet sheet() {
    var figures = new ArrayList<Figure>();
    figures.add(new Figure.Curves(talk.text(kind("flow"), what()), talk.text(kind("flow.note"), flow.positions()) + scale(),
        talk.text("explain.gradient.lag"), talk.text("explain.gradient.axis", what()), lines()));
    figures.add(decays());
    figures.add(bounds());
    for (int i = 0; i < walks.size(); i++) figures.add(verdict(walks.get(i), bounds.get(i)));
    var about = new ArrayList<>(subject.about(walks, talk));
    if (!subject.tagger()) about.add(window());
    return new Sheet(talk.text("explain.gradient.title"), about, talk.language().tag(), figures);
  }

  private String kind(String key) { return "explain.gradient." + (subject.tagger() ? "score." : "") + key; }

  /** What is measured, as people write it. */
  private String what() {
    boolean back = walks.stream().anyMatch(w -> !w.forward()), on = walks.stream().anyMatch(Walk::forward);
    return (subject.tagger() ? "‖∂z_t/∂s_{t" : "‖∂L_t/∂s_{t") + (back && on ? "∓k}‖" : back ? "+k}‖" : "−k}‖");
  }

  /** A state's name; of layers that walk both ways, with where its steps lie. */
  private String name(GradientFlow.Curve c) {
    boolean back = reading.walks().stream().anyMatch(w -> !w.forward());
    var w = walks.stream().filter(each -> each.name().equals(c.walk())).findFirst().orElseThrow();
    return c.walk() + " " + c.slot() + (back ? w.forward() ? " (t−k)" : " (t+k)" : "");
  }

  private List<Figure.Curve> lines() {
    var lines = new ArrayList<Figure.Curve>();
    flow.curves().forEach(c -> lines.add(new Figure.Curve(talk.text("explain.gradient.measured", name(c)), c.norms(), false)));
    if (reading.walks().size() > 1) return lines;               // what a layer hears of those above it is no power
    var b = bounds.getFirst();
    b.factor().ifPresent(f -> lines.add(power("explain.gradient.bound.slopes", f)));
    b.condition().ifPresent(f -> lines.add(power("explain.gradient.bound.condition", f)));
    lines.add(power("explain.gradient.bound.jacobian", b.jacobianMost()));
    return lines;
  }

  /** What the powers begin with: none is drawn of several layers. */
  private String scale() {
    if (reading.walks().size() > 1) return "";
    return top() ? talk.text("explain.gradient.scale", seed(), String.format(Locale.ROOT, "%.4g", flow.start()))
        : talk.text("explain.gradient.scale.lag");
  }

  /** What is followed, at lag 0. */
  private String seed() { return subject.tagger() ? "‖∂z_t/∂h_t‖" : "‖∂L_t/∂h_t‖"; }

  /** Whether the layer's h is what the head is given and hands on the state. */
  private boolean top() {
    return walks.getFirst() instanceof CellWalk w && w.trace().layer().P() == null
        && w.trace().y().x().cols() == reading.pass().y().x().cols();
  }

  /** From lag 0 on at the top; else from what was measured at lag 1 on, all slots together. */
  private Figure.Curve power(String key, double factor) {
    double first = top() ? flow.start() * factor : flow.curves().stream().mapToDouble(c -> c.norms()[0]).sum();
    var v = new double[flow.lags()];
    for (int k = 1; k <= v.length; k++) v[k - 1] = first * Math.pow(factor, k - 1);
    double at0 = top() ? flow.start() : factor > 0 ? first / factor : 0;
    return new Figure.Curve(talk.text(key, String.format(Locale.ROOT, "%.4g · %.4g", at0, factor),
        talk.text(factor < 1 ? "explain.gradient.bind.yes" : "explain.gradient.bind.no"), sampled()), v, true);
  }

  /** Steps whose Jacobian was measured. */
  private int sampled() { return Math.min(ExplainGradient.SAMPLES, reading.steps()); }

  private String window() {
    int window = flow.window();
    if (window > flow.lags()) return talk.text("explain.gradient.window.line", window, window, flow.lags());
    if (window > 0) return talk.text("explain.gradient.window", window, window);
    var c = flow.curves().stream().filter(each -> each.open().isPresent()).findFirst().orElseThrow();
    return switch (c.open().get()) {
      case FEW -> talk.text("explain.gradient.few", flow.lags(), Decay.LEAST);
      case LEVEL -> talk.text("explain.gradient.nowindow");
      case LOOSE -> talk.text("explain.gradient.loosefit", name(c), c.decay().r2(), GradientFlow.FIT, flow.lags());
      case BEYOND -> talk.text("explain.gradient.beyond", name(c), GradientFlow.FAR, flow.lags());
    };
  }

  private Figure decays() {
    var rows = new ArrayList<List<String>>();
    boolean few = false;
    for (var c : flow.curves()) {
      var d = c.decay();
      few |= !d.fitted();
      var first = String.format(Locale.ROOT, "%.3e", c.norms()[0]);
      var last = String.format(Locale.ROOT, "%.3e", c.norms()[c.norms().length - 1]);
      var half = Double.isInfinite(d.halfLife()) ? "∞" : Figures.real(d.halfLife(), 2);
      var reach = c.reach() > 0 ? Integer.toString(c.reach())
          : c.open().filter(o -> o == GradientFlow.Open.LEVEL).isPresent() ? "∞" : "–";
      rows.add(List.of(name(c), first, last, Figures.real(d.rate(), 4), half, Figures.real(d.r2(), 3), reach));
    }
    var head = List.of(talk.text("explain.gradient.state"), "k = 1", "k = " + flow.lags(), talk.text("explain.gradient.rate"),
        talk.text("explain.gradient.half"), "r²", talk.text("explain.gradient.reach"));
    var note = flow.lags() < Decay.LEAST ? talk.text("explain.gradient.nofit", Decay.LEAST, flow.lags())
        : talk.text("explain.gradient.decay.note") + (few ? talk.text("explain.gradient.nofit.some", Decay.LEAST) : "");
    return new Figure.Table(talk.text("explain.gradient.decay"), note, head, rows);
  }

  private Figure bounds() {
    var rows = new ArrayList<List<String>>();
    for (var b : bounds) {
      for (var s : b.singular()) rows.add(List.of(b.walk() + "  " + singular(s.block()), Figures.real(s.value(), 4), ""));
      b.steepness().ifPresent(f -> rows.add(List.of(b.walk() + "  " + talk.text("explain.gradient.met"), Figures.real(f, 4),
          "")));
      b.gamma().ifPresent(f -> rows.add(List.of(b.walk() + "  " + talk.text("explain.gradient.steepest"), Figures.real(f, 4),
          "")));
      b.factor().ifPresent(f -> rows.add(List.of(b.walk() + "  " + "β_f β_w", Figures.real(f, 4), binds(f))));
      b.condition().ifPresent(f -> rows.add(List.of(b.walk() + "  " + "γ ‖R‖₂", Figures.real(f, 4), binds(f))));
      rows.add(List.of(b.walk() + "  " + talk.text("explain.gradient.jacobian"), Figures.real(b.jacobian(), 4), ""));
      rows.add(List.of(b.walk() + "  " + talk.text("explain.gradient.jacobian.most", sampled()), Figures.real(b.jacobianMost(), 4),
          ""));
    }
    return new Figure.Table(talk.text("explain.gradient.bounds"), talk.text("explain.gradient.bounds.note", sampled()),
        List.of(talk.text("explain.gradient.factor"), talk.text("explain.value"), talk.text("explain.gradient.says")), rows);
  }

  private String binds(double factor) { return talk.text(factor < 1 ? "explain.gradient.yes" : "explain.gradient.no"); }

  private static String singular(String block) {
    return block.equals("p") ? "max |p|" : block.equals("U") || block.equals("V") ? "‖" + block + "‖₂" : "‖R_" + block + "‖₂";
  }

  private Figure verdict(Walk w, Bound b) {
    var rows = new ArrayList<List<String>>();
    switch (w) {
      case MatrixWalk _ -> rows.add(List.of(talk.text("explain.gradient.matrix")));
      case FeedbackWalk _ -> rows.add(List.of(talk.text("explain.gradient.feedback")));
      case CellWalk _ when b.vanishes().isEmpty() -> rows.add(List.of(talk.text("explain.gradient.gated", w.cell())));
      case CellWalk _ -> {
        double sigma = b.singular().getFirst().value(), gamma = b.gamma().getAsDouble();
        rows.add(List.of(line(b.factor(), "explain.gradient.binds", "explain.gradient.loose")));
        rows.add(List.of(talk.text(b.vanishes().get() ? "explain.gradient.must" : "explain.gradient.may", sigma, 1 / gamma)));
      }
    }
    return new Figure.Table(talk.text("explain.gradient.verdict", w.name()), "", List.of(""), rows);
  }

  /** With the lag at which a factor below 1 leaves less than is counted. */
  private String line(OptionalDouble factor, String binds, String loose) {
    double f = factor.getAsDouble();
    return f < 1 ? talk.text(binds, f, f == 0 ? 1 : (int) Math.ceil(Math.log(GradientFlow.LEFT) / Math.log(f)))
        : talk.text(loose, f);
  }
}
