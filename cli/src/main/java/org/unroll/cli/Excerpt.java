package org.unroll.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A place {@code file:line:col} and the lines that stand there. Line and column count from 1, columns in code points. */
record Excerpt(String file, int line, int col) {
  private static final Pattern PLACE = Pattern.compile("(.+):([0-9]{1,9}):([0-9]{1,9})", Pattern.DOTALL);
  /** No more of a file is read to find a line. */
  private static final long FAR = 64 << 20;
  /** Columns of a line that are shown. */
  private static final int SHOWN = 100;

  /** Reads a place; empty when the text is not one. */
  static Optional<Excerpt> of(String where) {
    var m = PLACE.matcher(where);
    if (!m.matches()) return Optional.empty();
    return Optional.of(new Excerpt(m.group(1), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3))));
  }

  /** The line before, the line, and a mark below the place; nothing when the file cannot be read that far. */
  List<String> lines() {
    var shown = new ArrayList<String>();
    var read = read();
    if (read.isEmpty()) return shown;
    int gutter = Integer.toString(line).length();
    for (int i = 0; i < read.size(); i++) {
      shown.add(("%" + gutter + "d │ %s").formatted(line - read.size() + 1 + i, Talk.printable(window(read.get(i)))));
    }
    var text = read.getLast().codePoints().skip(left()).limit(SHOWN).toArray();
    int at = Math.min(col - 1 - left(), text.length);
    int before = Width.of(Talk.printable(new String(text, 0, at)));
    int end = at;
    while (end < text.length && !Character.isWhitespace(text[end]) && ":,]}".indexOf(text[end]) < 0) end++;
    int marks = Math.max(1, Width.of(Talk.printable(new String(text, at, end - at))));
    shown.add(" ".repeat(gutter) + " │ " + " ".repeat(before) + "^".repeat(marks));
    return shown;
  }

  /** Code points left out at the start of the lines, so that the place can be seen. */
  private int left() { return col <= SHOWN - 20 ? 0 : col - SHOWN / 2; }

  private String window(String text) {
    var points = text.codePoints().skip(left()).limit(SHOWN).toArray();
    return new String(points, 0, points.length).replace('\t', ' ');
  }

  private List<String> read() {
    try {
      var path = Path.of(file);
      if (!Files.isRegularFile(path) || line < 1 || col < 1) return List.of();
      try (var in = new BufferedReader(new InputStreamReader(bounded(path), StandardCharsets.UTF_8))) {
        var last = new ArrayList<String>();
        for (int n = 1; n <= line; n++) {
          var text = in.readLine();
          if (text == null) return List.of();
          if (n >= line - 1) last.add(text);
        }
        return last;
      }
    } catch (IOException | InvalidPathException e) {
      return List.of();
    }
  }

  private static InputStream bounded(Path path) throws IOException {
    if (Files.size(path) > FAR) return InputStream.nullInputStream();
    return Files.newInputStream(path);
  }
}
