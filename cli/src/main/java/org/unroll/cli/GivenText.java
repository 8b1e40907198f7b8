package org.unroll.cli;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.text.Corpus;
import org.unroll.tasks.text.Note;
import org.unroll.tasks.text.TextOptions;
import org.unroll.tasks.text.Tokens;
import org.unroll.tasks.text.Unit;
import org.unroll.tasks.text.Visible;
import org.unroll.tasks.text.Vocabulary;

/**
 * A text in the symbols of a model that exists.
 *
 * @param unknown how many of its symbols the model does not know
 * @param shown a few of these
 */
record GivenText(Tokens tokens, long unknown, List<String> shown, String sha256, List<Note> notes) {
  /** More unknown characters than this share, and the text is of another kind. Words are unknown more often. */
  private static final double MOST = 0.01, MOST_WORDS = 0.25;
  private static final int SHOWN = 8;

  /** D007 for a text of which the model knows too little. */
  static GivenText read(List<String> files, TextOptions options, Vocabulary vocabulary) {
    var corpus = Corpus.read(files, options, vocabulary);
    long unknown = corpus.unknown();
    var shown = unknown == 0 || files.contains("-") ? List.<String>of() : unknown(files, options, vocabulary);
    double most = vocabulary.unit() == Unit.CHAR ? MOST : MOST_WORDS;
    if (unknown > most * corpus.size()) {
      throw Fault.of(Code.D007, "%,d of %,d symbols are not in the vocabulary: %s", unknown, corpus.size(),
          String.join(" ", shown))
          .at(String.join(", ", files)).because("at most %s %% may be unknown; the model knows the %,d symbols of its training text",
              Figures.real(100 * most, 0), vocabulary.size() - 1).mend("give text of the kind that the model was trained on");
    }
    return new GivenText(corpus.all(), unknown, shown, corpus.sha256(), corpus.notes());
  }

  private static List<String> unknown(List<String> files, TextOptions options, Vocabulary vocabulary) {
    var shown = new ArrayList<String>();
    for (var s : Corpus.read(files, options).vocabulary().symbols()) {
      if (s.equals(Vocabulary.UNK) || vocabulary.id(s) != 0) continue;
      if (shown.size() == SHOWN) {
        shown.add("…");
        break;
      }
      shown.add(Visible.symbol(s));
    }
    return shown;
  }
}
