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

  private final Talk talk;

  @Mixin
  ExplainFlags flags = new ExplainFlags();

  @Option(names = "--phrase", paramLabel = "TEXT")
  String phrase;

  @Option(names = "--threshold", paramLabel = "X")
  double threshold = 0.3;

  @Option(names = "--top", paramLabel = "N")
  int top = 10;

  @Option(names = "--corpus", paramLabel = "FILE")
  String corpus;

  @Option(names = "--max-symbols", paramLabel = "N")
  int most = 200_000;

  ExplainStates(Talk talk) { this.talk = talk; }

  @Override public Integer call() {
    Reach.requireText(flags.file != null || corpus != null, "FILE", talk);
    var subject = Subject.of(flags, MOST, talk);
    var r = subject.reading();
    int layer = flags.layer(r), from = from(subject);
    int length = phrase == null ? subject.ids().length : ids(subject).length;
    var search = StateSearch.of(r, layer, from, from + length, threshold);
    int[] text = corpus(subject);
    var found = search.in(text, top);
    var head = List.of("rank", "position", "score", "both", "text");
    return flags.write(new Explained(sheet(subject, r, search, from, found, text), json(subject, r, search, from, found, text), head,
        rows(subject, search, found, text)), talk);
  }

  /** The symbols to search: of {@code --corpus}, or of the run's own text. */
  private int[] corpus(Subject subject) {
    if (corpus != null) return Subject.cut(Subject.read(corpus, subject.lm().vocabulary(), talk), most, talk);
    var run = Places.runOf(flags.model, talk);
    if (run.isEmpty()) throw Main.usage("--corpus is missing").because("a model file has no text of its own").mend("--corpus FILE");
    return Subject.own(run.get(), most);
  }

  private int[] ids(Subject subject) { return subject.lm().vocabulary().encodeKnown(phrase, "--phrase"); }

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
    var running = new Subject(s.lm(), Arrays.copyOfRange(ids, start, end), new int[0]).running();
    for (int i = start; i < end; i++) {
      if (i == from) text.append('【');
      text.append(running.get(i - start));
      if (i == from + length - 1) text.append('】');
    }
    return text.toString();
  }

  private Sheet sheet(Subject s, Reading r, StateSearch search, int from, List<StateSearch.Place> found, int[] text) {
    var walk = r.walk(search.layer());
    var figures = new ArrayList<Figure>();
    figures.add(new Figure.Table(talk.text("explain.states.pattern"), "",
        List.of(talk.text("explain.states.stretch"), talk.text("explain.states.on")),
        List.of(List.of(excerpt(s, s.ids(), from, search.length()), Integer.toString(search.on().cardinality())))));
    var rows = new ArrayList<List<String>>();
    for (var p : found) {
      rows.add(List.of(excerpt(s, text, p.from(), search.length()), Integer.toString(p.from()), Integer.toString(p.both()),
          Figures.real(p.score(), 3)));
    }
    figures.add(new Figure.Table(talk.text("explain.states.places", text.length), talk.text("explain.states.places.note"),
        List.of(talk.text("explain.states.stretch"), talk.text("explain.states.position"), talk.text("explain.states.both"),
            talk.text("explain.states.score")), rows));
    var about = new ArrayList<>(s.about(walk, talk));
    var on = search.on().stream().mapToObj(Integer::toString).toList();
    about.add(talk.text("explain.states.units", threshold, String.join(" ", on)));
    return new Sheet(talk.text("explain.states.title"), about, talk.language().tag(), figures);
  }

  private Map<String, Object> json(Subject s, Reading r, StateSearch search, int from, List<StateSearch.Place> found, int[] text) {
    var o = s.json("states");
    o.put("layer", r.walk(search.layer()).name());
    o.put("from", from);
    o.put("length", search.length());
    o.put("threshold", threshold);
    o.put("on", search.on().stream().boxed().toList());
    o.put("corpus", text.length);
    o.put("places", found.stream().map(p -> {
      var m = new LinkedHashMap<String, Object>();
      m.put("position", p.from());
      m.put("both", p.both());
      m.put("score", p.score());
      m.put("text", excerpt(s, text, p.from(), search.length()));
      return m;
    }).toList());
    return o;
  }

  private List<List<Object>> rows(Subject s, StateSearch search, List<StateSearch.Place> found, int[] text) {
    return IntStream.range(0, found.size()).mapToObj(i -> {
      var p = found.get(i);
      return List.<Object>of(i + 1, p.from(), p.score(), p.both(), excerpt(s, text, p.from(), search.length()));
    }).toList();
  }
}
