package org.unroll.cli;

import java.util.Collection;
import java.util.Map;

/** Maps, collections, text, numbers and truth values as one line of JSON. */
final class Json {

  private Json() {}

  static String of(Object value) {
    var s = new StringBuilder();
    write(value, s);
    return s.toString();
  }

  private static void write(Object value, StringBuilder s) {
    switch (value) {
      case null -> s.append("null");
      case Map<?, ?> m -> {
        s.append('{');
        m.forEach((k, v) -> {
          separate(s, '{');
          text(String.valueOf(k), s);
          s.append(':');
          write(v, s);
        });
        s.append('}');
      }
      case Collection<?> c -> {
        s.append('[');
        c.forEach(v -> {
          separate(s, '[');
          write(v, s);
        });
        s.append(']');
      }
      case Double d when !Double.isFinite(d) -> text(d.toString(), s); // JSON has no such number
      case Float f when !Float.isFinite(f) -> text(f.toString(), s);
      case Number n -> s.append(n);
      case Boolean b -> s.append(b);
      default -> text(value.toString(), s);
    }
  }

  private static void separate(StringBuilder s, char open) {
    if (s.charAt(s.length() - 1) != open) s.append(',');
  }

  private static void text(String t, StringBuilder s) {
    s.append('"');
    for (int i = 0; i < t.length(); i++) {
      char c = t.charAt(i);
      switch (c) {
        case '"' -> s.append("\\\"");
        case '\\' -> s.append("\\\\");
        case '\n' -> s.append("\\n");
        case '\r' -> s.append("\\r");
        case '\t' -> s.append("\\t");
        default -> {
          if (c < 0x20 || c >= 0x7F && c < 0xA0 || c == 0x2028 || c == 0x2029 || loneSurrogate(t, i)) {
            s.append("\\u%04x".formatted((int) c));
          } else {
            s.append(c);
          }
        }
      }
    }
    s.append('"');
  }

  private static boolean loneSurrogate(String t, int i) {
    char c = t.charAt(i);
    if (Character.isHighSurrogate(c)) return i + 1 == t.length() || !Character.isLowSurrogate(t.charAt(i + 1));
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(t.charAt(i - 1)));
  }
}
