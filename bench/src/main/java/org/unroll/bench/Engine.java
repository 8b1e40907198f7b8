package org.unroll.bench;

import java.util.Arrays;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/** Jobs into our own things, and back. */
final class Engine {
  private Engine() {}

  /** The kernels that are measured. */
  static Kernels kernels(int threads) { return Kernels.best(threads); }

  /** The values as a slab [T, N, K]. */
  static Slab slab(float[] v, int steps, int rows, int cols) {
    var s = Slab.zeros(steps, rows, cols);
    s.fill(v, 0);
    return s;
  }

  /** The window of {@code p} on {@code array}. */
  static float[] values(Param p, float[] array) { return Arrays.copyOfRange(array, p.offset(), p.end()); }

  /** Writes {@code values} into the window. */
  static void set(Params ps, Param p, float[] values) {
    System.arraycopy(values, 0, ps.array(), p.offset(), p.size());
    ps.touch();
  }

  /** A layer under {@code name}, its weights not yet written. */
  static Recurrent layer(String name, String cell, int inputs, int units, Direction direction, Params ps) {
    var none = new Init.Constant(0);
    return Recurrent.of(name, Cells.find(cell), Input.of(inputs), units, direction, new Recurrent.Inits(none, none, 0), ps);
  }

  /** Takes W, R and b, whose names in the job end with {@code suffix}. */
  static void load(Recurrent l, Job job, String suffix, Params ps) {
    set(ps, l.W(), job.values("W" + suffix));
    if (l.R() != null) set(ps, l.R(), job.values("R" + suffix));
    set(ps, l.b(), job.values("b" + suffix));
  }

  /** The job's x, as long as its sequences are. */
  static Batch batch(Job job) {
    int T = job.size("T"), B = job.size("B");
    var x = slab(job.values("x"), T, B, job.size("I"));
    if (!job.arrays().containsKey("lengths")) return Batch.full(x, new long[B]);
    int[] lengths = job.ints("lengths"), alive = new int[T];
    for (int t = 0; t < T; t++) for (int length : lengths) if (length > t) alive[t]++;
    return new Batch(x, alive, new long[B]);
  }
}
