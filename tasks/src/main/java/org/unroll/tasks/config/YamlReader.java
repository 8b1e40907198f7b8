package org.unroll.tasks.config;

import static org.unroll.fault.Code.C001;
import static org.unroll.fault.Code.C010;
import static org.unroll.fault.Code.C013;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.unroll.fault.Fault;

/**
 * YAML 1.2 read as data: sections of scalars and lists of scalars. The parser's events are walked one by one; no object is
 * ever built from a document, and anchors, aliases, tags and second documents are refused. One instance reads one document.
 */
final class YamlReader {
  static final int DEEPEST = 32;

  private final Keys keys;
  private final String file;
  private final Map<String, ConfigNode> nodes = new LinkedHashMap<>();
  private final Map<String, Origin> sections = new LinkedHashMap<>();

  YamlReader(Keys keys, String file) {
    this.keys = keys;
    this.file = file;
  }

  /** The values of the document in the order in which they stand. */
  List<ConfigNode> read(String yaml) {
    var settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
    try {
      walk(new ParserImpl(settings, new StreamReader(settings, yaml)));
    } catch (MarkedYamlEngineException e) {
      var where = e.getProblemMark().map(m -> at(m).toString()).orElse(file);
      throw notYaml(e.getProblem() == null ? "not YAML" : "not YAML: " + e.getProblem()).at("%s", where).causedBy(e);
    } catch (YamlEngineException e) {
      throw notYaml("not YAML: " + e.getMessage().lines().findFirst().orElse("")).at("%s", file).causedBy(e);
    }
    return List.copyOf(nodes.values());
  }

  private void walk(Iterator<Event> events) {
    int documents = 0;
    while (events.hasNext()) {
      var e = events.next();
      switch (e.getEventId()) {
        case DocumentStart -> {
          if (++documents > 1) throw refused("a second document", e, "one file holds one configuration", "delete all after ---");
        }
        case MappingStart -> section(e, "", events);
        case Scalar -> {
          if (!((ScalarEvent) e).getValue().isEmpty()) throw notSections(e);
        }
        case SequenceStart, Alias -> throw notSections(e);
        default -> { }
      }
    }
  }

  /** The entries of the mapping that has just been opened, down to its end; their names begin with {@code prefix}. */
  private void section(Event start, String prefix, Iterator<Event> events) {
    plain(start);
    for (var e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
      if (!(e instanceof ScalarEvent name)) throw notYaml("a key is a section or a list").at("%s", at(e));
      plain(e);
      entry(prefix + name.getValue(), at(e), events.next(), events);
    }
  }

  private void entry(String key, Origin keyAt, Event value, Iterator<Event> events) {
    plain(value);
    boolean known = keys.find(key).isPresent();
    if (!known && !keys.isSection(key)) throw keys.unknown(key).at("%s", keyAt);
    var before = known ? Optional.ofNullable(nodes.get(key)).map(ConfigNode::keyOrigin) : Optional.ofNullable(sections.get(key));
    if (before.isPresent()) {
      throw Fault.of(C013, "%s is given twice", key).at("%s", keyAt).because("it stands at %s already", before.get())
          .mend("delete one of the two");
    }
    if (known) {
      nodes.put(key, leaf(key, keyAt, value, events));
    } else {
      sections.put(key, keyAt);
      if (value.getEventId() == Event.ID.MappingStart) {
        section(value, key + ".", events);
      } else if (!(value instanceof ScalarEvent s && s.isPlain() && s.getValue().isEmpty())) {
        throw Fault.of(C010, "%s is a section, not a value", key).at("%s", at(value))
            .mend("write its keys below it, indented: all keys: unroll config keys %s", key);
      }
    }
  }

  private ConfigNode leaf(String key, Origin keyAt, Event value, Iterator<Event> events) {
    if (value instanceof ScalarEvent s) {
      return new ConfigNode(key, List.of(s.getValue()), form(s), at(value), keyAt);
    }
    if (value.getEventId() == Event.ID.MappingStart) {
      deep(events, 3);
      throw Fault.of(C010, "%s is a value, not a section", key).at("%s", at(value)).because("it must be %s", rule(key));
    }
    var items = new ArrayList<String>();
    for (var e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      plain(e);
      if (!(e instanceof ScalarEvent s)) {
        if (e instanceof CollectionStartEvent) deep(events, 4);
        throw Fault.of(C010, "an item of %s is not text", key).at("%s", at(e)).because("it must be %s", rule(key));
      }
      items.add(s.getValue());
    }
    return new ConfigNode(key, List.copyOf(items), ConfigNode.Form.LIST, at(value), keyAt);
  }

  /** Walks over a collection, itself the {@code level}-th; refuses one that is nested without end. */
  private void deep(Iterator<Event> events, int level) {
    int depth = level;
    while (depth >= level) {
      var e = events.next();
      plain(e);
      if (e instanceof CollectionStartEvent && ++depth > DEEPEST) throw tooDeep(e);
      if (e.getEventId() == Event.ID.MappingEnd || e.getEventId() == Event.ID.SequenceEnd) depth--;
    }
  }

  private static ConfigNode.Form form(ScalarEvent s) {
    if (s.getScalarStyle() != ScalarStyle.PLAIN) return ConfigNode.Form.QUOTED;
    return s.getValue().matches("|~|null|Null|NULL") ? ConfigNode.Form.NOTHING : ConfigNode.Form.PLAIN;
  }

  private String rule(String key) { return keys.get(key).type().rule(); }

  /** Refuses anchors, aliases and tags. */
  private void plain(Event e) {
    if (e instanceof AliasEvent) throw refused("an alias", e, "a value is written where it is used", "write the value out");
    if (e instanceof NodeEvent n && n.getAnchor().isPresent()) {
      throw refused("an anchor", e, "a value is written where it is used", "delete &%s", n.getAnchor().get());
    }
    boolean tag = e instanceof ScalarEvent s && s.getTag().isPresent()
        || e instanceof CollectionStartEvent c && c.getTag().isPresent();
    if (tag) {
      throw refused("a tag", e, "types come from the table of keys, never from the file", "delete the word that begins with !");
    }
  }

  private Fault refused(String what, Event e, String why, String mend, Object... args) {
    return notYaml(what + " is not allowed here").at("%s", at(e)).because(why).mend(mend, args);
  }

  private Fault tooDeep(Event e) {
    return notYaml("nested deeper than " + DEEPEST).at("%s", at(e))
        .because("a configuration has sections, and keys in them").mend("flatten it");
  }

  private Fault notSections(Event e) {
    return notYaml("not a configuration").at("%s", at(e)).because("a configuration has lines such as \"task: %s\"", keys.task())
        .mend("a file to start from: unroll init %s", keys.task());
  }

  private static Fault notYaml(String what) { return Fault.of(C001, "%s", what); }

  private Origin at(Event e) { return e.getStartMark().map(this::at).orElse(Origin.file(file, 1, 1)); }

  private Origin at(Mark m) { return Origin.file(file, m.getLine() + 1, m.getColumn() + 1); }
}
