package org.unroll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is said most often in faults, in Chinese. A fault is made in English, by the core as well; the table
 * {@code faults-zh.txt} has lines {@code English = 中文} in which {@code %s} stands for what the message fills in, in the same
 * order on both sides or as {@code %2$s}. What the table lacks stays English.
 */
final class Chinese {
  /** @param shape the English message with a group for each hole */
  private record Entry(String english, Pattern shape, String chinese) {
    static Entry of(String english, String chinese) {
      var shape = Stream.of(english.split("%s", -1)).map(Pattern::quote).collect(Collectors.joining("(.*)"));
      return new Entry(english, Pattern.compile(shape, Pattern.DOTALL), chinese.replaceAll("%(?!s|\\d\\$s)", "%%"));
    }

    String fill(Matcher m) {
      var holes = new Object[m.groupCount()];
      for (int i = 0; i < holes.length; i++) holes[i] = Chinese.of(m.group(i + 1)).orElse(m.group(i + 1));
      return String.format(Locale.ROOT, chinese, holes);
    }
  }

  private static final List<Entry> TABLE = read();

  private Chinese() {}

  /** Empty for what the table lacks. The first line that fits is taken; what fills a hole is looked up in turn. */
  static Optional<String> of(String english) {
    for (var e : TABLE) {
      var m = e.shape.matcher(english);
      if (m.matches()) return Optional.of(e.fill(m));
    }
    return Optional.empty();
  }

  /** The English messages of the table, with their holes. */
  static List<String> known() { return TABLE.stream().map(Entry::english).toList(); }

  private static List<Entry> read() {
    try (var in = Chinese.class.getResourceAsStream("faults-zh.txt")) {
      var entries = new ArrayList<Entry>();
      for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.isBlank() || line.startsWith("# ")) continue;
        int middle = line.indexOf(" = ");
        entries.add(Entry.of(line.substring(0, middle), line.substring(middle + 3)));
      }
      return List.copyOf(entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
