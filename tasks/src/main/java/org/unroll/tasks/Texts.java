package org.unroll.tasks;

import java.util.List;
import org.unroll.tasks.text.Corpus;
import org.unroll.tasks.text.TextOptions;

/** Where text comes from; read when it is needed. */
public sealed interface Texts {

  /** Files and folders; {@code -} is standard input. */
  static Texts of(String... names) { return new Named(List.of(names)); }

  /** Text at hand. */
  static Texts inMemory(String text) { return new InMemory(text); }

  /** Encoded by a vocabulary of its own. */
  Corpus read(TextOptions options);

  record Named(List<String> names) implements Texts {
    @Override public Corpus read(TextOptions options) { return Corpus.read(names, options); }
  }

  record InMemory(String text) implements Texts {
    @Override public Corpus read(TextOptions options) { return Corpus.of("text", text, options); }
  }
}
