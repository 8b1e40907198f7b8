package org.unroll.tasks.draw;

import java.util.List;

/** Rows as CSV (RFC 4180), UTF-8, LF. Numbers in full, nothing for what is no number. */
public final class Csv {
  private Csv() {}

  /** The head, then a line for each row. */
  public static String of(List<String> head, Iterable<List<Object>> rows) {
    var s = new StringBuilder();
    line(s, head);
    rows.forEach(row -> line(s, row));
    return s.toString();
  }

  private static void line(StringBuilder s, List<?> row) {
    for (int i = 0; i < row.size(); i++) {
      if (i > 0) s.append(',');
      s.append(cell(row.get(i)));
    }
    s.append('\n');
  }

  private static String cell(Object value) {
    if (value instanceof Double d && Double.isNaN(d)) return "";
    var text = String.valueOf(value);
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
