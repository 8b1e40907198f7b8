package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.reference.LinearScan;
import org.unroll.slab.Params;

/** A linear recurrence and its scan are one function; the minimal cells compute it. */
class LinearScanTest {
  private static final int T = 200, N = 2, H = 19;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 64, 65, 1000})
  void scan_ofAnyLength_equalsTheRecurrence(int steps) {
    var random = new SplittableRandom(steps);
    double[] a = random.doubles(steps, 0, 1).toArray(), b = random.doubles(steps, -1, 1).toArray();
    assertArrayEquals(LinearScan.recurrence(a, b, 0.7), LinearScan.scan(a, b, 0.7), 1e-13);
  }

  @Test void scan_ofThreeSteps_isTheSumWrittenOut() {
    double[] h = LinearScan.scan(new double[] {.5, .25, .75}, new double[] {1, 2, 3}, 8);
    assertArrayEquals(new double[] {.5 * 8 + 1, .25 * 5 + 2, .75 * 3.25 + 3}, h);
  }

  /** Production walks; the scan of its own gates comes to the same states. */
  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void minimalCell_overAllSteps_equalsTheScanOfItsGates(String cell) {
    var ps = new Params();
    var layer = Recurrent.of("a", Cells.find(cell), Input.of(4), H, Direction.FORWARD, Try.INITS, ps);
    Try.random(ps, 4);
    var alive = new int[T];
    java.util.Arrays.fill(alive, N);
    var in = new State(java.util.List.of(Try.numbers(1, N, H, 9)));
    var pass = layer.forward(Try.vectors(alive, N, 4, 1), in, Try.run(ps));
    for (int n = 0; n < N; n++) {
      for (int u = 0; u < H; u++) {
        double[] a = new double[T], b = new double[T];
        for (int t = 0; t < T; t++) step(cell, pass, t * N + n, u, t, a, b);
        double[] h = LinearScan.scan(a, b, in.part(0).get(n, u));
        for (int t = 0; t < T; t++) assertEquals(h[t], pass.y().x().get(t * N + n, u), 1e-6);
      }
    }
  }

  private static void step(String cell, Recurrent.Trace pass, int row, int u, int t, double[] a, double[] b) {
    var g = pass.gates();
    float first = g.data()[g.at(row, 0, u)], second = g.data()[g.at(row, 1, u)];
    boolean gru = cell.equals("mingru");
    double keep = gru ? 1 - first : first / (double) (first + second);
    a[t] = keep;
    b[t] = (1 - keep) * (gru ? second : g.data()[g.at(row, 2, u)]);
  }
}
