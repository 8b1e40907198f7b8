package org.unroll.file;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** The writing half of {@link Json}. */
final class JsonWriter {
  private final boolean pretty;
  private final StringBuilder out = new StringBuilder();

  JsonWriter(boolean pretty) { this.pretty = pretty; }

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
      case Float f -> out.append(number(f));
      case Double d -> out.append(number(d));
      case Map<?, ?> map -> object(map, depth);
      case List<?> list -> list(list, depth);
      default -> throw new IllegalArgumentException("JSON has no " + value.getClass());
    }
  }

  /** The shortest text of a float that casts back to it, read as a double. */
  private static String number(float f) {
    var shortest = Float.toString(f);
    return Float.isFinite(f) && (float) Double.parseDouble(shortest) == f ? shortest : number((double) f);
  }

  private static String number(double d) {
    if (Double.isFinite(d)) return Double.toString(d);
    throw Fault.of(Code.C030, "JSON has no number %s", d).mend("write it as a string");
  }

  private void object(Map<?, ?> map, int depth) {
    out.append('{');
    boolean first = true;
    for (var e : (map instanceof SequencedMap ? map : new TreeMap<>(map)).entrySet()) {
      item(first, depth + 1);
      first = false;
      string((String) e.getKey());
      out.append(pretty ? ": " : ":");
      value(e.getValue(), depth + 1);
    }
    if (!first) line(depth);
    out.append('}');
  }

  private void list(List<?> list, int depth) {
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
    if (pretty) out.append('\n').repeat("  ", depth);
  }

  private void string(String s) {
    if (!Json.isUnicode(s)) throw Fault.of(Code.C030, "a string with half of a surrogate pair has no JSON form");
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      int plain = "\"\\\b\f\n\r\t".indexOf(c);
      if (plain >= 0) out.append('\\').append("\"\\bfnrt".charAt(plain));
      else if (c < ' ' || c == 0x7F) out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      else out.append(c);
    }
    out.append('"');
  }
}
