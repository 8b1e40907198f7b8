package org.unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.fault.Nearest;

/** The fields of one object of a spec, each to be taken once. A fault says where: the object's path, and the field's behind a dot. */
final class SpecFields {
  private final String where;
  private final Code code;
  private final Map<String, Object> left = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** @param code of the fault for what is no spec */
  SpecFields(Object value, String where, Code code) {
    this.where = where;
    this.code = code;
    if (!(value instanceof Map<?, ?> m)) throw Fault.of(code, "%s is no object of keys and values", value).at(where);
    m.forEach((k, v) -> {
      if (!(k instanceof String key)) throw Fault.of(code, "the key %s is no text", k).at(where);
      left.put(key, v);
    });
  }

  /** The object that stands in a field. */
  SpecFields in(String key) { return new SpecFields(take(key), where + "." + key, code); }

  /** The objects of a list that stands in a field. */
  List<SpecFields> all(String key) {
    var v = take(key);
    if (!(v instanceof List<?> l)) throw wrong(key, v, "a list");
    var all = new ArrayList<SpecFields>();
    for (var item : l) all.add(new SpecFields(item, where + "." + key + "[" + all.size() + "]", code));
    return all;
  }

  boolean has(String key) {
    asked.add(key);
    return left.containsKey(key);
  }

  private Object take(String key) {
    if (has(key)) return left.remove(key);
    var fault = Fault.of(code, "'%s' is missing", key).at(where);
    var near = Nearest.of(key, left.keySet());
    throw near.isPresent() ? fault.mend("did you mean %s, where it says %s?", key, near.get()) : fault.mend("add %s", example(key));
  }

  /** What may stand there. */
  private static String example(String key) {
    return switch (key) {
      case "input", "symbols" -> "input: {symbols: N} for ids, or {vectors: N} for rows of numbers";
      case "head" -> "head: {kind: softmax, classes: N}, or squared_error with outputs, or crf with labels";
      case "layers" -> "layers: a list, from the input up";
      case "kind" -> "kind: recurrent, for example";
      case "cell" -> "cell: lstm, for example";
      default -> key + ": and its value";
    };
  }

  int whole(String key) {
    var v = take(key);
    if (v instanceof Long n && n == (int) (long) n) return (int) (long) n;
    if (!(v instanceof Long)) throw wrong(key, v, "a whole number");
    throw misfit(key, v, "a whole number of at most " + Integer.MAX_VALUE).mend("%s: %d or less", key, Integer.MAX_VALUE);
  }

  int whole(String key, int initial) { return has(key) ? whole(key) : initial; }

  double number(String key) {
    var v = take(key);
    if (v instanceof Number n) return n.doubleValue();
    throw wrong(key, v, "a number");
  }

  double number(String key, double initial) { return has(key) ? number(key) : initial; }

  String text(String key) {
    var v = take(key);
    if (v instanceof String s) return s;
    throw wrong(key, v, "text");
  }

  boolean flag(String key, boolean initial) {
    if (!has(key)) return initial;
    var v = take(key);
    if (v instanceof Boolean b) return b;
    throw wrong(key, v, "true or false");
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    var name = text(key);
    for (var c : type.getEnumConstants()) if (lower(c).equals(name)) return c;
    throw wrong(key, name, Arrays.stream(type.getEnumConstants()).map(SpecFields::lower).toList());
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, E initial) { return has(key) ? choice(key, type) : initial; }

  /** How a matrix starts: {@code glorot}, or {@code {kind: uniform, scale: 0.1}}; without a scale it is 1. */
  Start start(String key, Start initial) {
    if (!has(key)) return initial;
    if (left.get(key) instanceof String) return Start.of(choice(key, Start.Kind.class));
    var s = in(key);
    try {
      var start = new Start(s.choice("kind", Start.Kind.class), s.number("scale", 1));
      s.end();
      return start;
    } catch (Fault f) {
      throw s.placed(f);
    }
  }

  /** A word that is none of the choices. */
  Fault wrong(String key, String name, List<String> choices) {
    var fault = misfit(key, name, "one of " + String.join(", ", choices));
    var near = Nearest.of(name, choices).or(() -> choices.stream().filter(c -> name.length() > 2 && c.startsWith(name)).findFirst());
    return near.isPresent() ? fault.mend("did you mean %s?", near.get()) : fault.mend("write one of %s", String.join(", ", choices));
  }

  private Fault wrong(String key, Object value, String rule) {
    var fault = misfit(key, value, rule);
    return value instanceof String ? fault.mend("numbers, true and false stand without quotes") : fault.mend("write %s as %s", key, rule);
  }

  private Fault misfit(String key, Object value, String rule) {
    return Fault.of(code, "'%s' is %s", key, value).at("%s.%s", where, key).because("must be %s", rule);
  }

  /** A fault of a record made of these fields, which says {@code kind.field}, with the place of that field. */
  Fault placed(Fault f) {
    if (f.where().startsWith(where)) return f;
    if (f.mend().isEmpty()) f = f.mend("another value for %s", f.where().substring(f.where().indexOf('.') + 1));
    int dot = f.where().indexOf('.');
    boolean field = dot > 0 && asked.contains(f.where().substring(0, dot));                // noise.zoneout, of the field noise
    return f.at("%s.%s", where, field ? f.where() : f.where().substring(dot + 1));
  }

  /** Refuses what was not taken. */
  void end() {
    if (left.isEmpty()) return;
    String key = left.keySet().iterator().next();
    var fault = Fault.of(code == Code.C010 ? Code.C012 : code, "unknown key '%s'", key).at("%s.%s", where, key);
    var near = Nearest.of(key, asked);
    throw near.isPresent() ? fault.mend("did you mean %s?", near.get())
        : fault.mend("the keys here: %s", String.join(", ", new LinkedHashSet<>(asked)));
  }

  static String lower(Enum<?> e) { return e.name().toLowerCase(Locale.ROOT); }
}
