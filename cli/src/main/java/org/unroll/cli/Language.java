package org.unroll.cli;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;

/** The languages of help and messages. Keys, codes and data are the same in all of them. */
enum Language {
  EN, ZH;

  /** {@code en} or {@code zh}. */
  String tag() { return name().toLowerCase(Locale.ROOT); }

  /** What {@code --lang} says, else UNROLL_LANG, else the locale's variables in their usual order. */
  static Language of(String[] args, Map<String, String> env) {
    for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
      if (args[i].equals("--lang") && i + 1 < args.length) return args[i + 1].equals("zh") ? ZH : EN;
      if (args[i].startsWith("--lang=")) return args[i].equals("--lang=zh") ? ZH : EN;
    }
    for (var variable : new String[] {"UNROLL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
      var value = env.getOrDefault(variable, "");
      if (!value.isEmpty()) return value.startsWith("zh") ? ZH : EN;
    }
    return EN;
  }

  /** The messages and help texts. Read by ourselves: the usual lookup would fall back to the JVM's own language. */
  ResourceBundle messages() {
    try (var in = Language.class.getResourceAsStream("messages-" + tag() + ".properties")) {
      return new PropertyResourceBundle(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
