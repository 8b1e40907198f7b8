package org.unroll.tasks;

import java.util.List;
import org.unroll.tasks.text.Corpus;
import org.unroll.tasks.text.TextOptions;
import org.unroll.tasks.text.Vocabulary;

/** Where text comes from; read when it is needed. */
public sealed interface Texts {

  /** Files and folders; {@code -} is standard input. */
  static Texts of(String... names) { return new Named(List.of(names)); }

  /** Text at hand. */
  static Texts inMemory(String text) { return new InMemory(text); }

  /** Encoded by a vocabulary of its own. */
  Corpus read(TextOptions options);

  /** Encoded by a model's vocabulary. */
  Corpus read(TextOptions options, Vocabulary vocabulary);

  record Named(List<String> names) implements Texts {
    @Override public Corpus read(TextOptions options) { return Corpus.read(names, options); }

    @Override public Corpus read(TextOptions options, Vocabulary vocabulary) { return Corpus.read(names, options, vocabulary); }
  }

  record InMemory(String text) implements Texts {
    @Override public Corpus read(TextOptions options) { return Corpus.of("text", text, options); }

    @Override public Corpus read(TextOptions options, Vocabulary vocabulary) { return Corpus.of("text", text, options, vocabulary); }
  }
}
