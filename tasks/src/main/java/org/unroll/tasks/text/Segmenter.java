package org.unroll.tasks.text;

import java.util.Locale;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** Code points to symbols and documents. */
final class Segmenter {
  /** Longest word in code points. */
  static final int LONGEST = 1 << 16;

  /** Who takes the symbols. */
  interface Out {
    /** A symbol of {@link Unit#CHAR}. */
    void character(int codePoint);

    /** A symbol of {@link Unit#WORD}. */
    void word(String word);

    /** What came since the last call, or the beginning, was a document. */
    void endDocument();
  }

  private final TextOptions options;
  private final Out out;
  private final StringBuilder word = new StringBuilder();
  private final StringBuilder blank = new StringBuilder();
  private boolean inLine;
  private boolean inDocument;
  private int last = '\n';

  Segmenter(TextOptions options, Out out) {
    this.options = options;
    this.out = out;
  }

  /** Takes the next code point of a file, with LF as its only line end. */
  void take(int c) {
    if (options.documents() == Documents.CONTINUOUS) {
      give(c);
    } else if (c == '\n') {
      endLine();
    } else if (!inLine && isSpace(c)) {
      blank.appendCodePoint(c); // kept if the line turns out not to be blank
    } else {
      if (!inLine) blank.codePoints().forEach(this::give);
      blank.setLength(0);
      inLine = true;
      inDocument = true;
      give(c);
    }
  }

  /** Ends a file. */
  void endFile(boolean anotherFollows) {
    if (options.documents() == Documents.CONTINUOUS) {
      if (last != '\n' && (anotherFollows || options.unit() == Unit.WORD)) give('\n');
      return;
    }
    if (inLine) endLine();
    if (inDocument) endLine();
  }

  /** Ends text that goes on elsewhere, a prompt: nothing is added. */
  void endPrompt() { endWord(); }

  private void endLine() {
    blank.setLength(0);
    boolean ends = options.documents() == Documents.LINE ? inLine : !inLine && inDocument;
    if (inLine || ends) give('\n');
    inLine = false;
    if (!ends) return;
    inDocument = false;
    out.endDocument();
  }

  private void give(int c) {
    last = c;
    if (options.unit() == Unit.CHAR) {
      out.character(options.lowerCase() ? Character.toLowerCase(c) : c);
    } else if (isSpace(c)) {
      endWord();
      if (c == '\n') out.word(Vocabulary.EOS);
    } else {
      word.appendCodePoint(c);
      if (word.length() > 2 * LONGEST) {
        throw Fault.of(Code.D004, "a word has more than %,d characters", LONGEST).at(Visible.symbol(word.substring(0, 32)) + "…")
            .because("words stand between white space").mend("if the text has none, use characters");
      }
    }
  }

  private void endWord() {
    if (word.isEmpty()) return;
    var w = word.toString();
    word.setLength(0);
    out.word(options.lowerCase() ? w.toLowerCase(Locale.ROOT) : w);
  }

  static boolean isSpace(int c) { return Character.isWhitespace(c) || Character.isSpaceChar(c); }
}
