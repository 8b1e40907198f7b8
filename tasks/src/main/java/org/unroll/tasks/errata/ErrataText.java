package org.unroll.tasks.errata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.unroll.tasks.errata.Trial.Fact;

/**
 * The words of the errata in one language. A section {@code ## E21} holds lines {@code key: words}; what stands further in goes on
 * with the words above. Keys are {@code document title printed right why}, {@code trial KEY}, {@code row KEY} and {@code fact KEY};
 * a row without words keeps its name. Before the first section stand those of the page.
 */
record ErrataText(String language, Map<String, String> words) {

  static ErrataText of(String language) {
    try (var in = ErrataText.class.getResourceAsStream("errata-" + language + ".txt")) {
      return new ErrataText(language, read(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> read(List<String> lines) {
    var words = new LinkedHashMap<String, String>();
    String section = "", key = "";
    for (var line : lines) {
      if (line.startsWith("## ")) section = line.substring(3) + " ";
      else if (line.startsWith("  ")) words.merge(key, line.strip(), (above, more) -> above + "\n" + more);
      else if (!line.isBlank()) {
        int colon = line.indexOf(':');
        key = section + line.substring(0, colon);
        words.put(key, line.substring(colon + 1).strip());
      }
    }
    return words;
  }

  /** The same as lines. */
  List<String> lines(String key) { return found(key).lines().filter(l -> !l.isBlank()).toList(); }

  /** Words of the page itself. */
  String page(String key) { return joined(found(key)); }

  String of(String id, String key) { return joined(found(id + " " + key)); }

  private String joined(String lines) { return lines.replace("\n", language.equals("zh") ? "" : " "); }

  private String found(String key) {
    return Optional.ofNullable(words.get(key))
        .orElseThrow(() -> new IllegalArgumentException("errata-" + language + ": no words for " + key));
  }

  /** The trial with words for its keys. */
  Trial told(String id, Trial t) {
    var rows = t.rows().stream().map(r -> new Row(words.getOrDefault(id + " row " + r.name(), r.name()), r.entry(), r.printed(),
        r.right(), r.wanted(), r.printedError(), r.rightError())).toList();
    return new Trial(of(id, "trial " + t.caption()), rows,
        t.facts().stream().map(f -> new Fact(of(id, "fact " + f.name()), f.value())).toList());
  }
}
