package org.unroll.tasks.errata;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The errata as a page of Markdown: {@code docs/errata.md}. The same text on every machine. */
public final class ErrataPage {
  private final ErrataText words;
  private final StringBuilder out = new StringBuilder();

  private ErrataPage(ErrataText words) { this.words = words; }

  /** @param language one of {@link Errata#languages} */
  public static String markdown(String language) {
    var page = new ErrataPage(ErrataText.of(language));
    var all = Errata.all(language);
    page.head();
    page.table(all);
    all.forEach(page::section);
    return page.out.toString().stripTrailing() + "\n";
  }

  /** A relative error as people read it: 3.5 %, 34 ×, or 1.2e-11; 0 as it is. */
  public static String error(double e) {
    if (e == 0) return "0";
    if (e < 0.0005) return String.format(Locale.ROOT, "%.1e", e);
    return e < 10 ? String.format(Locale.ROOT, "%.1f %%", 100 * e) : String.format(Locale.ROOT, "%.0f ×", e);
  }

  /** A value in six significant digits, without zeros at its end. */
  public static String value(double v) {
    if (v == 0) return "0";
    double size = Math.abs(v);
    if (size < 1e-4 || size >= 1e7) return String.format(Locale.ROOT, "%.5e", v);
    int digits = Math.max(0, 5 - (int) Math.floor(StrictMath.log10(size)));
    var text = String.format(Locale.ROOT, "%." + digits + "f", v);
    return text.contains(".") ? text.replaceFirst("0+$", "").replaceFirst("\\.$", "") : text;
  }

  private void head() {
    line("<!-- " + words.page("stale") + " -->");
    line("# " + words.page("title"));
    paragraph(words.page("intro"));
    paragraph(words.page("how"));
    line("");
    line("## " + words.page("documents-title"));
    line("");
    for (var d : words.lines("documents")) line("- " + d.replaceFirst(" +", ": "));
  }

  private void table(List<Erratum> all) {
    line("");
    line("## " + words.page("table-title"));
    line("");
    line("| | " + words.page("document") + " | " + words.page("mistake") + " | " + words.page("worst") + " |");
    line("|---|---|---|---|");
    for (var e : all) {
      line("| [" + e.id() + "](#" + e.id().toLowerCase(Locale.ROOT) + ") | " + e.document() + " | " + e.title() + " | "
          + worst(e.error()) + " |");
    }
  }

  private String worst(OptionalDouble error) { return error.isPresent() ? error(error.getAsDouble()) : words.page("none"); }

  private void section(Erratum e) {
    line("");
    line("## " + e.id());
    paragraph("**" + e.title() + "** (" + e.document() + ")");
    line("");
    line("- " + words.page("printed") + ": " + e.printed());
    line("- " + words.page("right") + ": " + e.right());
    paragraph(e.why());
    e.trials().forEach(this::trial);
  }

  private void trial(Trial t) {
    paragraph(t.caption());
    line("");
    if (!t.rows().isEmpty()) {
      line("| " + String.join(" | ", words.page("array"), words.page("entry"), words.page("printed"), words.page("right"),
          words.page("wanted"), words.page("error-printed"), words.page("error-right")) + " |");
      line("|---|---|---|---|---|---|---|");
      for (var r : t.rows()) {
        line("| " + String.join(" | ", r.name(), Integer.toString(r.entry()), value(r.printed()), value(r.right()),
            value(r.wanted()), error(r.printedError()), error(r.rightError())) + " |");
      }
      if (!t.facts().isEmpty()) line("");
    }
    for (var f : t.facts()) line("- " + f.name() + ": " + value(f.value()));
  }

  private void paragraph(String text) {
    line("");
    line(text);
  }

  private void line(String text) { out.append(text).append('\n'); }
}
