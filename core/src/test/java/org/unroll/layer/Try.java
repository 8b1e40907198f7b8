package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Batches, weights and runs for tests of layers and heads. */
public final class Try {
  public static final Init HALF = new Init.Uniform(0.5f);
  public static final Recurrent.Inits INITS = new Recurrent.Inits(HALF, HALF, 1);

  /** Rows of 7, 5, 5 and 1 steps. */
  public static final int[] RAGGED = {4, 3, 3, 3, 3, 1, 1};

  /** One of each kind: of the state, of the candidate, of h, of the memory, of R. */
  public static final List<Noise> NOISES = List.of(new Noise(0.4, 0, 0, 0, 0), new Noise(0, 0.3, 0, 0, 0), new Noise(0, 0, 0.3, 0, 0),
      new Noise(0, 0, 0.1, 0.5, 0), new Noise(0, 0, 0, 0, 0.4));

  private Try() {}

  /** Whether the cell can have this noise. */
  public static boolean fits(Noise noise, String cell) {
    try {
      noise.require(cell, Cells.find(cell));
      return true;
    } catch (Fault f) {
      return false;
    }
  }

  /** Every weight anew, uniform on (−½, ½): biases too. */
  public static Params random(Params ps, long seed) {
    for (int i = 0; i < ps.all().size(); i++) {
      HALF.fill(ps.all().get(i).of(ps.array()), new Philox(seed, Philox.Stream.INIT), i);
    }
    ps.touch();
    return ps;
  }

  public static Run run(Params ps) { return run(ps, Kernels.scalar()); }

  public static Run run(Params ps, Kernels k) { return Run.evaluation(new Weights(ps, k), new Workspace()); }

  public static Run training(Params ps, long step) { return training(ps, Kernels.scalar(), step); }

  public static Run training(Params ps, Kernels k, long step) {
    return Run.training(new Weights(ps, k), new Philox(11, Philox.Stream.DROPOUT), step, new Workspace());
  }

  /** All gradients, δx of a row and the final states of three steps; twice on one workspace, which must not grow. */
  public static float[] twice(Recurrent layer, int rows, Params ps, Run run) {
    int X = layer.input().width(), H = layer.units();
    var x = vectors(new int[] {rows, rows, rows / 2}, rows, X, 1);
    float[] all = {};
    long allocated = 0;
    for (int i = 0; i < 2; i++) {
      run.ws().reset();
      var pass = layer.forward(x, State.ZERO, run);
      var grads = new Grads(ps);
      var g = pass.backward(numbers(3, rows, layer.width(), 7), State.ZERO, grads);
      var out = pass.out().part(0);
      float[] now = Arrays.copyOf(grads.array(), grads.array().length + out.height() * H + X);
      for (int r = 0; r < out.height(); r++) System.arraycopy(out.copyRow(0, r), 0, now, grads.array().length + r * H, H);
      System.arraycopy(g.dx().copyRow(0, rows - 1), 0, now, now.length - X, X);
      if (i == 1) assertArrayEquals(all, now, "second run");
      if (i == 1) assertEquals(allocated, run.ws().allocated(), "memory of the second run");
      all = now;
      allocated = run.ws().allocated();
    }
    return all;
  }

  /** Vectors of {@code cols} numbers on (−1, 1). */
  public static Batch vectors(int[] alive, int rows, int cols, int key) {
    return new Batch(numbers(alive.length, rows, cols, key), alive, ids(rows));
  }

  /** Ids below {@code symbols}. */
  public static Batch symbols(int[] alive, int rows, int symbols, int key) {
    var x = Slab.zeros(alive.length, rows, 1);
    var rng = new Philox(7, Philox.Stream.DATA);
    for (int r = 0; r < x.height(); r++) x.set(r, 0, (int) (rng.uniform(0, key, r, 0) * symbols));
    return new Batch(x, alive, ids(rows));
  }

  public static Slab numbers(int steps, int rows, int cols, int key) {
    var s = Slab.zeros(steps, rows, cols);
    new Init.Uniform(1).fill(s, new Philox(7, Philox.Stream.DATA), key);
    return s;
  }

  private static long[] ids(int rows) {
    var ids = new long[rows];
    for (int n = 0; n < rows; n++) ids[n] = 1000 + n;
    return ids;
  }
}
