package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.State;
import org.unroll.look.Reading;
import org.unroll.look.Walk;
import org.unroll.model.Model;
import org.unroll.slab.Batch;
import org.unroll.slab.Workspace;
import org.unroll.tasks.text.Unit;
import org.unroll.tasks.text.Visible;
import org.unroll.tasks.text.Vocabulary;

/**
 * A model and the text that it is explained by.
 *
 * @param tags what a tagger gives to words; empty for a language model
 * @param ids of the text
 * @param before ids of what is read before it and not shown
 * @param symbols of the text as they were given: a tagger takes words that it does not know
 */
record Subject(Model model, Vocabulary vocabulary, List<String> tags, int[] ids, int[] before, List<String> symbols) {

  /** Of a language model. */
  static Subject of(Model model, Vocabulary v, int[] ids, int[] before) {
    return new Subject(model, v, List.of(), ids, before, IntStream.of(ids).mapToObj(v::symbol).toList());
  }

  /** The same model with symbols of a corpus. */
  Subject with(SubjectReader.Corpus corpus, int from, int to) {
    int[] some = Arrays.copyOfRange(corpus.ids(), from, to);
    if (!tagger()) return of(model, vocabulary, some, new int[0]);
    return new Subject(model, vocabulary, tags, some, new int[0], corpus.typed().subList(from, to));
  }

  boolean tagger() { return !tags.isEmpty(); }

  /** M009 for a tagger: what is asked for needs a text that goes on from symbol to symbol. */
  void requireRunning(String what) {
    if (tagger()) throw Fault.of(Code.M009, "%s is not for a tagger", what)
        .because("a tagger reads one sentence at a time, as a whole: it has no running text and predicts no symbol")
        .mend("unroll explain gates, memory, gradient, connectivity or states");
  }

  Reading reading() { return Reading.after(model, before, ids); }

  /** What is followed of each step: the symbol that a language model expects most, the tag that a tagger gives. */
  int[] followed(Reading r) {
    if (!tagger()) return IntStream.range(0, r.steps()).map(r::likeliest).toArray();
    return model.lattices(Batch.full(Reading.symbols(ids), new long[1]), State.ZERO,
        new Workspace()).getFirst().viterbi().labels();
  }

  /** Name of an output of the model. */
  String output(int k) { return tagger() ? tags.get(k) : label(vocabulary.symbol(k)); }

  /** The same in full, for programs. */
  String outputSymbol(int k) { return tagger() ? tags.get(k) : vocabulary.symbol(k); }

  /** Names of the symbols, one for each step: visible, and short. */
  List<String> labels() { return symbols.stream().map(Subject::label).toList(); }

  private static String label(String s) { return s.equals("\n") ? "⏎" : s.equals(" ") ? "␣" : Visible.symbol(s); }

  /** The symbols as they read one after the other. */
  List<String> running() {
    boolean word = vocabulary.unit() == Unit.WORD;
    return labels().stream().map(l -> l.equals("␣") ? " " : word ? l + " " : l).toList();
  }

  /** Lines that say which model read what, and what these layers are. */
  List<String> about(List<Walk> walks, Talk talk) {
    var lines = new ArrayList<>(List.of(talk.text("explain.model", model.id().substring(0, 12)),
        tagger() ? talk.text("explain.read.words", ids.length) : talk.text("explain.read", ids.length, before.length)));
    for (var w : walks) {
      var name = w.name() + (w.forward() ? "" : talk.text("explain.backward"));
      lines.add(w.gates().isEmpty() ? talk.text("explain.walk.none", name, w.cell(), w.units(), String.join(" ", w.slots()))
          : talk.text("explain.walk", name, w.cell(), w.units(), String.join(" ", w.gates()), String.join(" ", w.slots())));
    }
    return lines;
  }

  /** What every JSON begins with. */
  Map<String, Object> json(String what) {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("explain", what);
    o.put("model", "sha256:" + model.id());
    o.put("symbols", symbols);
    o.put("context", tagger() ? Collections.emptyList() : IntStream.of(before).mapToObj(vocabulary::symbol).toList());
    return o;
  }
}
