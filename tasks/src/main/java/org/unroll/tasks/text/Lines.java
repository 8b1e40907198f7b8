package org.unroll.tasks.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** UTF-8 text line by line, read as strictly as a corpus: for formats that have a record a line. */
public final class Lines {
  private Lines() {}

  /** Takes lines without their ends. */
  public interface Sink {
    /** @param number from 1, in its source */
    void line(String source, long number, String line);
  }

  /**
   * Reads files, folders with all that is below them, or {@code -}; what ends in {@code .gz} is expanded.
   *
   * @throws org.unroll.fault.Fault D001 missing, D002 without text, D003 not UTF-8, G003 unreadable
   */
  public static void read(String name, Sink sink) {
    try (var inputs = Inputs.find(List.of(name), "utf-8", System.in)) {
      for (var source : inputs.sources()) read(source, sink);
    }
  }

  /** Reads one source as UTF-8; D003 where it is not, G003 where it cannot be read. */
  public static void read(TextSource source, Sink sink) {
    var line = new StringBuilder();
    long[] number = {0};
    TextReader.read(source, StandardCharsets.UTF_8, c -> {
      if (c != '\n') {
        line.appendCodePoint(c);
        return;
      }
      sink.line(source.name(), ++number[0], line.toString());
      line.setLength(0);
    }, new ArrayList<>());
    if (!line.isEmpty()) sink.line(source.name(), number[0] + 1, line.toString());
  }
}
