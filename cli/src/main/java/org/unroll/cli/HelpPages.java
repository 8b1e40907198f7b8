package org.unroll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.unroll.fault.Code;

/** The page of each fault's code: {@code codes-en.md}, {@code codes-zh.md}, a heading {@code ## UNR-C012 title} a page. */
final class HelpPages {
  private static final String HEADING = "## ";

  private HelpPages() {}

  /** The lines below a code's heading; empty when it has no page. */
  static List<String> page(Code code, Language language) {
    var page = new ArrayList<String>();
    boolean inside = false;
    for (var line : all(language)) {
      if (line.startsWith(HEADING)) inside = line.startsWith(HEADING + code.label() + " ");
      else if (inside) page.add(line);
    }
    while (!page.isEmpty() && page.getFirst().isBlank()) page.removeFirst();
    while (!page.isEmpty() && page.getLast().isBlank()) page.removeLast();
    return page;
  }

  /** The ways to mend it that the page of a code lists. */
  static List<String> remedies(Code code, Talk talk) {
    return page(code, talk.language()).stream().filter(l -> l.startsWith("- ")).map(l -> talk.typed(l.substring(2))).toList();
  }

  /** What a code means, in a few words. */
  static Optional<String> title(Code code, Language language) {
    var start = HEADING + code.label() + " ";
    return all(language).stream().filter(l -> l.startsWith(start)).map(l -> l.substring(start.length()).strip()).findFirst();
  }

  private static List<String> all(Language language) {
    try (var in = HelpPages.class.getResourceAsStream("codes-" + language.tag() + ".md")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
