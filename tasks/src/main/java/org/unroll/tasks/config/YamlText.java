package org.unroll.tasks.config;

import java.util.Locale;

/** Text written as a YAML scalar. */
final class YamlText {

  private YamlText() {}

  /** Bare where that is safe, else in double quotes with escapes. */
  static String scalar(String text) {
    boolean bare = text.matches("[\\p{L}/._][\\p{L}\\p{M}\\p{N}/._+-]*")
        && !text.matches("(?i)true|false|null|yes|no|on|off|\\.(nan|inf)");
    if (bare) return text;
    var s = new StringBuilder("\"");
    text.codePoints().forEach(c -> {
      switch (c) {
        case '"' -> s.append("\\\"");
        case '\\' -> s.append("\\\\");
        case '\n' -> s.append("\\n");
        case '\t' -> s.append("\\t");
        case '\r' -> s.append("\\r");
        default -> {
          if (escaped(c)) s.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
          else s.appendCodePoint(c);
        }
      }
    });
    return s.append('"').toString();
  }

  /** What YAML does not print as it is, or what a terminal would obey. */
  private static boolean escaped(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE,
          Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default -> false;
    };
  }
}
