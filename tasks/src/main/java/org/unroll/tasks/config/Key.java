package org.unroll.tasks.config;

import java.util.List;
import java.util.Map;

/**
 * One key of a configuration.
 *
 * @param name dotted: {@code train.lr}
 * @param initial the default, as text
 * @param unit what a number counts, in English; empty for a pure number
 * @param flag the short flag without its dashes ({@code lr}); empty when only {@code --set} reaches the key
 * @param when the other key that gives this one a meaning, or {@link When#ALWAYS}
 * @param en one line of English
 * @param zh the same line in Chinese
 */
public record Key(String name, Type type, String initial, String unit, String flag, When when, String en, String zh) {

  /**
   * A key has a meaning only while {@code key} holds one of {@code values}.
   *
   * @param en what the values have in common, where they are many; else empty
   * @param zh the same in Chinese
   */
  public record When(String key, List<String> values, String en, String zh) {
    /** No condition. */
    public static final When ALWAYS = new When("", List.of(), "", "");

    /** The values in few words, in the language {@code zh} or anything else for English. */
    public String spoken(String language) {
      return en.isEmpty() ? String.join(", ", values) : language.equals("zh") ? zh : en;
    }

    /** Whether the condition holds; {@code values} maps key names to values as text. */
    public boolean holds(Map<String, String> values) { return key.isEmpty() || this.values.contains(values.get(key)); }
  }

  public Key {
    type.parse(name, initial);
  }

  static Key of(String name, Type type, Object initial, String en, String zh) {
    return new Key(name, type, String.valueOf(initial), "", "", When.ALWAYS, en, zh);
  }

  Key in(String unit) { return new Key(name, type, initial, unit, flag, when, en, zh); }

  Key flag(String flag) { return new Key(name, type, initial, unit, flag, when, en, zh); }

  Key onlyFor(String key, String... values) {
    return new Key(name, type, initial, unit, flag, new When(key, List.of(values), "", ""), en, zh);
  }

  /** Says what the values of {@link #onlyFor} have in common. */
  Key spoken(String english, String chinese) {
    return new Key(name, type, initial, unit, flag, new When(when.key(), when.values(), english, chinese), en, zh);
  }

  /** The part before the dot; empty for a key at the top. */
  public String section() { return name.contains(".") ? name.substring(0, name.indexOf('.')) : ""; }

  /** The part after the dot. */
  public String last() { return name.substring(name.indexOf('.') + 1); }

  /** The comment in the language, {@code zh} or anything else for English. */
  public String comment(String language) { return language.equals("zh") ? zh : en; }

  /** The value of {@link #initial}. */
  public Object initialValue() { return type.parse(name, initial); }
}
