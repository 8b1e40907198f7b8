package org.unroll.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;
import org.unroll.slab.Slab;

/**
 * Steps several sessions of one model in one batched step: each gets the bits that it would get alone, and the weights are read
 * once for all. Sessions may be of any age, and other ones at each step: the group holds buffers, the sessions their states. A
 * step allocates nothing. Not for use by several threads at once, nor while a session of the list is used elsewhere.
 */
public final class SessionGroup {
  /** Fewer floats of states and scores are moved by one thread: 128 KiB, copied six times in some 20 µs, beside two meetings' one. */
  static final long WORTH = 1 << 15;

  private final Model model;
  private final int most;
  private final Opened opened;
  private final Stepper body;
  private final Set<Session> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Kernels k;
  private final State buffers;
  private final long moved;
  private final Session[] now;
  private final IntConsumer gather = this::gather, scatter = this::scatter;

  private int rows, parts;

  SessionGroup(Model model, int most) {
    if (most < 1) throw Fault.of(Code.C030, "a group of %d sessions, must be at least 1", most);
    this.model = model;
    this.most = most;
    this.opened = Opened.of(model, model.weights(), most, "session %d");
    this.body = opened.body();
    this.k = model.weights().kernels();
    this.buffers = body.state(0);
    this.moved = buffers.parts().stream().mapToLong(p -> (long) p.steps() * p.cols()).sum() + model.network().head().outputs();
    this.now = new Session[most];
  }

  /** How many sessions a step takes at the most. */
  public int most() { return most; }

  /**
   * Takes symbol {@code ids[n]} into session n; the scores then stand in each session's {@link Session#scores}.
   *
   * @param sessions open ones of the group's model, each another one, as many as there are ids and at most {@link #most}
   * @throws Fault C030 otherwise; no session has then moved
   */
  public void step(List<Session> sessions, int... ids) {
    require(sessions, ids.length, "symbols");
    for (int n = 0; n < ids.length; n++) opened.take(n, ids[n]);
    step(sessions);
  }

  /** Takes vector {@code x[n]} into session n; see {@link #step(List, int...)}. */
  public void step(List<Session> sessions, float[]... x) {
    require(sessions, x.length, "vectors");
    for (int n = 0; n < x.length; n++) opened.take(n, x[n]);
    step(sessions);
  }

  private void require(List<Session> sessions, int inputs, String what) {
    int rows = sessions.size();
    if (rows != inputs) throw Fault.of(Code.C030, "%d sessions and %d %s", rows, inputs, what).mend("give one to each session");
    if (rows > most) {
      throw Fault.of(Code.C030, "%d sessions in a step of a group for %d", rows, most).mend("make the group for %d", rows);
    }
    seen.clear();
    for (int n = 0; n < rows; n++) {
      var s = sessions.get(n);
      s.requireOpen(n);
      if (s.model() != model) {
        throw Fault.of(Code.C030, "it is of another model").at("session %d", n).because("a group steps sessions of its own model")
            .mend("make a group of that session's model()");
      }
      if (!seen.add(s)) {
        throw Fault.of(Code.C030, "it stands in the list twice").at("session %d", n).because("a group steps different sessions")
            .mend("give it once, or its fork()");
      }
    }
    seen.clear();
  }

  private void step(List<Session> sessions) {
    rows = sessions.size();
    if (rows == 0) return;
    for (int n = 0; n < rows; n++) now[n] = sessions.get(n);
    parts = parts(rows);
    try {
      k.parallel(parts, gather);
      body.resume(rows);
      opened.step(rows);
      body.state(rows);
      k.parallel(parts, scatter);
    } finally {
      Arrays.fill(now, 0, rows, null);
    }
  }

  /** How many threads move the states and scores of so many sessions. */
  int parts(int rows) { return rows * moved < WORTH ? 1 : Math.min(rows, k.threads()); }

  /** States of part i of the sessions to the buffers of the body. */
  private void gather(int i) {
    for (int n = first(i); n < first(i + 1); n++) move(now[n].state(), 0, buffers, n);
  }

  /** What was made of part i of the sessions back to them. */
  private void scatter(int i) {
    for (int n = first(i); n < first(i + 1); n++) {
      move(buffers, n, now[n].state(), 0);
      opened.scores(n, now[n].scores());
      now[n].moved();
    }
  }

  private int first(int part) { return part * rows / parts; }

  /** Row {@code a} of every part of {@code from} to row {@code b} of {@code to}. */
  private static void move(State from, int a, State to, int b) {
    for (int i = 0; i < from.parts().size(); i++) {
      Slab x = from.part(i), y = to.part(i);
      for (int slot = 0; slot < x.steps(); slot++) y.setRow(slot * y.rows() + b, x, slot * x.rows() + a);
    }
  }
}
