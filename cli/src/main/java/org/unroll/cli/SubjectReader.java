package org.unroll.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.unroll.look.StateCorpus;
import org.unroll.model.Model;
import org.unroll.tasks.LanguageModel;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.run.LmData;
import org.unroll.tasks.run.RunInfo;
import org.unroll.tasks.tag.Conllu;
import org.unroll.tasks.tag.TagSymbols;
import org.unroll.tasks.tag.Tagger;
import org.unroll.tasks.text.Lines;
import org.unroll.tasks.text.TextOptions;
import org.unroll.tasks.text.Unit;
import org.unroll.tasks.text.Vocabularies;
import org.unroll.tasks.text.Vocabulary;

/**
 * Finds the model that a command line names and the text to look at: of a language model symbols, of a tagger words with spaces
 * between.
 *
 * @param tags null for a language model
 */
record SubjectReader(String name, Model model, Vocabulary vocabulary, TagSymbols tags, Talk talk) {

  static SubjectReader of(String name, Talk talk) {
    var model = Model.load(Places.model(name, talk), Computing.kernels(talk));
    if (model.attachment(Vocabularies.NAME) == null && Tagger.is(model)) {
      var symbols = Tagger.of(model).symbols();
      return new SubjectReader(name, model, symbols.words(), symbols, talk);
    }
    return new SubjectReader(name, model, LanguageModel.of(model).vocabulary(), null, talk);
  }

  /** @param most symbols of a text: more of {@code --text} is refused, of a file the first are taken */
  Subject given(String file, LookFlags look, int most) {
    if (look.text != null && file != null) throw Main.usage("--text and %s exclude each other", file)
        .mend("leave one of them out");
    if (look.text == null && file == null) {
      throw Main.usage("--text is missing").because("there is nothing to look at").mend("--text '…', or a FILE");
    }
    var subject = tags != null ? words(file, look) : symbols(file, look, most);
    if (subject.ids().length == 0) throw Main.usage("--text is empty")
        .because("there is nothing to look at").mend("a text of at least one symbol");
    if (subject.ids().length > most) {
      throw Main.usage("--text has %,d symbols, must have at most %,d", subject.ids().length, most).mend("a shorter text");
    }
    return subject;
  }

  private Subject symbols(String file, LookFlags look, int most) {
    int end = vocabulary.lineEnd();
    int[] before = look.context != null ? vocabulary.encodeKnown(look.context, "--context") : end > 0 ? new int[] {end}
        : new int[0];
    int[] ids = look.text != null ? vocabulary.encodeKnown(look.text, "--text") : cut(read(file), most);
    return Subject.of(model, vocabulary, ids, before);
  }

  private Subject words(String file, LookFlags look) {
    if (look.context != null) throw Main.usage("--context has no effect with a tagger").because("it reads a sentence as a whole")
        .mend("leave it out");
    var text = look.text != null ? look.text : sentence(file);
    var typed = Arrays.stream(text.strip().split("\\s+")).filter(w -> !w.isEmpty()).toList();
    int[] ids = tags.words(typed);
    var unknown = IntStream.range(0, ids.length).filter(i -> ids[i] == 0).mapToObj(typed::get)
        .map(Talk::printable).distinct().toList();
    if (!unknown.isEmpty()) talk.warn("explain.unknown", unknown.size(), typed.size(), String.join(" ", unknown));
    return new Subject(model, vocabulary, tags.tags(), ids, new int[0], typed);
  }

  /** The first line of a file that is not blank. */
  private String sentence(String file) {
    var lines = new ArrayList<String>();
    Lines.read(file, (_, _, line) -> {
      if (!line.isBlank()) lines.add(line);
    });
    if (lines.size() > 1) talk.say("explain.sentence", lines.size());
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  /** The text of {@code --text} or FILE; for a run also its own, the part kept apart first. Nothing stands before it. */
  Subject orOwn(String file, LookFlags look, int most) {
    var run = look.text != null || file != null || tags != null ? null : Places.runOf(name, talk).orElse(null);
    return run == null ? given(file, look, most) : Subject.of(model, vocabulary, own(run).first(most).ids(), new int[0]);
  }

  /**
   * Symbols to search.
   *
   * @param typed words of a tagger's corpus as they stand there, one for each id; empty for a language model
   * @param total how many there are; {@code of} may have the first of them
   * @param sentences how many of these; 0 for a language model, whose text runs on
   */
  record Corpus(StateCorpus of, List<String> typed, int total, int sentences) {
    static Corpus of(int[] ids) { return new Corpus(StateCorpus.running(ids), List.of(), ids.length, 0); }

    int[] ids() { return of.ids(); }

    /** The first symbols; of sentences those that are whole among them, and one at least. */
    Corpus first(int most) {
      if (ids().length <= most) return this;
      if (sentences == 0) return new Corpus(StateCorpus.running(Arrays.copyOf(ids(), most)), typed, total, 0);
      int count = Math.max(1, of.sequence(most)), end = of.start(count);             // the sentence of symbol most is not whole
      var some = new StateCorpus(Arrays.copyOf(ids(), end), Arrays.copyOf(of.starts(), count));
      return new Corpus(some, typed.subList(0, end), total, sentences);
    }
  }

  /** Sentences of a file: CoNLL-U by its name, else a sentence a line, words with spaces between. */
  private Corpus sentences(String file) {
    var all = new ArrayList<List<String>>();
    if (file.matches("(?i).*\\.conllu(\\.gz)?")) {
      Conllu.read(file).forEach(s -> all.add(s.words()));
    } else {
      Lines.read(file, (_, _, line) -> {
        if (!line.isBlank()) all.add(List.of(line.strip().split("\\s+")));
      });
    }
    if (all.isEmpty()) {
      throw Main.usage("%s has no sentence", file).because("there is nothing to search")
          .mend("a sentence a line, words with spaces between");
    }
    var typed = all.stream().flatMap(List::stream).toList();
    return new Corpus(StateCorpus.of(all.stream().map(tags::words).toList()), typed, typed.size(), all.size());
  }

  /** The text of a run, the part kept apart first. */
  private static Corpus own(RunInfo run) {
    var data = LmData.read(LmConfig.of(run.settings()).data());
    return Corpus.of((data.heldOut().size() > 1 ? data.heldOut() : data.train()).toArray());
  }

  /** The symbols of a file, or of the run's own text. */
  Corpus corpus(String file) {
    if (file != null) return tags != null ? sentences(file) : Corpus.of(read(file));
    return own(Places.runOf(name, talk).orElseThrow(() -> Main.usage("--corpus is missing")
        .because("a model file has no text of its own")
        .mend("--corpus FILE")));
  }

  /** A text file in the model's symbols. */
  private int[] read(String file) {
    var options = (vocabulary.unit() == Unit.CHAR ? TextOptions.chars()
        : TextOptions.words()).withLowerCase(vocabulary.lowerCase());
    var encoding = talk.flags().encoding;
    var given = GivenText.read(List.of(file), options.withEncoding(encoding == null ? "auto" : encoding), vocabulary);
    if (given.unknown() > 0) {
      talk.warn("evaluate.unknown", given.unknown(), given.tokens().size(), 100.0 * given.unknown() / given.tokens().size(),
          String.join(" ", given.shown()));
    }
    return given.tokens().toArray();
  }

  private int[] cut(int[] ids, int most) {
    if (ids.length <= most) return ids;
    talk.say("explain.cut", most, ids.length);
    return Arrays.copyOf(ids, most);
  }
}
