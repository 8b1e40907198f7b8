package org.unroll.tasks.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The table of keys as a JSON Schema (2020-12), for editors. Maps, lists, text and numbers, ready to be written as JSON. */
public final class ConfigSchema {

  private ConfigSchema() {}

  /** The schema (draft 2020-12) as objects of JSON; comments in {@code language}, en or zh. */
  public static Map<String, Object> of(Keys keys, String language) {
    var top = object("https://json-schema.org/draft/2020-12/schema");
    var properties = properties(top);
    for (var k : keys.all()) {
      var place = properties;
      if (!k.section().isEmpty()) {
        place = properties(place.computeIfAbsent(k.section(), _ -> object(null)));
      }
      place.put(k.last(), entry(k, language));
    }
    return top;
  }

  private static Map<String, Object> entry(Key key, String language) {
    var e = new LinkedHashMap<String, Object>();
    e.put("description", key.comment(language));
    switch (key.type()) {
      case Type.Truth _ -> e.put("type", "boolean");
      case Type.Whole w -> {
        e.put("type", "integer");
        e.put("minimum", w.min());
        if (w.max() != Long.MAX_VALUE) e.put("maximum", w.max());
      }
      case Type.Real r -> {
        e.put("type", "number");
        e.put(r.above() ? "exclusiveMinimum" : "minimum", r.min());
        if (r.max() != Double.POSITIVE_INFINITY) e.put(r.below() ? "exclusiveMaximum" : "maximum", r.max());
      }
      case Type.Choice c -> e.put("enum", words(c));
      case Type.Text _ -> e.put("type", List.of("string", "number", "boolean"));
      case Type.Files _ -> e.put("type", List.of("string", "array"));
      case Type.Stack _ -> {
        e.put("type", List.of("string", "array"));
        e.put("items", Map.of("anyOf", List.of(Map.of("type", "string"), layer())));
      }
      case Type.Size _ -> {
        e.put("type", "string");
        e.put("pattern", "^[0-9]{1,12} ?([KkMmGg][Ii]?)?[Bb]$");
      }
    }
    var initial = key.initialValue();
    e.put("default", key.type() instanceof Type.Size ? key.initial() : initial instanceof List<?> ? "" : initial);
    return e;
  }

  private static Map<String, Object> layer() {
    var o = object(null);
    var fields = properties(o);
    fields.put("cell", Map.of("enum", words(StackLayer.CELL)));
    fields.put("units", Map.of("type", "integer", "minimum", 1, "maximum", 65_536));
    fields.put("heads", Map.of("type", "integer", "minimum", 1, "maximum", 1024));
    fields.put("projection", Map.of("type", "integer", "minimum", 0, "maximum", 65_535));
    fields.put("connect", Map.of("enum", words(StackLayer.CONNECT)));
    fields.put("dropout", Map.of("type", "number", "minimum", 0, "exclusiveMaximum", 1));
    fields.put("scan", Map.of("type", "integer", "minimum", 0, "maximum", 65_536));
    fields.put("direction", Map.of("enum", List.of("forward")));
    o.put("required", List.of("cell", "units"));
    return o;
  }

  private static List<String> words(Type choice) {
    return Stream.concat(((Type.Choice) choice).words().stream(), ((Type.Choice) choice).more().stream()).toList();
  }

  private static Map<String, Object> object(String schema) {
    var o = new LinkedHashMap<String, Object>();
    if (schema != null) o.put("$schema", schema);
    o.put("type", "object");
    o.put("additionalProperties", false);
    o.put("properties", new LinkedHashMap<String, Object>());
    return o;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> properties(Object object) {
    return (Map<String, Object>) ((Map<String, Object>) object).get("properties");
  }
}
