package org.unroll.tasks.run;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.text.Corpus;
import org.unroll.tasks.text.Note;
import org.unroll.tasks.text.TextOptions;
import org.unroll.tasks.text.Tokens;
import org.unroll.tasks.text.Vocabulary;

/**
 * Text encoded for a language model.
 *
 * @param train to learn from; dev to choose by; test for the final figure. Dev and test may be empty
 * @param sha256 of the files' bytes: the same text, whatever it is called
 */
public record LmData(Corpus corpus, Vocabulary vocabulary, Tokens train, Tokens dev, Tokens test, String sha256, List<Note> notes) {

  /** Reads what the configuration names. Faults of family D. */
  public static LmData read(LmConfig.Data d) {
    if (d.train().isEmpty()) {
      throw Fault.of(Code.D001, "no text is named").at("data.train").mend("--data FILE, a folder, or - for standard input");
    }
    return of(Corpus.read(d.train(), options(d)), d);
  }

  /** A corpus already read. */
  public static LmData of(Corpus corpus, LmConfig.Data d) {
    var notes = new ArrayList<>(corpus.notes());
    boolean own = !d.dev().isEmpty();
    var split = corpus.split(own ? 0 : d.devFraction(), d.testFraction());
    var dev = split.dev();
    var sha = corpus.sha256();
    if (own) {
      var other = Corpus.read(d.dev(), options(d), corpus.vocabulary());
      notes.addAll(other.notes());
      dev = other.all();
      sha += "+" + other.sha256();
    }
    int symbols = corpus.vocabulary().size() - 1;
    if (symbols < 2) {
      throw Fault.of(Code.D006, "the text has %d distinct symbol", symbols).at(String.join(", ", d.train()))
          .because("there is nothing to predict").mend("give a text with at least two symbols");
    }
    return new LmData(corpus, corpus.vocabulary(), split.train(), dev, split.test(), sha, List.copyOf(notes));
  }

  /**
   * Refuses, with D005, what cannot be trained on: a training part shorter than one window, and a dev part that was asked for
   * and has nothing to predict. {@code unroll data check} and every training ask this and nothing else.
   */
  public void requireTrainable(LmConfig config) {
    var t = config.train();
    train.requireWindow(t.bptt(), Math.max(1, t.batch()), "training part of " + name());
    var d = config.data();
    if (hasDev() || d.dev().isEmpty() && d.devFraction() == 0) return;
    var fault = Fault.of(Code.D005, "%d symbol%s, need 2", dev.size(), dev.size() == 1 ? "" : "s")
        .because("the best checkpoint is chosen by how well this part is predicted");
    if (!d.dev().isEmpty()) {
      throw fault.at("dev part: %s", String.join(", ", d.dev())).mend("give more text").mend("leave data.dev out");
    }
    double share = Math.ceil(200.0 / corpus.size()) / 100; // two symbols, in whole hundredths
    fault = fault.at("dev part of %s", name());
    if (share + d.testFraction() < 1) fault = fault.mend("data.dev_fraction: %s", share);
    throw fault.mend("data.dev_fraction: 0, to train without a dev part").mend("give more text");
  }

  /** Whether there is a dev part to choose by. */
  public boolean hasDev() { return dev.size() > 1; }

  /** The part for the final figure: test, or dev where there is no test part. Fewer than two symbols where neither is there. */
  public Tokens heldOut() { return test.size() > 1 ? test : dev; }

  private String name() {
    return corpus.files().size() == 1 ? corpus.files().getFirst().name() : corpus.files().size() + " files";
  }

  /** How a configuration wants its text read. */
  public static TextOptions options(LmConfig.Data d) {
    return new TextOptions(d.encoding(), d.unit(), d.documents(), d.lowercase(),
        Math.toIntExact(Math.min(d.minCount(), Integer.MAX_VALUE)), d.maxVocab());
  }
}
