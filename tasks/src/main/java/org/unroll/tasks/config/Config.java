package org.unroll.tasks.config;

import static org.unroll.fault.Code.C014;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.unroll.fault.Fault;

/** A whole configuration: a value for every key, each with its origin. Made by {@link ConfigBuilder}. Immutable. */
public final class Config {
  private final Keys keys;
  private final Map<String, Setting> settings;
  private final Set<String> replaced;

  /** @param replaced keys whose place another has taken: at their defaults, and not shown */
  Config(Keys keys, Map<String, Setting> settings, Set<String> replaced) {
    this.keys = keys;
    this.settings = new LinkedHashMap<>(settings);
    this.replaced = Set.copyOf(replaced);
  }

  /** The table of its keys. */
  public Keys keys() { return keys; }

  /** Every setting, in the order of the table, but for those whose place another has taken. */
  public Collection<Setting> settings() {
    return settings.values().stream().filter(s -> !replaced.contains(s.key().name())).toList();
  }

  /** The setting of a key; C012 when there is no such key. */
  public Setting get(String key) {
    keys.get(key);
    return settings.get(key);
  }

  /** The value of a key that is true or false. */
  public boolean truth(String key) { return (Boolean) get(key).value(); }

  /** The value of a key that is a whole number. */
  public long whole(String key) { return (Long) get(key).value(); }

  /** A whole number that fits an int: every key with an upper bound. */
  public int count(String key) { return Math.toIntExact(whole(key)); }

  /** The value of a key that is a number. */
  public double real(String key) { return (Double) get(key).value(); }

  /** The value of a key that is text, or one of several words. */
  public String text(String key) { return (String) get(key).value(); }

  /** The values of a key that takes several, such as file names. */
  @SuppressWarnings("unchecked")
  public List<String> files(String key) { return (List<String>) get(key).value(); }

  /** The layers that a key of them holds. */
  List<StackLayer> layers(String key) { return files(key).stream().map(StackLayer::parse).toList(); }

  /** The values of {@link #settings} as they are written, by key. */
  public Map<String, String> texts() { return texts(settings()); }

  private static Map<String, String> texts(Collection<Setting> settings) {
    var texts = new LinkedHashMap<String, String>();
    for (var s : settings) texts.put(s.key().name(), s.text());
    return texts;
  }

  /** Refuses a value that was changed and would have no effect: nothing is silently ignored. */
  Config withoutIdleKeys() {
    var texts = texts(settings.values());
    for (var s : settings.values()) {
      var when = s.key().when();
      if (!s.changed() || when.holds(texts)) continue;
      throw Fault.of(C014, "%s has no effect with %s %s", s.key().name(), when.key(), texts.get(when.key())).at("%s", s.origin())
          .because("%s comes from %s; %s is used with %s", when.key(), settings.get(when.key()).origin(), s.key().name(),
              when.spoken("en"))
          .mend("leave %s out", s.key().name()).mend("set %s to %s", when.key(), when.values().getFirst());
    }
    return this;
  }
}
