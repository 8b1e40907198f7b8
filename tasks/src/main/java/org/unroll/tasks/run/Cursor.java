package org.unroll.tasks.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.optim.Plateau;

/**
 * Where a training stands: all that the next step depends on besides weights, slots and hidden state, and what the listener
 * is told. Goes into every checkpoint.
 */
final class Cursor {
  /** Steps taken, complete epochs, windows read of the epoch under way. */
  long step, epoch;
  int window;

  /** Seconds spent in training, over all resumptions. */
  double seconds;

  /** The best evaluation so far, and how many came after it. */
  double best = Double.NaN;
  long bestStep, since;

  /** Sums since the last evaluation. */
  double loss, norm;
  long count, steps, clipped;

  /** Of a plateau schedule. */
  Plateau.State plateau = Plateau.State.START;

  /** Steps of the whole training as planned at its start: what a cosine falls over. 0 without a bound. */
  long planned;

  /** Takes note of an evaluation, in nats a symbol; whether none before was better. The untrained network is never the best. */
  boolean judge(double dev) {
    if (step == 0) return false;
    if (!(dev < best || Double.isNaN(best))) {
      since++;
      return false;
    }
    best = dev;
    bestStep = step;
    since = 0;
    return true;
  }

  /** Numbers as hex, so that not a bit is lost. */
  Map<String, Object> write() {
    var m = new LinkedHashMap<String, Object>();
    m.put("step", step);
    m.put("epoch", epoch);
    m.put("window", (long) window);
    m.put("seconds", seconds);
    m.put("best", Double.toHexString(best));
    m.put("best_step", bestStep);
    m.put("since", since);
    m.put("loss", Double.toHexString(loss));
    m.put("norm", Double.toHexString(norm));
    m.put("count", count);
    m.put("steps", steps);
    m.put("clipped", clipped);
    m.put("plateau_scale", Double.toHexString(plateau.scale()));
    m.put("plateau_best", Double.toHexString(plateau.best()));
    m.put("plateau_bad", (long) plateau.bad());
    m.put("planned", planned);
    return m;
  }

  static Cursor read(Map<?, ?> m) {
    var c = new Cursor();
    c.step = whole(m, "step");
    c.epoch = whole(m, "epoch");
    c.window = (int) whole(m, "window");
    c.seconds = get(m, "seconds") instanceof Number n ? n.doubleValue() : 0;
    c.best = real(m, "best");
    c.bestStep = whole(m, "best_step");
    c.since = whole(m, "since");
    c.loss = real(m, "loss");
    c.norm = real(m, "norm");
    c.count = whole(m, "count");
    c.steps = whole(m, "steps");
    c.clipped = whole(m, "clipped");
    c.plateau = new Plateau.State(real(m, "plateau_scale"), real(m, "plateau_best"), (int) whole(m, "plateau_bad"));
    c.planned = whole(m, "planned");
    return c;
  }

  Cursor copy() { return read(write()); }

  private static long whole(Map<?, ?> m, String key) {
    if (get(m, key) instanceof Long n && n >= 0) return n;
    throw Fault.of(Code.M003, "'%s' is no count", key).at("cursor");
  }

  private static double real(Map<?, ?> m, String key) {
    try {
      return Double.parseDouble((String) get(m, key));
    } catch (NumberFormatException | ClassCastException e) {
      throw Fault.of(Code.M003, "'%s' is no number", key).at("cursor");
    }
  }

  private static Object get(Map<?, ?> m, String key) {
    var v = m.get(key);
    if (v == null) throw Fault.of(Code.M003, "'%s' is missing", key).at("cursor");
    return v;
  }
}
