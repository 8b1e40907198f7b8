package org.unroll.tasks.text;

/** What a symbol of a language model is. */
public enum Unit {
  /** A Unicode code point, never half of a surrogate pair; line ends are symbols like any other. */
  CHAR,
  /** What stands between white space; a line end is the symbol {@link Vocabulary#EOS}. */
  WORD
}
