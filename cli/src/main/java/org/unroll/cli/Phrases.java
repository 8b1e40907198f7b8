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
 * What to say in place of a phrase: a table of lines {@code phrase = other words}, in which {@code %s} stands for what a message
 * fills in, in the same order on both sides or as {@code %2$s}.
 */
final class Phrases {
  /** @param shape the phrase with a group for each hole */
  private record Entry(String phrase, Pattern shape, String words) {
    static Entry of(String phrase, String words) {
      var shape = Stream.of(phrase.split("%s", -1)).map(Pattern::quote).collect(Collectors.joining("(.*)"));
      return new Entry(phrase, Pattern.compile(shape, Pattern.DOTALL), words.replaceAll("%(?!s|\\d\\$s)", "%%"));
    }
  }

  private final List<Entry> table;

  private Phrases(List<Entry> table) { this.table = table; }

  /** The table in a resource; empty lines and those from {@code # } on are its comments. */
  static Phrases read(String resource) {
    try (var in = Phrases.class.getResourceAsStream(resource)) {
      var entries = new ArrayList<Entry>();
      for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.isBlank() || line.startsWith("# ")) continue;
        int middle = line.indexOf(" = ");
        entries.add(Entry.of(line.substring(0, middle), line.substring(middle + 3)));
      }
      return new Phrases(List.copyOf(entries));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty for what the table lacks. The first line that fits is taken; what fills a hole is looked up in turn. */
  Optional<String> of(String phrase) {
    for (var e : table) {
      var m = e.shape.matcher(phrase);
      if (m.matches()) return Optional.of(fill(e, m));
    }
    return Optional.empty();
  }

  private String fill(Entry e, Matcher m) {
    var holes = new Object[m.groupCount()];
    for (int i = 0; i < holes.length; i++) holes[i] = of(m.group(i + 1)).orElse(m.group(i + 1));
    return String.format(Locale.ROOT, e.words, holes);
  }

  /** The phrases of the table, with their holes. */
  List<String> known() { return table.stream().map(Entry::phrase).toList(); }
}
