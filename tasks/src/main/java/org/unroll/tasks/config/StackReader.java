package org.unroll.tasks.config;

import static org.unroll.fault.Code.C010;
import static org.unroll.fault.Code.C013;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.unroll.fault.Fault;

/** A list of layers in YAML, each a line of text or a map; maps become text here, faults in them have the place of the value. */
final class StackReader {
  private final String key;
  private final YamlEvents events;
  private final List<String> items = new ArrayList<>();
  private final List<Origin> places = new ArrayList<>();

  StackReader(String key, YamlEvents events) {
    this.key = key;
    this.events = events;
  }

  /** The list that has just been opened, at {@code origin}, down to its end. */
  ConfigNode read(Origin origin, Origin keyOrigin) {
    for (var e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
      var at = events.at(e);
      items.add(switch (e) {
        case ScalarEvent s -> s.getValue();
        case MappingStartEvent _ -> layer(at).text();
        default -> {
          if (e instanceof CollectionStartEvent) events.skip();
          throw Fault.of(C010, "%s is a list, must be a layer", who()).at("%s", at).mend("for example: lstm 256 residual dropout 0.2");
        }
      });
      places.add(at);
    }
    return new ConfigNode(key, List.copyOf(items), ConfigNode.Form.LIST, origin, keyOrigin, List.copyOf(places));
  }

  private String who() { return Type.Stack.who(key, items.size()); }

  private StackLayer layer(Origin at) {
    var fields = new LinkedHashMap<String, String>();
    var where = new LinkedHashMap<String, Origin>();
    for (var e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) field(e, fields, where);
    try {
      return StackLayer.of(who(), fields);
    } catch (Fault f) {
      throw f.at("%s", where.getOrDefault(f.where(), at));
    }
  }

  private void field(Event name, Map<String, String> fields, Map<String, Origin> where) {
    var value = events.next();
    if (!(name instanceof ScalarEvent n)) throw Fault.of(C010, "%s: a key is not text", who()).at("%s", events.at(name));
    boolean known = StackLayer.FIELDS.contains(n.getValue());
    var place = events.at(known ? value : name);
    if (value instanceof CollectionStartEvent) {
      events.skip();
      throw Fault.of(C010, "%s: %s is not a word or a number", who(), n.getValue()).at("%s", place);
    }
    where.put(n.getValue(), place);
    if (fields.put(n.getValue(), ((ScalarEvent) value).getValue()) != null) {
      throw Fault.of(C013, "%s: %s is given twice", who(), n.getValue()).at("%s", events.at(name)).mend("delete one of the two");
    }
  }
}
