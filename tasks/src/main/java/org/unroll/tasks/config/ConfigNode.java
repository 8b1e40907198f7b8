package org.unroll.tasks.config;

import java.util.List;

/**
 * A value as written, before its key's type has been asked.
 *
 * @param key the dotted name
 * @param items the words of a list; one word otherwise
 * @param origin where the value stands
 * @param keyOrigin where its key stands
 */
public record ConfigNode(String key, List<String> items, Form form, Origin origin, Origin keyOrigin) {

  /** How it was written: bare, in quotes, as a list, or left out (null). */
  public enum Form { PLAIN, QUOTED, LIST, NOTHING }

  static ConfigNode word(String key, String text, Origin origin) {
    return new ConfigNode(key, List.of(text), Form.PLAIN, origin, origin);
  }

  String text() { return items.getFirst(); }
}
