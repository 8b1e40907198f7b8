package org.unroll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.unroll.file.Json;
import org.unroll.tasks.draw.Csv;
import org.unroll.tasks.draw.Html;
import org.unroll.tasks.draw.Svg;
import picocli.CommandLine.Option;

/** In which form a command answers, and where to. */
final class OutputFlags {
  enum Format { text, json, csv, svg, html }

  @Option(names = "--format", paramLabel = "text|json|csv|svg|html", descriptionKey = "explain.format")
  Format format;

  @Option(names = {"-o", "--output"}, paramLabel = "FILE", descriptionKey = "explain.output")
  String output;

  /** As asked for, or by the ending of the file; else text. */
  Format format(Talk talk) {
    if (format != null) {
      if (talk.flags().json && format != Format.json) throw Main.usage("--json and --format %s exclude each other", format);
      return format;
    }
    if (talk.flags().json) return Format.json;
    if (output == null) return Format.text;
    for (var f : Format.values()) if (output.endsWith("." + f)) return f;
    return Format.text;
  }

  /** Whether pictures are to be made: they have room for more than a terminal. */
  boolean drawn(Talk talk) { return format(talk) == Format.svg || format(talk) == Format.html; }

  /** Whether programs read it: they want everything. */
  boolean whole(Talk talk) { return format(talk) == Format.json || format(talk) == Format.csv; }

  Integer write(Explained e, Talk talk) {
    var written = switch (format(talk)) {
      case text -> SheetText.of(e.sheet(), talk, output == null);
      case json -> Json.shown(e.json()) + "\n";
      case csv -> Csv.of(e.head(), e.rows());
      case svg -> Svg.of(e.sheet());
      case html -> Html.of(e.sheet());
    };
    if (output == null) {
      talk.raw(written);
      return 0;
    }
    var path = Path.of(output);
    try {
      Files.writeString(path, written, StandardCharsets.UTF_8);
    } catch (IOException x) {
      throw new UncheckedIOException(x);
    }
    talk.say("explain.written", Talk.printable(output));
    return 0;
  }
}
