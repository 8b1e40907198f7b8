package org.unroll.model;

import static org.unroll.model.SpecFields.lower;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Json;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;

/**
 * A {@link Spec} as plain values for {@link Json}, and back. All is written; what may be left out when it is read has the value
 * here. Unknown keys are refused.
 */
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
      case Spec.Mlstm l -> kind("mlstm", "units", (long) l.units(), "heads", (long) l.heads(), "direction", lower(l.direction()),
          "forget", l.forget(), "start", write(l.start()));
      case Spec.Jordan j -> kind("jordan", "units", (long) j.units(), "feedback", lower(j.feedback()), "input_start", write(j.inputStart()),
          "recurrent_start", write(j.recurrentStart()));
      case Spec.Residual r -> kind("residual", "body", r.body().stream().map(SpecJson::write).toList());
      case Spec.Highway h -> kind("highway", "bias", h.bias(), "start", write(h.start()),
          "body", h.body().stream().map(SpecJson::write).toList());
    };
  }

  /** Without a projection, noise or a scan the key is absent, as in files from before there was one. */
  private static Map<String, Object> recurrent(Spec.Recurrent r) {
    var m = kind("recurrent", "cell", r.cell(), "units", (long) r.units(), "direction", lower(r.direction()), "forget", r.forget(),
        "input_start", write(r.inputStart()), "recurrent_start", write(r.recurrentStart()));
    if (r.projection() != 0) m.put("projection", (long) r.projection());
    if (r.noise().any()) m.put("noise", r.noise().shares());
    if (r.scan() != 0) m.put("scan", (long) r.scan());
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

  // ---- from values

  private static final Start GLOROT = Start.of(Start.Kind.GLOROT), ORTHOGONAL = Start.of(Start.Kind.ORTHOGONAL);
  private static final Start GAUSSIAN = Start.of(Start.Kind.GAUSSIAN), FAN_IN = Start.of(Start.Kind.FAN_IN);

  /** @param code of the fault for what is no spec */
  static Spec read(Object value, String where, Code code) {
    var o = new SpecFields(value, where, code);
    var spec = new Spec(input(o.in("input")), layers(o, "layers"), head(o.in("head")));
    o.end();
    return spec;
  }

  private static Spec.Input input(SpecFields o) {
    try {
      Spec.Input in = o.has("vectors") ? new Spec.Vectors(o.whole("vectors")) : new Spec.Symbols(o.whole("symbols"));
      o.end();
      return in;
    } catch (Fault f) {
      throw o.placed(f);
    }
  }

  private static List<Spec.Layer> layers(SpecFields o, String key) { return o.all(key).stream().map(SpecJson::layer).toList(); }

  private static Spec.Layer layer(SpecFields o) {
    try {
      var layer = switch (o.text("kind")) {
        case "embedding" -> new Spec.Embedding(o.whole("width"), o.start("start", GAUSSIAN));
        case "recurrent" -> recurrent(o);
        case "dropout" -> new Spec.Dropout(o.number("rate"), o.choice("over", Over.class, Over.STEP));
        case "dense" -> new Spec.Dense(o.whole("width"), o.choice("activation", Activation.class, Activation.IDENTITY),
            o.start("start", FAN_IN));
        case "mlstm" -> new Spec.Mlstm(o.whole("units"), o.whole("heads"),
            o.choice("direction", Spec.Direction.class, Spec.Direction.FORWARD), o.number("forget", 1), o.start("start", GLOROT));
        case "jordan" -> new Spec.Jordan(o.whole("units"), o.choice("feedback", Activation.class), o.start("input_start", GLOROT),
            o.start("recurrent_start", ORTHOGONAL));
        case "residual" -> new Spec.Residual(layers(o, "body"));
        case "highway" -> new Spec.Highway(layers(o, "body"), o.number("bias", Spec.Highway.CARRY), o.start("start", GLOROT));
        case String other -> throw o.wrong("kind", other,
            List.of("embedding", "recurrent", "dropout", "dense", "jordan", "mlstm", "residual", "highway"));
      };
      o.end();
      return layer;
    } catch (Fault f) {
      throw o.placed(f);
    }
  }

  private static Spec.Recurrent recurrent(SpecFields o) {
    var direction = o.choice("direction", Spec.Direction.class, Spec.Direction.FORWARD);
    return new Spec.Recurrent(o.text("cell"), o.whole("units"), direction, o.number("forget", 1), o.start("input_start", GLOROT),
        o.start("recurrent_start", ORTHOGONAL), o.whole("projection", 0), noise(o), o.whole("scan", 0));
  }

  /** What is not named is 0. */
  private static Noise noise(SpecFields o) {
    if (!o.has("noise")) return Noise.NONE;
    var n = o.in("noise");
    var noise = new Noise(n.number("state_dropout", 0), n.number("recurrent_dropout", 0), n.number("zoneout", 0),
        n.number("zoneout_memory", 0), n.number("drop_connect", 0));
    n.end();
    return noise;
  }

  private static Spec.HeadSpec head(SpecFields o) {
    try {
      var head = switch (o.text("kind")) {
        case "softmax" -> new Spec.Softmax(o.whole("classes"), o.flag("tied", false), at(o), o.start("start", FAN_IN));
        case "squared_error" -> new Spec.SquaredError(o.whole("outputs"), at(o), o.start("start", FAN_IN));
        case "crf" -> new Spec.Crf(o.whole("labels"), o.start("start", GLOROT),
            o.start("transitions", new Start(Start.Kind.UNIFORM, 0.1)));
        case String other -> throw o.wrong("kind", other, List.of("softmax", "squared_error", "crf"));
      };
      o.end();
      return head;
    } catch (Fault f) {
      throw o.placed(f);
    }
  }

  private static Head.At at(SpecFields o) { return o.choice("at", Head.At.class, Head.At.EVERY_STEP); }
}
