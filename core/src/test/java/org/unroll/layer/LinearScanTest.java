package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.LinearScan;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** A linear recurrence and its scan are one function; the minimal cells compute it. */
class LinearScanTest {
  private static final int T = 200, N = 2, H = 19, X = 4;

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
    Arrays.fill(alive, N);
    var in = new State(List.of(Try.numbers(1, N, H, 9)));
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

  /** The way back is a linear recurrence too, δh_t = δy_t + a_{t+1} δh_{t+1}: every gradient of production by a scan from the end. */
  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void minimalCell_trainedByAScan_hasTheGradientsOfProduction(String cell) {
    var ps = new Params();
    var layer = Recurrent.of("a", Cells.find(cell), Input.of(X), H, Direction.FORWARD, Try.INITS, ps);
    Try.random(ps, 4);
    var alive = new int[T];
    Arrays.fill(alive, N);
    var in = new State(List.of(Try.numbers(1, N, H, 9)));
    var x = Try.vectors(alive, N, X, 1);
    var dy = Try.numbers(T, N, H, 2);
    var dOut = new State(List.of(Try.numbers(1, N, H, 3)));
    var pass = layer.forward(x, in, Try.run(ps));
    var grads = new Grads(ps);
    var got = pass.backward(dy, dOut, grads);

    int blocks = layer.W().cols() / H;
    double[] dW = new double[X * blocks * H], db = new double[blocks * H], dIn = new double[N * H], dx = new double[T * N * X];
    for (int n = 0; n < N; n++) {
      for (int u = 0; u < H; u++) {
        double[] a = new double[T], b = new double[T], back = new double[T], from = new double[T];
        for (int t = 0; t < T; t++) step(cell, pass, t * N + n, u, t, a, b);
        double[] h = LinearScan.scan(a, b, in.part(0).get(n, u));
        for (int t = 0; t < T; t++) {
          back[T - 1 - t] = t == T - 1 ? 1 : a[t + 1];
          from[T - 1 - t] = dy.get(t * N + n, u);
        }
        double[] dh = LinearScan.scan(back, from, dOut.part(0).get(n, u));
        dIn[n * H + u] = a[0] * dh[T - 1];
        for (int t = 0; t < T; t++) {
          int row = t * N + n;
          double[] da = gates(cell, pass, row, u, t == 0 ? in.part(0).get(n, u) : h[t - 1], dh[T - 1 - t]);
          for (int block = 0; block < blocks; block++) {
            int col = block * H + u;
            db[col] += da[block];
            for (int k = 0; k < X; k++) {
              dW[k * blocks * H + col] += x.x().get(row, k) * da[block];
              dx[row * X + k] += da[block] * layer.W().of(ps.array()).get(k, col);
            }
          }
        }
      }
    }
    near(dW, layer.W().of(grads.array()));
    near(db, layer.b().of(grads.array()));
    near(dIn, got.dIn().part(0));
    near(dx, got.dx());
  }

  /** δ of the pre-activations of one unit, from that of h. */
  private static double[] gates(String cell, Recurrent.Trace pass, int row, int u, double before, double dh) {
    var g = pass.gates();
    double[] v = new double[g.blocks()];
    for (int b = 0; b < v.length; b++) v[b] = g.data()[g.at(row, b, u)];
    if (cell.equals("mingru")) return new double[] {dh * (v[1] - before) * v[0] * (1 - v[0]), dh * v[0]};
    double sum = v[0] + v[1], dk = dh * (before - v[2]);                         // k = f / (f + i)
    return new double[] {dk * v[1] / (sum * sum) * v[0] * (1 - v[0]), -dk * v[0] / (sum * sum) * v[1] * (1 - v[1]), dh * v[1] / sum};
  }

  private static void near(double[] want, Slab got) {
    var flat = new double[want.length];
    for (int r = 0; r < got.height(); r++) for (int k = 0; k < got.cols(); k++) flat[r * got.cols() + k] = got.get(r, k);
    double error = FiniteDifference.normRelative(flat, want);
    assertTrue(error < 1e-6, "" + error);
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
