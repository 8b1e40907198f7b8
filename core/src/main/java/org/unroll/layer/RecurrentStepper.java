package org.unroll.layer;

import java.util.List;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** A {@link Recurrent} opened: two slots of state that take turns. It always evaluates. */
final class RecurrentStepper implements Stepper {
  private final StateRows stateRows;
  private final ForwardStep step;
  private final UnitParts parts;
  private final Run run;
  private final Slab s, fed, y;
  private final State out;
  private final int rows;
  private int now;

  RecurrentStepper(Recurrent layer, Slab x, Run run) {
    this.stateRows = layer.stateRows();
    this.run = run;
    this.rows = x.rows();
    this.s = Slab.zeros(2, rows, stateRows.width());
    this.fed = layer.P() == null ? s.cols(0, layer.units()) : Slab.zeros(2, rows, layer.width());
    this.y = Slab.zeros(1, rows, layer.width());
    this.out = new State(List.of(Slab.zeros(stateRows.slots(), rows, layer.units())));
    var m = layer.S() == null ? null : Slab.zeros(1, rows, stateRows.slot()).cols(0, layer.units());
    var ws = new Workspace();
    this.step = new ForwardStep(layer, run, x, layer.gates(ws, rows), s, m, fed, fed, Masks.evaluation(layer, ws), ws);
    this.parts = new UnitParts(step, run.k(), rows);
  }

  @Override public Slab y() { return y; }

  @Override public void step(int count) {
    int next = 1 - now;
    parts.forward(true, 0, now * rows, next * rows, count);
    run.k().copy(fed, next * rows, y, 0, count);
    now = next;
  }

  @Override public State state(int count) {
    for (int n = 0; n < count; n++) stateRows.leave(s, now * rows + n, out.part(0), n);
    return out;
  }

  @Override public void resume(int count) { enter(out.part(0), count); }

  @Override public void set(State state) { enter(state.part(0), rows); }

  private void enter(Slab part, int count) {
    for (int n = 0; n < count; n++) stateRows.enter(part, n, s, now * rows + n);
    step.project(now * rows, count);
  }
}
