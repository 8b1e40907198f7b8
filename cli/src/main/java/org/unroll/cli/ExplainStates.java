package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.unroll.look.Reading;
import org.unroll.look.StateSearch;
import org.unroll.tasks.draw.Figure;
import org.unroll.tasks.draw.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll explain states}: other places of a corpus where the same units are on. */
@Command(name = "states")
final class ExplainStates implements Callable<Integer> {
  private static final int MOST = 5000, AROUND = 12;
  private static final double[] USUAL = {0.75, 0.5, 0.25};

  private final Talk talk;

  @Mixin
  ExplainFlags flags = new ExplainFlags();

  @Option(names = "--phrase", paramLabel = "TEXT")
  String phrase;

  @Option(names = "--threshold", paramLabel = "X")
  Double threshold;

  @Option(names = "--quantile", paramLabel = "Q")
  Double quantile;

  @Option(names = "--top", paramLabel = "N")
  int top = 10;

  @Option(names = "--corpus", paramLabel = "FILE")
  String corpus;

  @Option(names = "--max-symbols", paramLabel = "N")
  int most = 200_000;

  /** Whether no unit met the usual quantiles. */
  private boolean lowered;

  ExplainStates(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    Reach.requireText(flags.file != null || corpus != null, "FILE", talk);
    if (threshold != null && quantile != null) throw Main.usage("--threshold and --quantile exclude each other")
        .mend("leave one of them out");
    var reader = SubjectReader.of(flags.model, talk);
    var subject = reader.given(flags.file, flags.look, MOST);
    subject.requireRunning("a search for states");
    var r = subject.reading();
    int layer = flags.layer(r), from = from(subject);
    int length = phrase == null ? subject.ids().length : ids(subject).length;
    var text = reader.corpus(corpus).first(most);
    var search = search(r, layer, from, from + length, text.ids());
    var found = new Found(search, from, search.in(text.ids(), top), text);
    var head = List.of("rank", "position", "score", "both", "text");
    return flags.write(new Explained(sheet(subject, r, found), json(subject, r, found), head, rows(subject, found)), talk);
  }

  /** Units that are on and places where they are. */
  private record Found(StateSearch search, int from, List<StateSearch.Place> places, SubjectReader.Corpus text) {}

  /** By {@code --threshold}, by {@code --quantile}, or by the highest of the usual quantiles at which a unit is on, or of any. */
  private StateSearch search(Reading r, int layer, int from, int to, int[] text) {
    if (threshold != null) return StateSearch.of(r, layer, from, to, threshold);
    double[] shares = quantile == null ? USUAL : new double[] {quantile};
    double[][] thresholds = StateSearch.quantiles(r.model(), layer, text, shares);
    int i = 0;
    while (i < shares.length - 1 && StateSearch.on(r, layer, from, to, thresholds[i]).isEmpty()) i++;
    if (quantile == null && StateSearch.on(r, layer, from, to, thresholds[i]).isEmpty()) return highest(r, layer, from, to, text);
    quantile = shares[i];
    return StateSearch.of(r, layer, from, to, thresholds[i]);
  }

  /** Of the units that stay highest, each among its own values, where none meets the usual quantiles. */
  private StateSearch highest(Reading r, int layer, int from, int to, int[] text) {
    lowered = true;
    quantile = StateSearch.highest(r, layer, from, to, text);
    double[] thresholds = quantile > 0 ? StateSearch.quantiles(r.model(), layer, text, quantile)[0]
        : StateSearch.lowest(r, layer, from, to, text);
    return StateSearch.of(r, layer, from, to, thresholds);
  }

  private int[] ids(Subject subject) { return subject.vocabulary().encodeKnown(phrase, "--phrase"); }

  /** Where the phrase stands in the text. */
  private int from(Subject subject) {
    if (phrase == null) return 0;
    int[] p = ids(subject);
    for (int i = 0; p.length > 0 && i + p.length <= subject.ids().length; i++) {
      if (Arrays.equals(p, Arrays.copyOfRange(subject.ids(), i, i + p.length))) return i;
    }
    throw Main.usage("--phrase is not in the text").because("the pattern is that of a stretch of --text")
        .mend("--phrase with symbols of the text");
  }

  private String excerpt(Subject s, int[] ids, int from, int length) {
    var text = new StringBuilder();
    int start = Math.max(0, from - AROUND), end = Math.min(ids.length, from + length + AROUND);
    var running = s.with(Arrays.copyOfRange(ids, start, end)).running();
    for (int i = start; i < end; i++) {
      if (i == from) text.append('【');
      text.append(running.get(i - start));
      if (i == from + length - 1) text.append('】');
    }
    return text.toString();
  }

  private Sheet sheet(Subject s, Reading r, Found f) {
    var search = f.search;
    int[] text = f.text.ids();
    var walk = r.walk(search.layer());
    var figures = new ArrayList<Figure>();
    figures.add(new Figure.Table(talk.text("explain.states.pattern"), "",
        List.of(talk.text("explain.states.stretch"), talk.text("explain.states.on")),
        List.of(List.of(excerpt(s, s.ids(), f.from, search.length()), Integer.toString(search.on().cardinality())))));
    var rows = new ArrayList<List<String>>();
    for (var p : f.places) {
      rows.add(List.of(excerpt(s, text, p.from(), search.length()), Integer.toString(p.from()), Integer.toString(p.both()),
          Figures.real(p.score(), 3)));
    }
    figures.add(new Figure.Table(talk.text("explain.states.places", text.length), talk.text("explain.states.places.note"),
        List.of(talk.text("explain.states.stretch"), talk.text("explain.states.position"), talk.text("explain.states.both"),
            talk.text("explain.states.score")), rows));
    var about = new ArrayList<>(s.about(List.of(walk), talk));
    var on = search.on().stream().mapToObj(Integer::toString).toList();
    var which = String.join(" ", on);
    about.add(threshold != null ? talk.text("explain.states.units", threshold, which) : talk.text("explain.states.quantile",
        100 * quantile, which));
    if (lowered) about.add(talk.text("explain.states.lowered", 100 * USUAL[USUAL.length - 1], 100 * quantile));
    about.add(f.text.ids().length == f.text.total() ? talk.text("explain.states.all", f.text.total())
        : talk.text("explain.states.first", f.text.ids().length, f.text.total(), 100.0 * f.text.ids().length / f.text.total(),
            f.text.total()));
    return new Sheet(talk.text("explain.states.title"), about, talk.language().tag(), figures);
  }

  private Map<String, Object> json(Subject s, Reading r, Found f) {
    var o = s.json("states");
    o.put("layer", r.walk(f.search.layer()).name());
    o.put("from", f.from);
    o.put("length", f.search.length());
    if (threshold != null) o.put("threshold", threshold);
    else o.put("quantile", quantile);
    o.put("on", f.search.on().stream().boxed().toList());
    o.put("corpus", f.text.ids().length);
    o.put("corpus_size", f.text.total());
    o.put("places", f.places.stream().map(p -> {
      var m = new LinkedHashMap<String, Object>();
      m.put("position", p.from());
      m.put("both", p.both());
      m.put("score", p.score());
      m.put("text", excerpt(s, f.text.ids(), p.from(), f.search.length()));
      return m;
    }).toList());
    return o;
  }

  private List<List<Object>> rows(Subject s, Found f) {
    return IntStream.range(0, f.places.size()).mapToObj(i -> {
      var p = f.places.get(i);
      return List.<Object>of(i + 1, p.from(), p.score(), p.both(), excerpt(s, f.text.ids(), p.from(), f.search.length()));
    }).toList();
  }
}
