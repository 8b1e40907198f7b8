package org.unroll.tasks.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Network;
import org.unroll.model.Spec;

/** A model's {@link Spec} in YAML: the same records as its JSON. */
public final class SpecYaml {
  private final YamlEvents events;
  /** Where the values and the keys stand, by their path: {@code layers[1].body[0].cell}. */
  private final Map<String, Origin> values = new HashMap<>(), keys = new HashMap<>();

  private SpecYaml(YamlEvents events) { this.events = events; }

  /**
   * C001 for what is not YAML, C010 and C012 for what is no spec, C011 for a value out of its range, C014 where the layers do not fit
   * each other; each with its line and column.
   */
  public static Spec read(String name, String yaml) {
    var reader = new SpecYaml(new YamlEvents(name, yaml));
    var value = reader.document();
    try {
      var spec = Spec.of(value, name);
      Network.build(spec);                                     // refuses what cannot be built; makes no weights
      return spec;
    } catch (Fault f) {
      throw f.at("%s", reader.place(f, name));
    }
  }

  /**
   * The spec in a file; empty where the file is no spec: the configuration of a task, or no YAML at all. A spec has
   * {@code input}, {@code layers} and {@code head}, no configuration has one of these. D001, G003 for a file that cannot be
   * read, else as {@link #read}.
   */
  public static Optional<Spec> find(Path file) {
    var text = ConfigBuilder.text(file);
    Object value;
    try {
      value = new SpecYaml(new YamlEvents(file.toString(), text)).document();
    } catch (Fault f) {
      return Optional.empty();                                 // who reads it as a configuration says why
    }
    boolean spec = value instanceof Map<?, ?> m && (m.containsKey("input") || m.containsKey("layers") || m.containsKey("head"));
    return spec ? Optional.of(read(file.toString(), text)) : Optional.empty();
  }

  /** The line and column of a fault that has a path: those of the innermost that stands in the file. */
  private String place(Fault f, String name) {
    var path = f.where().equals(name) ? "" : f.where().startsWith(name + ".") ? f.where().substring(name.length() + 1) : f.where();
    if (f.code() == Code.C012 && keys.containsKey(path)) return keys.get(path).toString();
    while (!values.containsKey(path) && path.contains(".")) path = path.substring(0, path.lastIndexOf('.'));
    return values.containsKey(path) ? values.get(path).toString() : f.where();
  }

  private Object document() {
    Object value = null;
    while (events.hasNext()) {
      var e = events.next();
      if (e instanceof NodeEvent) value = value(e, "");
    }
    return value;
  }

  private Object value(Event e, String path) {
    values.put(path, events.at(e));
    return switch (e) {
      case ScalarEvent s -> scalar(s);
      case MappingStartEvent _ -> mapping(path);
      case SequenceStartEvent _ -> sequence(path);
      default -> throw new AssertionError(e);
    };
  }

  private Map<String, Object> mapping(String path) {
    var m = new LinkedHashMap<String, Object>();
    for (var e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      if (!(e instanceof ScalarEvent key)) throw Fault.of(Code.C001, "a key must be text").at("%s", events.at(e));
      if (m.containsKey(key.getValue())) {
        throw Fault.of(Code.C013, "'%s' is given twice", key.getValue()).at("%s", events.at(e));
      }
      var inner = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
      keys.put(inner, events.at(e));
      m.put(key.getValue(), value(events.next(), inner));
    }
    return m;
  }

  private List<Object> sequence(String path) {
    var list = new ArrayList<Object>();
    for (var e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      list.add(value(e, path + "[" + list.size() + "]"));
    }
    return list;
  }

  /** A plain scalar that looks like a number or a truth is one; everything else is text. */
  private Object scalar(ScalarEvent s) {
    var text = s.getValue();
    if (!s.isPlain()) return text;
    if (text.equals("true") || text.equals("false")) return Boolean.valueOf(text);
    if (text.matches("[-+]?[0-9]{1,18}")) return Long.valueOf(text);
    if (text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")) return Double.valueOf(text);
    return text;
  }

  // ---- to text

  /** Block style, two spaces a level. */
  public static String write(Spec spec) {
    var s = new StringBuilder();
    block(spec.values(), "", s);
    return s.toString();
  }

  private static void block(Map<?, ?> m, String indent, StringBuilder s) {
    m.forEach((k, v) -> entry(k + ":", v, indent, s));
  }

  private static void entry(String head, Object v, String indent, StringBuilder s) {
    switch (v) {
      case Map<?, ?> m -> {
        s.append(indent).append(head).append('\n');
        block(m, indent + "  ", s);
      }
      case List<?> l -> {
        s.append(indent).append(head).append(l.isEmpty() ? " []\n" : "\n");
        for (var item : l) item(item, indent + "  ", s);
      }
      default -> s.append(indent).append(head).append(' ').append(scalar(v)).append('\n');
    }
  }

  private static String scalar(Object v) { return v instanceof String s ? YamlText.scalar(s) : String.valueOf(v); }

  /** A map's first entry stands behind the dash. */
  private static void item(Object v, String indent, StringBuilder s) {
    if (!(v instanceof Map<?, ?> m)) {
      s.append(indent).append("- ").append(scalar(v)).append('\n');
      return;
    }
    var body = new StringBuilder();
    block(m, indent + "  ", body);
    s.append(indent).append("- ").append(body, indent.length() + 2, body.length());
  }
}
