package org.unroll.tasks.draw;

import java.util.Locale;

/** A sheet as one HTML file that needs no other: no script, no link, nothing is fetched. Light and dark. */
public final class Html {
  private static final String STYLE = """
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 %s; margin: 2em auto; max-width: 72em; padding: 0 1.2em; }
      h1 { font-size: 1.5em; margin-bottom: .2em; }
      h2 { font-size: 1.1em; margin: 1.6em 0 .2em; }
      main { display: flex; flex-wrap: wrap; gap: 0 3em; align-items: flex-start; }
      section { max-width: 100%%; }
      .about, .note { opacity: .75; margin: .1em 0; }
      .wide { overflow-x: auto; padding: .3em 0; }
      .curves svg { max-width: 100%%; height: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { text-align: right; padding: .15em .8em; }
      th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 20%%, transparent); }
      th:first-child, td:first-child { text-align: left; padding-left: 0; }
      .voice { margin: .5em 0; line-height: 1.9; overflow-wrap: anywhere; }
      .voice b { display: inline-block; min-width: 6em; font-weight: normal; opacity: .75; margin-right: .8em; }
      .voice span { font-family: ui-monospace, monospace, %s; }
      .voice span { padding: .25em 0; white-space: pre-wrap; }
      """;

  private Html() {}

  /** The whole page of a sheet, in its language. */
  public static String of(Sheet sheet) {
    var s = new StringBuilder();
    var title = Svg.escape(sheet.title());
    s.append("<!DOCTYPE html>\n<html lang=\"").append(sheet.language()).append("\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>").append(title).append("</title>\n")
        .append("<style>\n").append(String.format(Locale.ROOT, STYLE, Svg.FONTS, Svg.FONTS)).append("</style>\n</head>\n")
        .append("<body>\n<h1>").append(title).append("</h1>\n");
    for (var line : sheet.about()) s.append("<p class=\"about\">").append(Svg.escape(line)).append("</p>\n");
    s.append("<main>\n");
    for (var f : sheet.figures()) {
      s.append(f instanceof Figure.Heat ? "<section>" : "<section style=\"flex-basis:100%\">").append("\n<h2>")
          .append(Svg.escape(f.title())).append("</h2>\n");
      if (!f.note().isEmpty()) s.append("<p class=\"note\">").append(Svg.escape(f.note())).append("</p>\n");
      s.append(f instanceof Figure.Curves ? "<div class=\"wide curves\">\n" : "<div class=\"wide\">\n");
      switch (f) {
        case Figure.Table t -> table(s, t);
        case Figure.Passage p -> passage(s, p);
        case Figure.Heat h -> s.append(Svg.alone(h));
        case Figure.Curves c -> s.append(Svg.alone(c));
      }
      s.append("</div>\n</section>\n");
    }
    return s.append("</main>\n</body>\n</html>\n").toString();
  }

  private static void table(StringBuilder s, Figure.Table t) {
    s.append("<table>\n");
    if (!t.headless()) {
      s.append("<tr>");
      t.head().forEach(h -> s.append("<th>").append(Svg.escape(h)).append("</th>"));
      s.append("</tr>\n");
    }
    for (var row : t.rows()) {
      s.append("<tr>");
      row.forEach(c -> s.append("<td>").append(Svg.escape(c)).append("</td>"));
      s.append("</tr>\n");
    }
    s.append("</table>\n");
  }

  private static void passage(StringBuilder s, Figure.Passage p) {
    for (var voice : p.voices()) {
      s.append("<p class=\"voice\"><b>").append(Svg.escape(voice.name())).append("</b>");
      for (int i = 0; i < p.symbols().size(); i++) {
        int rgb = Ramp.rgb(p.scale(), voice.values()[i]);
        s.append(String.format(Locale.ROOT, "<span style=\"background:#%06x;color:%s\" title=\"%s\">%s</span>",
            rgb, Ramp.light(rgb) ? "#000" : "#fff", Svg.number(voice.values()[i]), Svg.escape(p.symbols().get(i))));
      }
      s.append("</p>\n");
    }
  }
}
