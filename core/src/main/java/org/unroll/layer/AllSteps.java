package org.unroll.layer;

import org.unroll.kernel.Panels;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** All steps of a {@link Recurrent} forward over a batch, cut and ordered as its {@link StepPlan} says. */
record AllSteps(Recurrent layer, ForwardStep step, Batch x, Run run) {

  /**
   * In chunks, by units apart, by units with a meeting at every step, or by rows.
   *
   * @param a gates of all steps, or of one where the plan keeps no more
   * @param s states, those before the first steps entered
   */
  void forward(Panels a, Slab s) {
    var k = run.k();
    var plan = step.plan();
    int N = x.x().rows();
    boolean ahead = plan.ahead(run, N);
    var units = UnitParts.orNull(step, run, N);
    if (units != null && ahead) units.input(x);
    else if (ahead) Rows.parallel(k, x, step::input);
    if (plan.scans()) scan(a, s);
    else if (plan.apart()) apart();
    else if (units != null) byUnits(units, !ahead);
    else Rows.split(k, x, (n0, count) -> byRows(!ahead, n0, count));
  }

  private void scan(Panels a, Slab s) {
    int N = x.x().rows(), start = layer.walk().next(0) * N;
    new Scan(layer, run.k(), x, a).forward(step, s, run.ws());
    if (layer.P() != null) Rows.parallel(run.k(), x, (from, rows) -> step.project(start + from, rows));
  }

  private void apart() {
    int N = x.x().rows();
    var walk = layer.walk();
    Rows.tiles(run.k(), x, step.panels(), true, (n0, count, first, end) -> {
      var row = step.row();
      walk.forEachStep(x, n0, count, false,
          (t, rows) -> step.cell(row, t * N + n0, walk.prev(t) * N + n0, walk.next(t) * N + n0, rows, first, end));
    });
  }

  /** With W x if {@code input}. */
  private void byUnits(UnitParts units, boolean input) {
    int N = x.x().rows();
    var walk = layer.walk();
    walk.forEachStep(x, 0, N, false, (t, rows) -> units.forward(input, t * N, walk.prev(t) * N, walk.next(t) * N, rows));
  }

  /** Some rows; with W x if {@code input}. */
  private void byRows(boolean input, int n0, int count) {
    int N = x.x().rows();
    var walk = layer.walk();
    var row = step.row();
    walk.forEachStep(x, n0, count, false, (t, rows) -> {
      if (input) step.input(t * N + n0, rows);
      step.forward(row, t * N + n0, walk.prev(t) * N + n0, walk.next(t) * N + n0, rows);
    });
  }
}
