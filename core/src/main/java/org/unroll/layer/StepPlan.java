package org.unroll.layer;

import java.util.function.ToIntFunction;
import org.unroll.cell.Cell;
import org.unroll.kernel.Tiling;

/**
 * How the steps of a {@link Recurrent} may be cut into parts, and what of them may be done ahead. Whatever is chosen, the bits are the
 * same.
 *
 * @param masked whether what R multiplies is thinned by a mask
 */
record StepPlan(Recurrent layer, boolean masked) {
  /** More weights of W a thread stay in no core's own cache from one step to the next: 2 MiB, twice a second cache of 1 MiB. */
  private static final int MANY_WEIGHTS = 1 << 19;

  /**
   * Multiply-adds of a step from which a meeting at every step costs less than reading all weights with every thread: 36 µs of a core
   * that makes 58 a nanosecond, 16 rows of an LSTM of 128 units, beside the half a microsecond of a meeting.
   */
  private static final long MEETING = 1 << 21;

  private boolean hasR() { return layer.R() != null; }

  private boolean ids() { return layer.input().ids(); }

  /** Whether time is cut into chunks, which a scan joins. */
  boolean scans() { return layer.scan() > 0; }

  /** Whether units can go their own ways within a step. */
  boolean divides() { return layer.layout().scope() == Cell.Scope.UNIT && layer.S() == null && layer.P() == null && !masked; }

  /** Whether no unit ever waits for another one: nothing multiplies the state by a matrix. */
  boolean apart() { return !hasR() && divides(); }

  /**
   * Whether steps of so many rows are cut by units, each thread having its own. Rows are shared out instead where there are enough for
   * each thread, where a step is short, and in training, which then goes back over them row by row.
   */
  boolean byUnits(Run run, int rows) {
    return !scans() && !apart() && (rows < Rows.FEW || betterByUnits(run, rows));
  }

  /** Where units can go their own ways, and nothing of a step is left to the caller alone. */
  private boolean betterByUnits(Run run, int rows) {
    boolean worth = rows < run.k().threads() * Rows.FEW && rows * work() >= MEETING;
    return worth && !run.training() && divides() && layer.blockW() == 0 && !ids();
  }

  /**
   * Whether W x is better done ahead, for all steps at once. Step by step its result is still in the cache when R h' joins it, but few
   * rows fill no tiles, and many weights are read anew at each step.
   */
  boolean ahead(Run run, int rows) {
    if (scans() || apart() || rows < Rows.FEW) return true;
    int threads = byUnits(run, rows) ? run.k().threads() : 1;
    return !ids() && (long) layer.W().rows() * layer.W().cols() > (long) threads * MANY_WEIGHTS;
  }

  /** Steps whose gates must stand side by side: one where nobody looks at them later and W x is not done ahead. */
  int keptSteps(Run run, int rows, int steps) { return run.keeps() || ahead(run, rows) ? steps : Math.min(1, steps); }

  /** Parts of a step begin at multiples of so many panels. */
  int partPanels() { return most(Tiling::partPanels); }

  /** As many panels as the tile of a single row covers. */
  int rowPanels() { return most(Tiling::rowPanels); }

  /** Of the tilings of W and R. */
  private int most(ToIntFunction<Tiling> of) {
    int ofW = of.applyAsInt(layer.tilingW());
    return hasR() ? Math.max(ofW, of.applyAsInt(layer.tilingR())) : ofW;
  }

  /** Multiply-adds of a row of a step. */
  long work() {
    long recurrent = hasR() ? (long) layer.R().rows() * layer.R().cols() : 0;
    return ids() ? recurrent : recurrent + (long) layer.W().rows() * layer.W().cols();
  }
}
