package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.unroll.look.Connectivity;
import org.unroll.look.Walk;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll explain connectivity}: which symbols of the text mattered for a prediction. */
@Command(name = "connectivity")
final class ExplainConnectivity implements Callable<Integer> {
  private static final int MOST = 400, DRAWN = 80, BEST = 8;

  private final Talk talk;

  @Mixin
  ExplainFlags flags = new ExplainFlags();

  @Option(names = "--at", paramLabel = "N")
  Integer at;

  ExplainConnectivity(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    if (flags.look.layer != null) throw Main.usage("--layer has no effect here")
        .because("the way from input to score goes through all layers");
    flags.check(talk);
    var subject = flags.subject(MOST, talk);
    int T = subject.ids().length, t = (at == null ? T : at) - 1;
    if (t < 0 || t >= T) throw Main.usage("--at is %d, must be from 1 to %d", at, T).because("the text has %d symbols", T)
        .mend("--at from 1 to %d; without --at it is the last", T);
    var r = subject.reading();
    var c = Connectivity.of(r, subject.followed(r));
    boolean causal = r.walks().stream().allMatch(Walk::forward);
    var sheet = sheet(subject, c, t, causal, subject.about(r.walks(), talk));
    var head = List.of("t", "predicted", "k", "symbol", "norm");
    return flags.write(new Explained(sheet, json(subject, c), head, rows(subject, c)), talk);
  }

  private Sheet sheet(Subject subject, Connectivity c, int t, boolean causal, List<String> about) {
    var labels = subject.labels();
    var figures = new ArrayList<Figure>();
    int reach = causal ? t + 1 : labels.size();
    double[][] one = {Arrays.copyOf(c.norms()[t], reach)};
    var predicted = subject.output(c.scores()[t]);
    var title = subject.tagger() ? talk.text("explain.connectivity.word", t + 1, labels.get(t), predicted)
        : talk.text("explain.connectivity.at", t + 1, predicted);
    var note = talk.text(subject.tagger() ? "explain.connectivity.word.note" : "explain.connectivity.at.note");
    figures.add(new Figure.Passage(title, note, subject.running().subList(0, reach), List.of(new Figure.Voice("→ " + predicted,
        one[0])),
        Figure.Scale.upTo(one)));
    double sum = Arrays.stream(one[0]).sum();
    var order = IntStream.range(0, reach).boxed().sorted(Comparator.comparingDouble(k -> -one[0][k])).limit(BEST).toList();
    var head = List.of("k", talk.text("explain.symbol"), "‖∂z/∂x_k‖", talk.text("explain.share"));
    var rows = order.stream().map(k -> List.of(Integer.toString(k + 1), labels.get(k),
        String.format(Locale.ROOT, "%.4g", one[0][k]), Figures.real(100 * one[0][k] / sum, 1) + " %")).toList();
    figures.add(new Figure.Table(talk.text("explain.connectivity.best"), "", head, rows));
    if (flags.drawn(talk) || labels.size() <= DRAWN) figures.add(matrix(subject, c, labels, causal));
    return new Sheet(talk.text("explain.connectivity.title"), about, talk.language().tag(), figures);
  }

  /** @param causal whether no output depends on what comes after it */
  private Figure matrix(Subject subject, Connectivity c, List<String> labels, boolean causal) {
    int T = labels.size(), from = Math.max(0, T - DRAWN);
    var values = new double[T - from][];
    for (int t = from; t < T; t++) {
      values[t - from] = Arrays.copyOfRange(c.norms()[t], from, T);
      if (causal) Arrays.fill(values[t - from], t - from + 1, T - from, Double.NaN);
    }
    var rows = IntStream.range(from, T).mapToObj(t -> labels.get(t) + " → " + subject.output(c.scores()[t])).toList();
    var note = talk.text(subject.tagger() ? "explain.connectivity.matrix.words" : "explain.connectivity.matrix.note")
        + (from > 0 ? " " + talk.text("explain.drawn", T - from, T) : "");
    return new Figure.Heat(talk.text("explain.connectivity.matrix"), note, rows, labels.subList(from, T), values,
        Figure.Scale.upTo(values));
  }

  private static Map<String, Object> json(Subject subject, Connectivity c) {
    var o = subject.json("connectivity");
    o.put("predicted", Arrays.stream(c.scores()).mapToObj(subject::outputSymbol).toList());
    o.put("norms", Arrays.stream(c.norms()).map(row -> Arrays.stream(row).boxed().toList()).toList());
    return o;
  }

  private static List<List<Object>> rows(Subject subject, Connectivity c) {
    var rows = new ArrayList<List<Object>>();
    for (int t = 0; t < c.scores().length; t++) {
      for (int k = 0; k < c.scores().length; k++) {
        rows.add(List.of(t + 1, subject.outputSymbol(c.scores()[t]), k + 1, subject.symbols().get(k), c.norms()[t][k]));
      }
    }
    return rows;
  }
}
