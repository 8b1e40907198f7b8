package org.unroll.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Json;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;

/** A {@link Spec} as plain values for {@link Json}, and back. Unknown keys are refused. */
final class SpecJson {
  private SpecJson() {}

  // ---- to values

  static Map<String, Object> write(Spec spec) {
    var m = new LinkedHashMap<String, Object>();
    m.put("input", switch (spec.input()) {
      case Spec.Symbols s -> Map.of("symbols", (long) s.count());
      case Spec.Vectors v -> Map.of("vectors", (long) v.width());
    });
    m.put("layers", spec.layers().stream().map(SpecJson::write).toList());
    m.put("head", write(spec.head()));
    return m;
  }

  private static Map<String, Object> write(Spec.Layer layer) {
    return switch (layer) {
      case Spec.Embedding e -> kind("embedding", "width", (long) e.width(), "start", write(e.start()));
      case Spec.Recurrent r -> recurrent(r);
      case Spec.Dropout d when d.over() == Over.STEP -> kind("dropout", "rate", d.rate());
      case Spec.Dropout d -> kind("dropout", "rate", d.rate(), "over", lower(d.over()));
      case Spec.Dense d when d.activation() == Activation.IDENTITY -> kind("dense", "width", (long) d.width(), "start", write(d.start()));
      case Spec.Dense d -> kind("dense", "width", (long) d.width(), "activation", lower(d.activation()), "start", write(d.start()));
      case Spec.Jordan j -> kind("jordan", "units", (long) j.units(), "feedback", lower(j.feedback()), "input_start", write(j.inputStart()),
          "recurrent_start", write(j.recurrentStart()));
      case Spec.Residual r -> kind("residual", "body", r.body().stream().map(SpecJson::write).toList());
      case Spec.Highway h -> kind("highway", "bias", h.bias(), "start", write(h.start()),
          "body", h.body().stream().map(SpecJson::write).toList());
    };
  }

  /** Without a projection or noise the key is absent, as in files from before there was one. */
  private static Map<String, Object> recurrent(Spec.Recurrent r) {
    var m = kind("recurrent", "cell", r.cell(), "units", (long) r.units(), "direction", lower(r.direction()), "forget", r.forget(),
        "input_start", write(r.inputStart()), "recurrent_start", write(r.recurrentStart()));
    if (r.projection() != 0) m.put("projection", (long) r.projection());
    if (r.noise().any()) m.put("noise", write(r.noise()));
    return m;
  }

  private static Map<String, Object> write(Noise n) {
    var m = new LinkedHashMap<String, Object>();
    m.put("state_dropout", n.stateDropout());
    m.put("recurrent_dropout", n.recurrentDropout());
    m.put("zoneout", n.zoneout());
    m.put("zoneout_memory", n.zoneoutMemory());
    m.put("drop_connect", n.dropConnect());
    m.values().removeIf(share -> share.equals(0.0));
    return m;
  }

  private static Map<String, Object> write(Spec.HeadSpec head) {
    return switch (head) {
      case Spec.Softmax s -> kind("softmax", "classes", (long) s.classes(), "tied", s.tied(), "at", lower(s.at()),
          "start", write(s.start()));
      case Spec.SquaredError s -> kind("squared_error", "outputs", (long) s.outputs(), "at", lower(s.at()), "start", write(s.start()));
      case Spec.Crf c -> kind("crf", "labels", (long) c.labels(), "start", write(c.start()), "transitions", write(c.transitions()));
    };
  }

  private static Map<String, Object> write(Start s) {
    var m = new LinkedHashMap<String, Object>();
    m.put("kind", lower(s.kind()));
    m.put("scale", s.scale());
    return m;
  }

  private static Map<String, Object> kind(String kind, Object... keysAndValues) {
    var m = new LinkedHashMap<String, Object>();
    m.put("kind", kind);
    for (int i = 0; i < keysAndValues.length; i += 2) m.put((String) keysAndValues[i], keysAndValues[i + 1]);
    return m;
  }

  private static String lower(Enum<?> e) { return e.name().toLowerCase(Locale.ROOT); }

  // ---- from values

  /** @param code of the fault for what is no spec */
  static Spec read(Object value, String where, Code code) {
    var o = new Fields(value, where, code);
    var input = new Fields(o.take("input"), where + ".input", code);
    Spec.Input in = input.has("symbols") ? new Spec.Symbols(input.whole("symbols")) : new Spec.Vectors(input.whole("vectors"));
    input.end();
    var spec = new Spec(in, layers(o, "layers"), head(new Fields(o.take("head"), where + ".head", code)));
    o.end();
    return spec;
  }

  private static List<Spec.Layer> layers(Fields o, String key) {
    var layers = new ArrayList<Spec.Layer>();
    for (var l : o.list(key)) layers.add(layer(new Fields(l, o.where + "." + key + "[" + layers.size() + "]", o.code)));
    return layers;
  }

  private static Spec.Layer layer(Fields o) {
    var layer = switch (o.text("kind")) {
      case "embedding" -> new Spec.Embedding(o.whole("width"), start(o, "start"));
      case "recurrent" -> new Spec.Recurrent(o.text("cell"), o.whole("units"), o.choice("direction", Spec.Direction.class),
          o.number("forget"), start(o, "input_start"), start(o, "recurrent_start"),
          o.has("projection") ? o.whole("projection") : 0, noise(o));
      case "dropout" -> new Spec.Dropout(o.number("rate"), o.has("over") ? o.choice("over", Over.class) : Over.STEP);
      case "dense" -> new Spec.Dense(o.whole("width"),
          o.has("activation") ? o.choice("activation", Activation.class) : Activation.IDENTITY, start(o, "start"));
      case "jordan" -> new Spec.Jordan(o.whole("units"), o.choice("feedback", Activation.class), start(o, "input_start"),
          start(o, "recurrent_start"));
      case "residual" -> new Spec.Residual(layers(o, "body"));
      case "highway" -> new Spec.Highway(layers(o, "body"), o.number("bias"), start(o, "start"));
      case String other -> throw o.wrong("kind", other, "embedding, recurrent, dropout, dense, jordan, residual or highway");
    };
    o.end();
    return layer;
  }

  /** What is not named is 0. */
  private static Noise noise(Fields o) {
    if (!o.has("noise")) return Noise.NONE;
    var n = new Fields(o.take("noise"), o.where + ".noise", o.code);
    var noise = new Noise(n.orZero("state_dropout"), n.orZero("recurrent_dropout"), n.orZero("zoneout"), n.orZero("zoneout_memory"),
        n.orZero("drop_connect"));
    n.end();
    return noise;
  }

  private static Spec.HeadSpec head(Fields o) {
    var head = switch (o.text("kind")) {
      case "softmax" -> new Spec.Softmax(o.whole("classes"), o.flag("tied"), o.choice("at", Head.At.class), start(o, "start"));
      case "squared_error" -> new Spec.SquaredError(o.whole("outputs"), o.choice("at", Head.At.class), start(o, "start"));
      case "crf" -> new Spec.Crf(o.whole("labels"), start(o, "start"), start(o, "transitions"));
      case String other -> throw o.wrong("kind", other, "softmax, squared_error or crf");
    };
    o.end();
    return head;
  }

  private static Start start(Fields o, String key) {
    var s = new Fields(o.take(key), o.where + "." + key, o.code);
    var start = new Start(s.choice("kind", Start.Kind.class), s.number("scale"));
    s.end();
    return start;
  }

  /** The fields of one object, each to be taken once. */
  private static final class Fields {
    private final String where;
    private final Code code;
    private final Map<String, Object> left = new LinkedHashMap<>();

    Fields(Object value, String where, Code code) {
      this.where = where;
      this.code = code;
      if (!(value instanceof Map<?, ?> m)) throw Fault.of(code, "%s is no object of keys and values", value).at(where);
      m.forEach((k, v) -> {
        if (!(k instanceof String key)) throw Fault.of(code, "the key %s is no text", k).at(where);
        left.put(key, v);
      });
    }

    boolean has(String key) { return left.containsKey(key); }

    Object take(String key) {
      if (!left.containsKey(key)) throw Fault.of(code, "'%s' is missing", key).at(where);
      return left.remove(key);
    }

    int whole(String key) {
      var v = take(key);
      if (v instanceof Long n && n == (int) (long) n) return (int) (long) n;
      throw wrong(key, v, "a whole number");
    }

    double number(String key) {
      var v = take(key);
      if (v instanceof Number n) return n.doubleValue();
      throw wrong(key, v, "a number");
    }

    double orZero(String key) { return has(key) ? number(key) : 0; }

    String text(String key) {
      var v = take(key);
      if (v instanceof String s) return s;
      throw wrong(key, v, "text");
    }

    boolean flag(String key) {
      var v = take(key);
      if (v instanceof Boolean b) return b;
      throw wrong(key, v, "true or false");
    }

    List<?> list(String key) {
      var v = take(key);
      if (v instanceof List<?> l) return l;
      throw wrong(key, v, "a list");
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
      var name = text(key);
      for (var c : type.getEnumConstants()) if (lower(c).equals(name)) return c;
      throw wrong(key, name, "one of " + Arrays.stream(type.getEnumConstants()).map(SpecJson::lower).toList());
    }

    Fault wrong(String key, Object value, String rule) {
      return Fault.of(code, "'%s' is %s", key, value).at(where).because("must be %s", rule);
    }

    void end() {
      if (!left.isEmpty()) throw Fault.of(code, "unknown key '%s'", left.keySet().iterator().next()).at(where);
    }
  }
}
