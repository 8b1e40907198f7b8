package org.unroll.layer;

import java.util.function.IntConsumer;
import org.unroll.cell.Row;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Batch;

/**
 * Steps whose units are shared out over the threads: with few rows the time of a step is that of reading the weights, and
 * each thread reads its own. Within a step no thread needs what another one makes, so there is one hand-over a step. A thread takes
 * its panels a few at a time, every other step from the last to the first: the weights that it read last are still in its cache then,
 * where weights that just do not fit would drive one another out. Every unit is computed as it always is: the bits are the same. A
 * step allocates nothing; not for use by several threads.
 */
final class UnitParts {
  /** Multiply-adds of a step below which the caller is alone: of one row 256 KiB of weights, 2.3 µs at a second cache's 116 GB/s. */
  private static final long WORTH = 1 << 16;

  private final ForwardStep step;
  private final Kernels k;
  private final int panels, chunk, parts, group;
  private final boolean divides;
  private final Row[] cells;
  private final IntConsumer part = this::part;

  private boolean input, back;
  private int row, prev, next, rows;

  /** @param mostRows of a step */
  UnitParts(ForwardStep step, Kernels k, int mostRows) {
    this.step = step;
    this.k = k;
    var plan = step.plan();
    panels = step.panels();
    int least = plan.partPanels(), threads = mostRows * plan.work() < WORTH ? 1 : k.threads();
    chunk = Math.ceilDiv(Math.ceilDiv(panels, threads), least) * least;
    divides = plan.divides();
    parts = divides ? Math.ceilDiv(panels, chunk) : 1;
    group = plan.rowPanels();
    cells = new Row[parts];
    for (int i = 0; i < parts; i++) cells[i] = step.row();
  }

  /** For a sequence of steps of so many rows; null where the plan does not cut them by units. */
  static UnitParts orNull(ForwardStep step, Run run, int rows) {
    return step.plan().byUnits(run, rows) ? new UnitParts(step, run.k(), rows) : null;
  }

  /** How many threads a step is given to. */
  int parts() { return parts; }

  /** One step; with a = b + W x if {@code input}, else that is there. The rest as {@link ForwardStep#forward}. */
  void forward(boolean input, int row, int prev, int next, int rows) {
    if (!divides) {
      if (input) step.input(row, rows);
      step.forward(cells[0], row, prev, next, rows);
      return;
    }
    if (input) step.beforeParts(row, rows);
    this.input = input;
    this.row = row;
    this.prev = prev;
    this.next = next;
    this.rows = rows;
    back = !back;
    if (parts == 1) part(0);
    else k.parallel(parts, part);
  }

  private void part(int i) {
    int first = i * chunk, end = Math.min(panels, first + chunk), groups = Math.ceilDiv(end - first, group);
    for (int n = 0; n < groups; n++) {
      int p = first + (back ? groups - 1 - n : n) * group, to = Math.min(end, p + group);
      step.sums(input, row, prev, rows, p, to);
      if (rows > 1) step.cell(cells[i], row, prev, next, rows, p, to);
    }
    if (rows == 1) step.cell(cells[i], row, prev, next, 1, first, end);
  }

  /** a = b + W x of all of time, each thread the panels of its steps, which it finds in its cache then. */
  void input(Batch x) {
    if (!divides) {
      Rows.parallel(k, x, step::input);
      return;
    }
    Rows.alive(x, (from, count) -> {
      step.beforeParts(from, count);
      k.parallel(parts, i -> step.inputPanels(from, count, i * chunk, Math.min(panels, (i + 1) * chunk)));
    });
  }
}
