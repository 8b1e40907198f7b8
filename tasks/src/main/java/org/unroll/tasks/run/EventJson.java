package org.unroll.tasks.run;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.unroll.file.Json;
import org.unroll.tasks.lm.Event;

/** Events as lines of JSON, {@code "v":1} in each. What is not a number is null. */
public final class EventJson {
  private EventJson() {}

  /** @param time UTC, ISO 8601 */
  public static String line(Event e, String time) {
    var m = new LinkedHashMap<String, Object>();
    m.put("v", 1L);
    m.put("time", time);
    m.putAll(fields(e));
    return Json.write(m);
  }

  private static Map<String, Object> fields(Event e) {
    return switch (e) {
      case Event.Started s -> of("run.start", "run", s.run(), "network", s.network(), "weights", s.weights(),
          "steps_per_epoch", s.perEpoch(),
          "planned", s.planned(), "bound", s.bound(), "step", s.step(), "kernels", s.kernels());
      case Event.Stepped s -> of("step", "step", s.step(), "epoch", s.epoch(), "loss", number(s.loss()), "gnorm", number(s.norm()),
          "lr", number(s.rate()), "tok_s", number(Math.rint(s.perSecond())));
      case Event.Evaluated s -> of("eval", "step", s.step(), "epoch", s.epoch(), "loss", number(s.loss()), "dev", number(s.dev()),
          "dev_ppl", number(s.hasDev() ? s.perplexity() : Double.NaN),
          "gnorm", number(s.norm()), "clipped", number(s.clipped()), "lr", number(s.rate()),
          "tok_s", number(Math.rint(s.perSecond())), "seconds", number(s.seconds()), "best", s.best());
      case Event.Sampled s -> of("sample", "step", s.step(), "prompt", s.prompt(), "text", s.text());
      case Event.Saved s -> of("checkpoint", "step", s.step(), "file", s.file().getFileName().toString());
      case Event.Noted s -> of("note", "where", s.note().where(), "what", s.note().what());
      case Event.Ended s -> of("run.end", "end", s.end().name().toLowerCase(Locale.ROOT), "step", s.step(), "best",
          number(s.best()),
          "best_step", s.bestStep(), "loss", number(s.loss()), "seconds", number(s.seconds()), "state", s.state());
    };
  }

  private static Map<String, Object> of(String event, Object... keysAndValues) {
    var m = new LinkedHashMap<String, Object>();
    m.put("event", event);
    for (int i = 0; i < keysAndValues.length; i += 2) m.put((String) keysAndValues[i], keysAndValues[i + 1]);
    return m;
  }

  private static Object number(double v) { return Double.isFinite(v) ? (Object) v : null; }
}
