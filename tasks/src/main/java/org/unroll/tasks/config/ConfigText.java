package org.unroll.tasks.config;

import java.util.Locale;

/** A configuration as a YAML page. What is written here is read back to the same values. */
public final class ConfigText {

  private ConfigText() {}

  /** Every key with its value, and behind it range, unit and comment; {@code language} is {@code en} or {@code zh}. */
  public static String commented(Config config, String language) { return page(config, language, true); }

  /** Every key with its value and nothing else: what a run keeps. */
  public static String bare(Config config) { return page(config, "en", false); }

  private static String page(Config config, String language, boolean comments) {
    var page = new StringBuilder();
    var section = "";
    for (var s : config.settings()) {
      var key = s.key();
      if (!key.section().equals(section)) {
        section = key.section();
        page.append(comments ? "\n" : "").append(section).append(":\n");
      }
      var line = (section.isEmpty() ? "" : "  ") + key.last() + ": " + s.text();
      page.append(comments ? String.format(Locale.ROOT, "%-28s # %s", line, comment(key, language)) : line).append('\n');
    }
    return page.toString();
  }

  private static String comment(Key key, String language) {
    var s = new StringBuilder(key.comment(language)).append("  [").append(key.type().range());
    if (!key.unit().isEmpty() && !language.equals("zh")) s.append(' ').append(key.unit());
    s.append(']');
    if (!key.when().key().isEmpty()) {
      s.append(language.equals("zh") ? "  仅用于 " : "  only for ").append(key.when().key()).append(' ')
          .append(key.when().spoken(language));
    }
    return s.toString();
  }
}
