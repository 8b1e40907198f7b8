package org.unroll.tasks.config;

import java.util.List;

/**
 * A value as written, before its key's type has been asked.
 *
 * @param key the dotted name
 * @param items the words of a list; one word otherwise
 * @param origin where the value stands
 * @param keyOrigin where its key stands
 * @param places where each item of a list stands; empty where only the whole has a place
 */
public record ConfigNode(String key, List<String> items, Form form, Origin origin, Origin keyOrigin, List<Origin> places) {
  ConfigNode(String key, List<String> items, Form form, Origin origin, Origin keyOrigin) {
    this(key, items, form, origin, keyOrigin, List.of());
  }

  /** How it was written: bare, in quotes, as a list, or left out (null). */
  public enum Form { PLAIN, QUOTED, LIST, NOTHING }

  static ConfigNode word(String key, String text, Origin origin) {
    return new ConfigNode(key, List.of(text), Form.PLAIN, origin, origin);
  }

  Origin place(int item) { return places.isEmpty() ? origin : places.get(item); }

  String text() { return items.getFirst(); }
}
