package org.unroll.tasks.text;

import java.util.Locale;

/** Text that is safe to show: what would move the cursor, turn the direction or stay unseen is written as its hex code. */
public final class Visible {
  private static final int JOINER = 0x200D;
  private static final int NON_JOINER = 0x200C;

  private Visible() {}

  /** {@code text} with line ends and tabs as they are; joiners stay too, emoji and Persian are made with them. */
  public static String text(String text) {
    var s = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      if (c == '\n' || c == '\t' || !hidden(c)) s.appendCodePoint(c);
      else escape(s, c);
    });
    return s.toString();
  }

  /** One symbol, for a list of symbols: white space is escaped as well. */
  public static String symbol(String symbol) {
    var s = new StringBuilder(symbol.length());
    symbol.codePoints().forEach(c -> {
      if (hidden(c) || Character.isWhitespace(c) || Character.isSpaceChar(c)) escape(s, c);
      else s.appendCodePoint(c);
    });
    return s.toString();
  }

  private static void escape(StringBuilder s, int c) {
    s.append("\\u{").append(Integer.toHexString(c).toUpperCase(Locale.ROOT)).append('}');
  }

  private static boolean hidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
      case Character.FORMAT -> c != JOINER && c != NON_JOINER;
      default -> false;
    };
  }
}
