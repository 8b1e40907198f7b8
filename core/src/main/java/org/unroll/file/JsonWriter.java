package org.unroll.file;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** The writing half of {@link Json}. */
final class JsonWriter {
  private final Form form;
  private final StringBuilder out = new StringBuilder();

  /** For a file on one line, for a file on many, or for a terminal and whoever reads our output. */
  enum Form { LINE, PAGE, SHOWN }

  JsonWriter(Form form) { this.form = form; }

  String write(Object value) {
    value(value, 0);
    return out.toString();
  }

  private void value(Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case String s -> string(s);
      case Boolean b -> out.append(b.booleanValue());
      case Long l -> out.append(l.longValue());
      case Integer i -> out.append(i.intValue());
      case Float f -> number(f);
      case Double d -> number(d);
      case Map<?, ?> map -> object(map, depth);
      case Collection<?> list -> list(list, depth);
      default -> {
        if (form != Form.SHOWN) throw new IllegalArgumentException("JSON has no " + value.getClass());
        string(value.toString());
      }
    }
  }

  /** The shortest text of a float that casts back to it, read as a double. */
  private void number(float f) {
    var shortest = Float.toString(f);
    if (Float.isFinite(f) && (float) Double.parseDouble(shortest) == f) out.append(shortest);
    else number((double) f);
  }

  private void number(double d) {
    if (Double.isFinite(d)) out.append(d);
    else if (form == Form.SHOWN) string(Double.toString(d));
    else throw Fault.of(Code.C030, "JSON has no number %s", d).mend("write it as a string");
  }

  private void object(Map<?, ?> map, int depth) {
    out.append('{');
    boolean first = true;
    for (var e : (map instanceof SequencedMap ? map : new TreeMap<>(map)).entrySet()) {
      item(first, depth + 1);
      first = false;
      string((String) e.getKey());
      out.append(form == Form.PAGE ? ": " : ":");
      value(e.getValue(), depth + 1);
    }
    if (!first) line(depth);
    out.append('}');
  }

  private void list(Collection<?> list, int depth) {
    out.append('[');
    boolean first = true;
    for (var item : list) {
      item(first, depth + 1);
      first = false;
      value(item, depth + 1);
    }
    if (!first) line(depth);
    out.append(']');
  }

  private void item(boolean first, int depth) {
    if (!first) out.append(',');
    line(depth);
  }

  private void line(int depth) {
    if (form == Form.PAGE) out.append('\n').repeat("  ", depth);
  }

  private void string(String s) {
    if (form != Form.SHOWN && !Json.isUnicode(s)) throw Fault.of(Code.C030, "a string with half of a surrogate pair has no JSON form");
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      int plain = "\"\\\b\f\n\r\t".indexOf(c);
      if (plain >= 0) out.append('\\').append("\"\\bfnrt".charAt(plain));
      else if (c < ' ' || c == 0x7F || form == Form.SHOWN && hidden(s, i)) out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      else out.append(c);
    }
    out.append('"');
  }

  /** What a terminal would obey or not show: control characters, other line ends, half of a surrogate pair. */
  private static boolean hidden(String s, int i) {
    char c = s.charAt(i);
    if (Character.isHighSurrogate(c)) return i + 1 == s.length() || !Character.isLowSurrogate(s.charAt(i + 1));
    if (Character.isLowSurrogate(c)) return i == 0 || !Character.isHighSurrogate(s.charAt(i - 1));
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }
}
