package org.unroll.tasks.tag;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Json;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.model.Spec;
import org.unroll.slab.Workspace;
import org.unroll.tasks.text.Vocabularies;

/**
 * Gives each word of a sentence a tag: the most probable sequence of tags, as a whole. Immutable, to be shared by any number of
 * threads.
 *
 * {@snippet :
 * var tagger = TagTraining.of(SpecYaml.read("tagger.yaml", yaml), Conllu.read("train.conllu"), TagTraining.Settings.usual()).run(e -> { });
 * IO.println(tagger.tag(List.of(List.of("They", "buy", "books", "."))));
 * }
 */
public final class Tagger {
  private static final String WORDS = "words", TAGS = "tags";
  private static final Json.Rules RULES = new Json.Rules(Code.M003, Code.M003, 4, 1 << 20, 1 << 16, 64, 0);
  private static final int ROWS = 32;

  private final Model model;
  private final TagSymbols symbols;

  private Tagger(Model model, TagSymbols symbols) {
    this.model = model;
    this.symbols = symbols;
  }

  /** A model that carries its words and tags; M007 for one that does not, or has no CRF. */
  public static Tagger of(Model model) {
    byte[] words = model.attachment(WORDS), tags = model.attachment(TAGS);
    if (words == null || tags == null) throw Fault.of(Code.M007, "the model has no words or no tags").because("a tagger needs both");
    if (!(model.spec().head() instanceof Spec.Crf)) throw Fault.of(Code.M007, "the model has no crf").because("a tagger needs one");
    if (!(Json.read(tags, TAGS, RULES) instanceof List<?> names)) throw Fault.of(Code.M003, "the tags are damaged").at(TAGS);
    var symbols = new TagSymbols(Vocabularies.read(words), names.stream().map(String::valueOf).toList());
    if (symbols.tags().size() != model.spec().head().outputs()) {
      throw Fault.of(Code.M007, "there are %d tags, the model has %d labels", symbols.tags().size(), model.spec().head().outputs());
    }
    return new Tagger(model, symbols);
  }

  /** Whether a model is one that {@link #of} takes for a tagger: it carries words and tags. */
  public static boolean is(Model model) { return model.attachment(WORDS) != null && model.attachment(TAGS) != null; }

  /** A model file that {@link #save} wrote. */
  public static Tagger load(Path file, Kernels kernels) { return of(Model.load(file, kernels)); }

  /** Writes one file, words and tags included. */
  public void save(Path file) { model.save(file); }

  /** The network and its weights; the symbols are an attachment of it. */
  public Model model() { return model; }

  /** The words and tags that it knows, by id. */
  public TagSymbols symbols() { return symbols; }

  /** What a model of these words and tags carries. */
  static Map<String, byte[]> attachments(TagSymbols s) {
    return Map.of(WORDS, Vocabularies.write(s.words()), TAGS, Json.write(s.tags()).getBytes(StandardCharsets.UTF_8));
  }

  /** The tags of each sentence's words. */
  public List<List<String>> tag(List<List<String>> sentences) {
    var some = sentences.stream().filter(s -> !s.isEmpty()).map(symbols::words).toList();
    var tagged = new ArrayList<List<String>>(Collections.nCopies(some.size(), List.of()));
    var ws = new Workspace();
    for (var batch : new Batches(some, null, ROWS).sorted()) {
      ws.reset();
      int[][] labels = model.decode(batch.x(), State.ZERO, ws);
      for (int n = 0; n < labels.length; n++) tagged.set(batch.sentences()[n], symbols.names(labels[n]));
    }
    var all = new ArrayList<List<String>>();
    for (var s : sentences) all.add(s.isEmpty() ? List.of() : tagged.removeFirst());
    return all;
  }

  /** The share of words whose tag is right. */
  public double accuracy(List<Sentence> sentences) {
    var tagged = tag(sentences.stream().map(Sentence::words).toList());
    long right = 0, words = 0;
    for (int i = 0; i < tagged.size(); i++) {
      for (int t = 0; t < tagged.get(i).size(); t++) {
        words++;
        if (tagged.get(i).get(t).equals(sentences.get(i).tags().get(t))) right++;
      }
    }
    return (double) right / words;
  }
}
