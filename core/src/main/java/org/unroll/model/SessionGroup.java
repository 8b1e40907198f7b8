package org.unroll.model;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;
import org.unroll.slab.Slab;

/**
 * Steps several sessions of one model in one batched step: each gets the bits that it would get alone, and the weights are read
 * once for all. Sessions may be of any age, and other ones at each step: the group holds buffers, the sessions their states. A
 * step allocates nothing. Not for use by several threads at once, nor while a session of the list is used elsewhere.
 */
public final class SessionGroup {
  private final Model model;
  private final int most;
  private final Opened opened;
  private final Stepper body;
  private final Set<Session> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  SessionGroup(Model model, int most) {
    if (most < 1) throw Fault.of(Code.C030, "a group of %d sessions, must be at least 1", most);
    this.model = model;
    this.most = most;
    this.opened = Opened.of(model, model.weights(), most, "session %d");
    this.body = opened.body();
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
    int rows = sessions.size();
    if (rows == 0) return;
    var state = body.state(0);
    for (int n = 0; n < rows; n++) move(sessions.get(n).state(), 0, state, n);
    body.resume(rows);
    opened.step(rows);
    body.state(rows);
    for (int n = 0; n < rows; n++) {
      var s = sessions.get(n);
      move(state, n, s.state(), 0);
      opened.scores(n, s.scores());
      s.moved();
    }
  }

  /** Row {@code a} of every part of {@code from} to row {@code b} of {@code to}. */
  private static void move(State from, int a, State to, int b) {
    for (int i = 0; i < from.parts().size(); i++) {
      Slab x = from.part(i), y = to.part(i);
      for (int slot = 0; slot < x.steps(); slot++) y.setRow(slot * y.rows() + b, x, slot * x.rows() + a);
    }
  }
}
