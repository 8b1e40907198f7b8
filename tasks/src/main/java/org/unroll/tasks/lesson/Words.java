package org.unroll.tasks.lesson;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.PropertyResourceBundle;
import java.util.ResourceBundle;

/** The words of the lessons in one language; equations and numbers are the same in all. */
public record Words(String language, ResourceBundle bundle) {

  /** @param language {@code en} or {@code zh} */
  public static Words of(String language) {
    try (var in = Words.class.getResourceAsStream("words-" + language + ".properties")) {
      return new Words(language, new PropertyResourceBundle(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text with its arguments, in the style of {@link String#format}. */
  public String text(String key, Object... args) { return String.format(Locale.ROOT, bundle.getString(key), args); }

  /** The same, empty where there is none. */
  String maybe(String key, Object... args) { return bundle.containsKey(key) ? text(key, args) : ""; }
}
