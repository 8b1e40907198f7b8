package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.unroll.look.Reading;
import org.unroll.look.StateCorpus;
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
    var r = subject.reading();
    int layer = flags.layer(r), from = from(subject);
    int length = phrase == null ? subject.ids().length : phrase(subject).size();
    var text = reader.corpus(corpus).first(most);
    var search = search(r, layer, from, from + length, text.of());
    var found = new Found(search, from, search.in(text.of(), top), text);
    var head = subject.tagger() ? List.of("rank", "sentence", "word", "score", "both", "text")
        : List.of("rank", "position", "score", "both", "text");
    return flags.write(new Explained(sheet(subject, r, found), json(subject, r, found), head, rows(subject, found)), talk);
  }

  /** Units that are on and places where they are. */
  private record Found(StateSearch search, int from, List<StateSearch.Place> places, SubjectReader.Corpus text) {}

  /** By {@code --threshold}, by {@code --quantile}, or by the highest of the usual quantiles at which a unit is on, or of any. */
  private StateSearch search(Reading r, int layer, int from, int to, StateCorpus text) {
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
  private StateSearch highest(Reading r, int layer, int from, int to, StateCorpus text) {
    lowered = true;
    quantile = StateSearch.highest(r, layer, from, to, text);
    double[] thresholds = quantile > 0 ? StateSearch.quantiles(r.model(), layer, text, quantile)[0]
        : StateSearch.lowest(r, layer, from, to, text);
    return StateSearch.of(r, layer, from, to, thresholds);
  }

  /** Symbols of the phrase; of a tagger words, known or not. */
  private List<String> phrase(Subject subject) {
    if (subject.tagger()) return Arrays.stream(phrase.strip().split("\\s+")).filter(w -> !w.isEmpty()).toList();
    return Arrays.stream(subject.vocabulary().encodeKnown(phrase, "--phrase")).mapToObj(subject.vocabulary()::symbol).toList();
  }

  /** Where the phrase stands in the text. */
  private int from(Subject subject) {
    if (phrase == null) return 0;
    var p = phrase(subject);
    int at = p.isEmpty() ? -1 : Collections.indexOfSubList(subject.symbols(), p);
    if (at >= 0) return at;
    throw Main.usage("--phrase is not in the text").because("the pattern is that of a stretch of --text")
        .mend("--phrase with symbols of the text");
  }

  /** A place with what stands around it, in its sentence if the corpus has such. */
  private static String excerpt(Subject s, SubjectReader.Corpus text, int from, int length) {
    int i = text.of().sequence(from), start = Math.max(text.of().start(i), from - AROUND);
    int end = Math.min(text.sentences() == 0 ? text.ids().length : text.of().start(i + 1), from + length + AROUND);
    return excerpt(s.with(text, start, end).running(), start, end, from, length);
  }

  private static String excerpt(List<String> running, int start, int end, int from, int length) {
    var text = new StringBuilder();
    for (int i = start; i < end; i++) {
      if (i == from) text.append('【');
      text.append(running.get(i - start));
      if (i == from + length - 1) text.append('】');
    }
    return text.toString();
  }

  private static String pattern(Subject s, int from, int length) {
    int start = Math.max(0, from - AROUND), end = Math.min(s.ids().length, from + length + AROUND);
    return excerpt(s.running().subList(start, end), start, end, from, length);
  }

  /** Where a place begins: the position in a text from 0; of a tagger's corpus sentence and word in it, from 1. */
  private static List<Integer> place(Subject s, Found f, StateSearch.Place p) {
    int i = f.text.of().sequence(p.from());
    return s.tagger() ? List.of(i + 1, p.from() - f.text.of().start(i) + 1) : List.of(p.from());
  }

  private Sheet sheet(Subject s, Reading r, Found f) {
    var search = f.search;
    var walk = r.walk(search.layer());
    var figures = new ArrayList<Figure>();
    figures.add(new Figure.Table(talk.text("explain.states.pattern"), "",
        List.of(talk.text("explain.states.stretch"), talk.text("explain.states.on")),
        List.of(List.of(pattern(s, f.from, search.length()), Integer.toString(search.on().cardinality())))));
    var rows = new ArrayList<List<String>>();
    for (var p : f.places) {
      var row = new ArrayList<>(List.of(excerpt(s, f.text, p.from(), search.length())));
      row.addAll(place(s, f, p).stream().map(String::valueOf).toList());
      row.addAll(List.of(Integer.toString(p.both()), Figures.real(p.score(), 3)));
      rows.add(row);
    }
    var head = new ArrayList<>(List.of(talk.text("explain.states.stretch")));
    if (s.tagger()) head.addAll(List.of(talk.text("explain.states.sentence"), talk.text("explain.states.word")));
    else head.add(talk.text("explain.states.position"));
    head.addAll(List.of(talk.text("explain.states.both"), talk.text("explain.states.score")));
    figures.add(new Figure.Table(talk.text(s.tagger() ? "explain.states.places.words" : "explain.states.places", f.text.ids().length),
        talk.text("explain.states.places.note"), head, rows));
    var about = new ArrayList<>(s.about(List.of(walk), talk));
    var on = search.on().stream().mapToObj(Integer::toString).toList();
    var which = String.join(" ", on);
    about.add(threshold != null ? talk.text("explain.states.units", threshold, which) : talk.text("explain.states.quantile",
        100 * quantile, which));
    if (lowered) about.add(talk.text("explain.states.lowered", 100 * USUAL[USUAL.length - 1], 100 * quantile));
    var words = s.tagger() ? ".words" : "";
    about.add(f.text.ids().length == f.text.total() ? talk.text("explain.states.all" + words, f.text.total(), f.text.sentences())
        : talk.text("explain.states.first" + words, f.text.ids().length, f.text.total(), 100.0 * f.text.ids().length / f.text.total(),
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
      if (s.tagger()) m.put("sentence", place(s, f, p).getFirst());
      if (s.tagger()) m.put("word", place(s, f, p).getLast());
      m.put("both", p.both());
      m.put("score", p.score());
      m.put("text", excerpt(s, f.text, p.from(), f.search.length()));
      return m;
    }).toList());
    return o;
  }

  private List<List<Object>> rows(Subject s, Found f) {
    return IntStream.range(0, f.places.size()).<List<Object>>mapToObj(i -> {
      var p = f.places.get(i);
      var row = new ArrayList<Object>(List.of(i + 1));
      row.addAll(place(s, f, p));
      row.addAll(List.of(p.score(), p.both(), excerpt(s, f.text, p.from(), f.search.length())));
      return List.copyOf(row);
    }).toList();
  }
}
