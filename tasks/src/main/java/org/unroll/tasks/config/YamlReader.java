package org.unroll.tasks.config;

import static org.unroll.fault.Code.C001;
import static org.unroll.fault.Code.C010;
import static org.unroll.fault.Code.C013;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.unroll.fault.Fault;

/** A configuration in YAML: sections of scalars and lists of scalars, by a table of keys. One instance reads one document. */
final class YamlReader {
  private final Keys keys;
  private final YamlEvents events;
  private final Map<String, ConfigNode> nodes = new LinkedHashMap<>();
  private final Map<String, Origin> sections = new LinkedHashMap<>();

  YamlReader(Keys keys, YamlEvents events) {
    this.keys = keys;
    this.events = events;
  }

  /** The values of the document in the order in which they stand. */
  List<ConfigNode> read() {
    while (events.hasNext()) {
      var e = events.next();
      switch (e.getEventId()) {
        case MappingStart -> section("");
        case Scalar -> {
          if (!((ScalarEvent) e).getValue().isEmpty()) throw notSections(e);
        }
        case SequenceStart -> throw notSections(e);
        default -> { }
      }
    }
    return List.copyOf(nodes.values());
  }

  /** The entries of the mapping that has just been opened, down to its end; their names begin with {@code prefix}. */
  private void section(String prefix) {
    for (var e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      if (!(e instanceof ScalarEvent name)) {
        throw Fault.of(C001, "a key is a section or a list").at("%s", events.at(e));
      }
      entry(prefix + name.getValue(), events.at(e), events.next());
    }
  }

  private void entry(String key, Origin keyAt, Event value) {
    if (ofSpec(key, value)) throw spec().at("%s", keyAt);
    boolean known = keys.find(key).isPresent();
    if (!known && !keys.isSection(key)) throw keys.unknown(key).at("%s", keyAt);
    var before = known ? Optional.ofNullable(nodes.get(key)).map(ConfigNode::keyOrigin) : Optional.ofNullable(sections.get(key));
    if (before.isPresent()) {
      throw Fault.of(C013, "%s is given twice", key).at("%s", keyAt).because("it stands at %s already", before.get())
          .mend("delete one of the two");
    }
    if (known) {
      nodes.put(key, leaf(key, keyAt, value));
    } else {
      sections.put(key, keyAt);
      if (value.getEventId() == Event.ID.MappingStart) {
        section(key + ".");
      } else if (!(value instanceof ScalarEvent s && s.isPlain() && s.getValue().isEmpty())) {
        throw Fault.of(C010, "%s is a section, not a value", key).at("%s", events.at(value))
            .mend("write its keys below it, indented: all keys: unroll config keys %s", key);
      }
    }
  }

  private ConfigNode leaf(String key, Origin keyAt, Event value) {
    if (value instanceof ScalarEvent s) {
      return new ConfigNode(key, List.of(s.getValue()), form(s), events.at(value), keyAt);
    }
    if (value.getEventId() == Event.ID.MappingStart) {
      events.skip();
      throw Fault.of(C010, "%s is a value, not a section", key).at("%s", events.at(value)).because("it must be %s", rule(key))
          .mend("its range and meaning: unroll config keys %s", key);
    }
    if (keys.get(key).type() instanceof Type.Stack) return new StackReader(key, events).read(events.at(value), keyAt);
    var items = new ArrayList<String>();
    for (var e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      if (!(e instanceof ScalarEvent s)) {
        if (e instanceof CollectionStartEvent) events.skip();
        throw Fault.of(C010, "an item of %s is not text", key).at("%s", events.at(e)).because("it must be %s", rule(key))
            .mend("its range and meaning: unroll config keys %s", key);
      }
      items.add(s.getValue());
    }
    return new ConfigNode(key, List.copyOf(items), ConfigNode.Form.LIST, events.at(value), keyAt);
  }

  private static ConfigNode.Form form(ScalarEvent s) {
    if (s.getScalarStyle() != ScalarStyle.PLAIN) return ConfigNode.Form.QUOTED;
    return s.getValue().matches("|~|null|Null|NULL") ? ConfigNode.Form.NOTHING : ConfigNode.Form.PLAIN;
  }

  private String rule(String key) { return keys.get(key).type().rule(); }

  /** Whether this entry is of a model's spec; {@code layers: 2}, which is no list, is a key in the wrong section. */
  private static boolean ofSpec(String key, Event value) {
    return key.equals("input") || key.equals("head") || key.equals("layers") && value.getEventId() == Event.ID.SequenceStart;
  }

  private static Fault spec() {
    return Fault.of(C001, "this is a model's spec, not a configuration")
        .because("a configuration trains a language model; a spec (input, layers, head) is of any model, and a Java program trains it")
        .mend("a program that trains from a spec: docs/stacks.md").mend("check its gradients")
        .mend("for a language model of different layers: model.stack");
  }

  private Fault notSections(Event e) {
    return Fault.of(C001, "not a configuration").at("%s", events.at(e))
        .because("a configuration has lines such as \"task: %s\"", keys.task())
        .mend("a file to start from: unroll init %s", keys.task());
  }
}
