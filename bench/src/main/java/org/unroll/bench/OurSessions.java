package org.unroll.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.unroll.model.Model;
import org.unroll.model.Session;
import org.unroll.model.SessionGroup;
import org.unroll.slab.Philox;

/** Live sessions of one model, each a symbol further: all in one batched step, or one after the other. */
final class OurSessions implements Contestant.Local {
  private static final int CHECKED = 5;

  private final List<Session> sessions = new ArrayList<>();
  private final SessionGroup group;
  private final int[] ids;
  private final int symbols;

  OurSessions(Job job, int threads, boolean together) {
    symbols = job.size("V");
    int rows = job.size("B");
    var network = OurModel.network(symbols, job.size("I"), job.size("H"));
    var params = network.shape().copy();
    params.initialise(new Philox(1, Philox.Stream.INIT));
    var model = Model.of(network, params, Engine.kernels(threads), Map.of());
    for (int n = 0; n < rows; n++) sessions.add(model.session());
    group = together ? model.group(rows) : null;
    ids = new int[rows];
    restart();
  }

  private void restart() {
    for (int n = 0; n < ids.length; n++) {
      sessions.get(n).reset();
      ids[n] = n % symbols;
    }
  }

  @Override public void step() {
    for (int n = 0; n < ids.length; n++) ids[n] = (ids[n] * 31 + 7) % symbols;
    if (group != null) group.step(sessions, ids);
    else for (int n = 0; n < ids.length; n++) sessions.get(n).step(ids[n]);
  }

  /** All scores of all sessions after a few steps. */
  @Override public Outcome outcome() {
    restart();
    for (int t = 0; t < CHECKED; t++) step();
    float[] all = new float[ids.length * symbols];
    for (int n = 0; n < ids.length; n++) System.arraycopy(sessions.get(n).scores(), 0, all, n * symbols, symbols);
    restart();
    var o = new Outcome();
    o.outputs().put("h", all);
    return o;
  }
}
