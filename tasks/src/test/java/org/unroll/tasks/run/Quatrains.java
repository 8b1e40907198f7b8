package org.unroll.tasks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.unroll.file.Json;

/** Quatrains as text, each four lines and an empty one, and what is one. */
final class Quatrains {
  private Quatrains() {}

  /** All poems of a file with one JSON record a line. */
  static List<String> read(Path file) throws IOException {
    var poems = new ArrayList<String>();
    for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (!line.startsWith("{")) continue;
      var record = (Map<?, ?>) Json.read(line.replaceFirst(",$", ""), file.toString(), Json.Rules.CONFIG);
      var text = ((List<?>) record.get("paragraphs")).stream().map(String::valueOf).collect(Collectors.joining());
      poems.add(text.replaceAll("\\p{IsPunctuation}", "$0\n") + "\n");
    }
    return poems;
  }

  /** Every tenth poem, or all others. */
  static String part(List<String> poems, boolean heldOut) {
    var text = new StringBuilder();
    for (int i = 0; i < poems.size(); i++) if ((i % 10 == 9) == heldOut) text.append(poems.get(i));
    return text.toString();
  }

  /** Lines that are not empty, without punctuation. */
  static List<String> lines(String text) {
    return text.lines().map(l -> l.replaceAll("\\p{IsPunctuation}", "")).filter(l -> !l.isEmpty()).toList();
  }

  /** Whether a text is four lines, all of five or all of seven characters, and an empty line. */
  static boolean isOne(String text) {
    if (!text.endsWith("\n\n") || text.lines().count() != 5) return false;
    var lengths = lines(text).stream().map(l -> l.codePointCount(0, l.length())).toList();
    return lengths.size() == 4 && lengths.stream().distinct().count() == 1 && (lengths.getFirst() == 5 || lengths.getFirst() == 7);
  }
}
