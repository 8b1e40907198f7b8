package org.unroll.layer;

import java.util.List;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** A {@link Recurrent} opened: two slots of state that take turns. It always evaluates. */
final class RecurrentStepper implements Stepper {
  private final StateRows states;
  private final ForwardStep steps;
  private final UnitParts step;
  private final Run run;
  private final Slab s, fed, y;
  private final State out;
  private final int rows;
  private int now;

  RecurrentStepper(Recurrent layer, Slab x, Run run) {
    this.states = layer.states();
    this.run = run;
    this.rows = x.rows();
    this.s = Slab.zeros(2, rows, states.width());
    this.fed = layer.P() == null ? s.cols(0, layer.units()) : Slab.zeros(2, rows, layer.width());
    this.y = Slab.zeros(1, rows, layer.width());
    this.out = new State(List.of(Slab.zeros(states.slots(), rows, layer.units())));
    var m = layer.S() == null ? null : Slab.zeros(1, rows, states.slot()).cols(0, layer.units());
    var ws = new Workspace();
    this.steps = new ForwardStep(layer, run, x, layer.gates(ws, rows), s, m, fed, fed, Masks.evaluation(layer, ws), ws);
    this.step = new UnitParts(steps, run.k(), rows, true);
  }

  @Override public Slab y() { return y; }

  @Override public void step(int count) {
    int next = 1 - now;
    step.forward(true, 0, now * rows, next * rows, count);
    run.k().copy(fed, next * rows, y, 0, count);
    now = next;
  }

  @Override public State state(int count) {
    for (int n = 0; n < count; n++) states.leave(s, now * rows + n, out.part(0), n);
    return out;
  }

  @Override public void resume(int count) { enter(out.part(0), count); }

  @Override public void set(State state) { enter(state.part(0), rows); }

  private void enter(Slab part, int count) {
    for (int n = 0; n < count; n++) states.enter(part, n, s, now * rows + n);
    steps.project(now * rows, count);
  }
}
