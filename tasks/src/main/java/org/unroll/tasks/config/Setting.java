package org.unroll.tasks.config;

/** A key with its value and where the value comes from. */
public record Setting(Key key, Object value, Origin origin) {

  /** As it is written in YAML and behind {@code --set}. */
  public String text() { return key.type().show(value); }

  /** Whether it differs from the built-in value. */
  public boolean changed() { return !value.equals(key.initialValue()); }
}
