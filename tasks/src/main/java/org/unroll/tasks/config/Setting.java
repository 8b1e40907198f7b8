package org.unroll.tasks.config;

import java.util.List;

/**
 * A key with its value and where the value comes from.
 *
 * @param places where each item of a list comes from; empty where only the whole has a place
 */
public record Setting(Key key, Object value, Origin origin, List<Origin> places) {
  Setting(Key key, Object value, Origin origin) { this(key, value, origin, List.of()); }

  Origin place(int item) { return places.isEmpty() ? origin : places.get(item); }

  /** Whether a user gave it: neither the default nor a preset. */
  boolean isAskedFor() { return origin.kind().compareTo(Origin.Kind.PRESET) > 0; }

  /** As it is written in YAML and behind {@code --set}. */
  public String text() { return key.type().show(value); }

  /** Whether it differs from the built-in value. */
  public boolean changed() { return !value.equals(key.initialValue()); }
}
