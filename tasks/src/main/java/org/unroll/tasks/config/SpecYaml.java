package org.unroll.tasks.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Spec;

/** A model's {@link Spec} in YAML: the same records as its JSON. Anchors, aliases, tags and second documents are refused. */
public final class SpecYaml {
  private static final int DEEPEST = 16;

  private final String name;
  private final Iterator<Event> events;

  private SpecYaml(String name, Iterator<Event> events) {
    this.name = name;
    this.events = events;
  }

  /** C001 for what is not YAML, C010 for what is no spec. */
  public static Spec read(String name, String yaml) {
    var settings = LoadSettings.builder().setLabel(name).build();
    try {
      var reader = new SpecYaml(name, new ParserImpl(settings, new StreamReader(settings, yaml)));
      return Spec.of(reader.document(), name);
    } catch (YamlEngineException e) {
      throw Fault.of(Code.C001, "not YAML: %s", e.getMessage().lines().findFirst().orElse("")).at("%s", name).causedBy(e);
    }
  }

  private Object document() {
    Object value = null;
    int documents = 0;
    while (events.hasNext()) {
      var e = events.next();
      if (e.getEventId() == Event.ID.DocumentStart && ++documents > 1) throw wrong("a second document is not allowed", e);
      if (e instanceof NodeEvent) value = value(e, 0);
    }
    return value;
  }

  private Object value(Event e, int depth) {
    if (depth > DEEPEST) throw wrong("deeper than " + DEEPEST, e);
    if (e instanceof NodeEvent n && n.getAnchor().isPresent()) throw wrong("an anchor or alias is not allowed", e);
    return switch (e) {
      case ScalarEvent s -> scalar(s);
      case MappingStartEvent m when m.getTag().isEmpty() -> mapping(depth);
      case SequenceStartEvent s when s.getTag().isEmpty() -> sequence(depth);
      default -> throw wrong("an alias or tag is not allowed", e);
    };
  }

  private Map<String, Object> mapping(int depth) {
    var m = new LinkedHashMap<String, Object>();
    for (var e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      if (!(e instanceof ScalarEvent key)) throw wrong("a key must be text", e);
      if (m.containsKey(key.getValue())) throw Fault.of(Code.C013, "'%s' is given twice", key.getValue()).at("%s", place(e));
      m.put(key.getValue(), value(events.next(), depth + 1));
    }
    return m;
  }

  private List<Object> sequence(int depth) {
    var list = new ArrayList<Object>();
    for (var e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) list.add(value(e, depth + 1));
    return list;
  }

  /** A plain scalar that looks like a number or a truth is one; everything else is text. */
  private Object scalar(ScalarEvent s) {
    if (s.getTag().isPresent()) throw wrong("a tag is not allowed", s);
    var text = s.getValue();
    if (!s.isPlain()) return text;
    if (text.equals("true") || text.equals("false")) return Boolean.valueOf(text);
    if (text.matches("[-+]?[0-9]{1,18}")) return Long.valueOf(text);
    if (text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?")) return Double.valueOf(text);
    return text;
  }

  private Fault wrong(String what, Event e) { return Fault.of(Code.C001, what).at("%s", place(e)); }

  private String place(Event e) {
    return e.getStartMark().map(m -> name + ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1)).orElse(name);
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
      default -> s.append(indent).append(head).append(' ').append(v).append('\n');
    }
  }

  /** A map's first entry stands behind the dash. */
  private static void item(Object v, String indent, StringBuilder s) {
    if (!(v instanceof Map<?, ?> m)) {
      s.append(indent).append("- ").append(v).append('\n');
      return;
    }
    var body = new StringBuilder();
    block(m, indent + "  ", body);
    s.append(indent).append("- ").append(body, indent.length() + 2, body.length());
  }
}
