package org.unroll.model;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Steps several sessions of one model in one batched step: the same bits as one by one, at the price of far fewer reads of
 * the weights. Not for use by several threads at once.
 */
public final class SessionGroup {
  private final Model model;
  private final int rows;
  private final Slab in;
  private final Stepper body, output;
  private final State state;
  private final Set<Session> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  SessionGroup(Model model, int rows) {
    if (rows < 1) throw Fault.of(Code.C030, "a group of %d sessions, must be at least 1", rows);
    this.model = model;
    this.rows = rows;
    var run = Run.evaluation(model.weights(), new Workspace());
    this.in = Slab.zeros(1, rows, 1);
    this.body = model.network().body().open(in, run);
    this.output = model.network().output().open(body.y(), run);
    this.state = body.state().copy();
  }

  /**
   * Takes symbol {@code ids[n]} into session n; the scores then stand in each session's {@link Session#scores}.
   *
   * @param sessions as many as the group has rows, each another one
   */
  public void step(List<Session> sessions, int[] ids) {
    int symbols = model.symbols();
    if (sessions.size() != rows || ids.length != rows) {
      throw Fault.of(Code.C030, "%d sessions and %d symbols for a group of %d", sessions.size(), ids.length, rows);
    }
    distinct(sessions);
    for (int n = 0; n < rows; n++) {
      if (sessions.get(n).model() != model) throw Fault.of(Code.C030, "session %d is of another model", n);
      if (ids[n] < 0 || ids[n] >= symbols) throw Fault.of(Code.C030, "symbol %d is %d, must be in [0, %d)", n, ids[n], symbols);
      in.set(n, 0, ids[n]);
      move(sessions.get(n).state(), 0, state, n);
    }
    body.set(state);
    body.step();
    output.step();
    state.set(body.state());
    for (int n = 0; n < rows; n++) leave(sessions.get(n), n);
  }

  private void distinct(List<Session> sessions) {
    seen.clear();
    for (int n = 0; n < rows; n++) {
      if (!seen.add(sessions.get(n))) throw Fault.of(Code.C030, "session %d stands in the list twice", n)
          .because("a group steps different sessions");
    }
    seen.clear();
  }

  private void leave(Session s, int n) {
    var own = s.state();
    move(state, n, own, 0);
    output.y().copyRow(n, s.scores());
    s.go(own, s.position() + 1, s.scores());
  }

  /** Row {@code a} of every part of {@code from} to row {@code b} of {@code to}. */
  private static void move(State from, int a, State to, int b) {
    for (int i = 0; i < from.parts().size(); i++) {
      Slab x = from.part(i), y = to.part(i);
      for (int slot = 0; slot < x.steps(); slot++) y.setRow(slot * y.rows() + b, x, slot * x.rows() + a);
    }
  }
}
