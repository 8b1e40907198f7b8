package org.unroll.mutation;

import org.unroll.house.Source;

/**
 * A source with one change.
 *
 * @param line of the change
 * @param kind what was done
 * @param was the changed line before
 * @param is and after
 */
record Mutant(Source source, long line, String kind, String was, String is) {

  static Mutant of(Source original, int from, int to, String with, String kind) {
    String text = original.text().substring(0, from) + with + original.text().substring(to);
    int start = original.text().lastIndexOf('\n', from) + 1;
    int end = original.text().indexOf('\n', to);
    String was = original.text().substring(start, end);
    String is = text.substring(start, end + text.length() - original.text().length());
    long line = original.text().substring(0, start).lines().count() + 1;
    return new Mutant(new Source(original.name(), text), line, kind, was.strip(), is.strip());
  }

  @Override public String toString() { return source.name() + ":" + line + " " + kind + ": " + was + "  →  " + is; }
}
