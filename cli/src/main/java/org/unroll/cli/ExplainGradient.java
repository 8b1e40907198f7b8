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
import org.unroll.look.Decay;
import org.unroll.look.GradientFlow;
import org.unroll.look.Reading;
import org.unroll.look.Walk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll explain gradient}: how far back the loss of a step reaches, or a tagger's score, and what the bounds say. */
@Command(name = "gradient")
final class ExplainGradient implements Callable<Integer> {
  private static final int MOST = 1000, LAGS = 64, LEAST = 4;
  /** Steps whose Jacobian is measured. */
  static final int SAMPLES = 6;

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
    var subject = SubjectReader.of(flags.model, talk).orOwn(flags.file, flags.look, MOST);
    return subject.tagger() ? ofScores(subject) : ofLoss(subject);
  }

  /** Every symbol but the last predicts the next. */
  private Integer ofLoss(Subject subject) {
    int[] all = IntStream.concat(Arrays.stream(subject.before()), Arrays.stream(subject.ids())).toArray();
    int steps = all.length - 1;
    requireEnough(all.length, LEAST + 1);
    var x = Reading.symbols(Arrays.copyOf(all, steps));
    var y = Reading.symbols(Arrays.copyOfRange(all, 1, all.length));
    var flow = GradientFlow.of(subject.model(), x, y, lags(steps), positions);
    return write(subject, flow, Reading.of(subject.model(), x, State.ZERO));
  }

  /** Every word has the score of its tag. */
  private Integer ofScores(Subject subject) {
    requireEnough(subject.ids().length, LEAST);
    var x = Reading.symbols(subject.ids());
    var r = subject.reading();
    return write(subject, GradientFlow.ofScores(subject.model(), x, subject.followed(r), lags(r.steps()), positions), r);
  }

  private static void requireEnough(int symbols, int least) {
    if (symbols < least) throw Main.usage("the text has %d symbols, must have at least %d", symbols, least).mend("a longer text");
  }

  /** Half of the text, so that there are positions to average over; of a short one what a line needs, if it has as much. */
  private int lags(int steps) { return maxLag != null ? maxLag : Math.min(LAGS, Math.max(steps / 2, Math.min(steps,
      Decay.LEAST))); }

  private Integer write(Subject subject, GradientFlow whole, Reading r) {
    var walks = flags.look.layer == null ? r.walks() : List.of(r.walk(flags.layer(r)));
    var flow = of(walks, whole);
    var bounds = walks.stream().map(w -> Bound.of(w, SAMPLES)).toList();
    var sheet = new GradientSheet(subject, flow, bounds, walks, r, talk).sheet();
    var head = List.of("layer", "state", "lag", "norm");
    return flags.write(new Explained(sheet, json(subject, flow, bounds), head, rows(flow.curves())), talk);
  }

  /** The flow through these layers alone. */
  private static GradientFlow of(List<Walk> walks, GradientFlow flow) {
    var curves = flow.curves().stream().filter(c -> walks.stream().anyMatch(w -> w.name().equals(c.walk()))).toList();
    return new GradientFlow(flow.lags(), flow.positions(), flow.start(), curves);
  }

  private static Map<String, Object> json(Subject subject, GradientFlow flow, List<Bound> bounds) {
    var o = subject.json("gradient");
    o.put("of", subject.tagger() ? "score" : "loss");
    o.put("lags", flow.lags());
    o.put("positions", flow.positions());
    o.put("start", flow.start());
    if (!subject.tagger()) {
      o.put("window", flow.window());
      o.put("extrapolated", flow.window() > flow.lags());
    }
    o.put("curves", flow.curves().stream().map(c -> {
      var m = new LinkedHashMap<String, Object>();
      m.put("layer", c.walk());
      m.put("state", c.slot());
      m.put("norms", Arrays.stream(c.norms()).boxed().toList());
      m.put("fitted", c.decay().fitted());
      if (c.decay().fitted()) {
        m.put("rate", c.decay().rate());
        m.put("half_life", c.decay().halfLife());
        m.put("r2", c.decay().r2());
      }
      m.put("reach", c.reach());
      c.open().ifPresent(why -> m.put("open", why.name().toLowerCase(Locale.ROOT)));
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
    b.condition().ifPresent(v -> m.put("condition", v));
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
