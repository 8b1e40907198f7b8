package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.cell.Linear;
import org.unroll.cell.Row;
import org.unroll.check.GradCheck;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Panels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.reference.FiniteDifference;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** The scan over chunks of time and the walk are one function. */
class ScanTest {
  private static final int X = 3, H = 19;
  private static final List<Kernels> OTHERS = List.of(Kernels.of("scalar", 2), Kernels.of("plain", 1), Kernels.of("plain", 7),
      Kernels.of("fast", 1), Kernels.of("fast", 2), Kernels.of("fast", 7));

  /** What both passes give, alive rows alone: y, final states, δx, δ of the first states, every weight's gradient. */
  private record Result(float[] y, float[] out, float[] dx, float[] dIn, float[] weights) {
    List<float[]> all() { return List.of(y, out, dx, dIn, weights); }
  }

  private static Recurrent layer(String cell, int projection, Direction d, Params ps) {
    var layer = Recurrent.of("a", Cells.find(cell), Input.of(X), H, projection, d, Try.INITS, ps);
    Try.random(ps, 4);
    return layer;
  }

  /** Lengths that fall from T to 1; some end where chunks of 8 and 64 end, or begin. */
  private static int[] alive(int T, int rows) {
    int[] ends = {T, T, Math.max(1, T - 1), Math.min(T, 65), Math.min(T, 64), Math.min(T, 8), 1};
    Arrays.sort(ends);
    var alive = new int[T];
    for (int t = 0; t < T; t++) for (int n = 0; n < rows; n++) if (ends[ends.length - 1 - n * ends.length / rows] > t) alive[t]++;
    return alive;
  }

  private static Result both(Recurrent layer, Params ps, int[] alive, int rows, Run run) {
    var x = Try.vectors(alive, rows, X, 1);
    var pass = layer.forward(x, new State(List.of(Try.numbers(1, rows, H, 9))), run);
    var grads = new Grads(ps);
    var g = pass.backward(Try.numbers(alive.length, rows, layer.width(), 2), new State(List.of(Try.numbers(1, rows, H, 3))), grads);
    return new Result(flat(pass.y().x(), alive), flat(pass.out().part(0), rows), flat(g.dx(), alive), flat(g.dIn().part(0), rows),
        grads.array().clone());
  }

  private static float[] flat(Slab s, int... alive) {
    var rows = new ArrayList<float[]>();
    for (int t = 0; t < alive.length; t++) for (int n = 0; n < alive[t]; n++) rows.add(s.copyRow(t, n));
    float[] all = new float[rows.size() * s.cols()];
    for (int i = 0; i < rows.size(); i++) System.arraycopy(rows.get(i), 0, all, i * s.cols(), s.cols());
    return all;
  }

  private static void near(Result want, Result got, String what) {
    for (int i = 0; i < want.all().size(); i++) {
      double error = FiniteDifference.normRelative(wide(got.all().get(i)), wide(want.all().get(i)));
      assertTrue(error < 1e-6, what + ", part " + i + ": " + error);
    }
  }

  private static double[] wide(float[] v) {
    double[] w = new double[v.length];
    for (int i = 0; i < v.length; i++) w[i] = v[i];
    return w;
  }

  private static void same(Result want, Result got, String what) {
    for (int i = 0; i < want.all().size(); i++) assertArrayEquals(want.all().get(i), got.all().get(i), what + ", part " + i);
  }

  static Stream<Arguments> cases() {
    return Stream.of("mingru", "minlstm").flatMap(c -> Stream.of(Direction.values()).flatMap(d -> Stream.of(1, 7, 64, 65, 300)
        .map(T -> Arguments.of(c, d, T))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scan_ofAnyChunk_equalsTheWalk_inOutputsStatesAndEveryGradient(String cell, Direction d, int T) {
    for (int rows : new int[] {7, 23}) {
      var ps = new Params();
      var layer = layer(cell, 0, d, ps);
      int[] alive = alive(T, rows);
      var walked = both(layer, ps, alive, rows, Try.run(ps));
      for (int chunk : new int[] {1, 8, 64}) {
        String what = rows + " rows, chunks of " + chunk;
        var scanned = both(layer.scanned(chunk), ps, alive, rows, Try.run(ps));
        near(walked, scanned, what);
        if (chunk >= T) same(walked, scanned, what);
        for (var k : OTHERS) {
          same(scanned, both(layer.scanned(chunk), ps, alive, rows, Try.run(ps, k)), what + ", " + k + " × " + k.threads());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void scan_withProjectionAndDropoutOfCandidates_equalsTheWalk(String cell) {
    for (var d : Direction.values()) {
      for (int projection : new int[] {0, 6}) {
        var ps = new Params();
        var layer = layer(cell, projection, d, ps).with(new Noise(0, 0.3, 0, 0, 0), 3);
        int[] alive = alive(65, 7);
        var walked = both(layer, ps, alive, 7, Try.training(ps, 17));
        assertFalse(Arrays.equals(walked.y(), both(layer, ps, alive, 7, Try.run(ps)).y()), "nothing was dropped");
        var scanned = both(layer.scanned(8), ps, alive, 7, Try.training(ps, 17));
        near(walked, scanned, d + ", projection " + projection);
        same(scanned, both(layer.scanned(8), ps, alive, 7, Try.training(ps, Kernels.of("fast", 7), 17)), "fast × 7");
        same(walked, both(layer.scanned(65), ps, alive, 7, Try.training(ps, 17)), "one chunk");
      }
    }
  }

  @Test void chunks_areAsManyAsTheStepsNeed_andNoMore() {
    int[] steps = {0, 1, 8, 9, 15, 16, 17}, chunks = {1, 1, 1, 2, 2, 2, 3};
    for (int i = 0; i < steps.length; i++) {
      assertEquals(chunks[i], Scan.chunks(8, steps[i]), steps[i] + " steps");
      assertEquals(1, Scan.chunks(0, steps[i]));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void rowsWithoutSteps_giveBackWhatTheyWereGiven(String cell) {
    for (var d : Direction.values()) {
      var ps = new Params();
      var layer = layer(cell, 0, d, ps);
      int[] alive = {3, 3, 2, 1};
      var walked = both(layer, ps, alive, 5, Try.run(ps));
      for (int chunk : new int[] {1, 2, 3}) {
        near(walked, both(layer.scanned(chunk), ps, alive, 5, Try.run(ps)), d + ", chunks of " + chunk);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void gradients_ofAScan_equalTheReference(String cell) {
    for (var d : Direction.values()) {
      for (int chunk : new int[] {1, 2, 3}) {
        var ps = new Params();
        var report = GradCheck.layer(layer(cell, 0, d, ps).scanned(chunk), Try.vectors(Try.RAGGED, 4, X, 1), Try.run(ps), 5, 0);
        assertEquals(GradCheck.Against.REFERENCE, report.against());
        assertTrue(report.passed(), () -> cell + " " + d + "\n" + report);
      }
    }
  }

  /** The one place where a stream and a batch may differ in bits, and only if asked for. */
  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void stream_hasTheBitsOfTheWalk_andIsNearTheScan(String cell) {
    int T = 300, N = 2;
    var ps = new Params();
    var layer = layer(cell, 0, Direction.FORWARD, ps);
    int[] alive = new int[T];
    Arrays.fill(alive, N);
    var x = Try.vectors(alive, N, X, 1);
    var in = Slab.zeros(1, N, X);
    var stepper = layer.scanned(8).open(in, Try.run(ps));
    var streamed = Slab.zeros(T, N, H);
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < N; n++) in.setRow(n, x.x(), t * N + n);
      stepper.step();
      for (int n = 0; n < N; n++) streamed.setRow(t * N + n, stepper.y(), n);
    }
    float[] walked = flat(layer.forward(x, State.ZERO, Try.run(ps)).y().x(), alive), stream = flat(streamed, alive);
    float[] scanned = flat(layer.scanned(8).forward(x, State.ZERO, Try.run(ps)).y().x(), alive);
    assertArrayEquals(walked, stream);
    assertFalse(Arrays.equals(walked, scanned), "the scan walked");
    assertTrue(FiniteDifference.normRelative(wide(scanned), wide(stream)) < 1e-6);
  }

  @Test void keep_multipliesByTheFactorOfTheOldState() {
    assertEquals(2.25f, kept("mingru", .25f, 9, 9));
    assertEquals(3 * (.5f / .75f), kept("minlstm", .5f, .25f, 9));
    assertEquals(1.5f, kept("minlstm", 0, 0, 9));
  }

  /** What is left of 3 in the second unit, with these gates. */
  private static float kept(String cell, float... gates) {
    var a = Panels.rowMajor(new Workspace(), 1, 1, 3);
    var ds = Slab.zeros(1, 1, 3);
    ds.fillRow(0, 3);
    var row = new Row(Kernels.scalar(), a, ds, null, null, null, ds, null, null);
    for (int b = 0; b < 3; b++) row.a[a.at(0, b, 0)] = gates[b];
    row.gates(1, 0, 0, a.blockStride());
    row.states(0, 0, ds.row(0) + 1, 1);
    ((Linear) Cells.find(cell)).keep(row);
    assertEquals(3, ds.get(0, 0));
    assertEquals(3, ds.get(0, 2));
    return ds.get(0, 1);
  }

  // ---- what cannot be scanned

  private static Fault refused(Executable what) { return assertThrows(Fault.class, what); }

  @Test void scan_ofACellThatIsNotLinear_isRefused() {
    for (String cell : List.of("lstm", "gru", "indrnn", "elman-identity", "elman-ln")) {
      var layer = layer(cell, 0, Direction.FORWARD, new Params());
      var f = refused(() -> layer.scanned(64));
      assertEquals(Code.C014, f.code());
      assertEquals("scan is 64 and the cell '" + cell + "'", f.what());
      assertEquals("recurrent.scan", f.where());
      assertEquals("a scan joins steps that are linear in the state, unit by unit", f.why());
      assertEquals(List.of("scan: 0", "cell: mingru or minlstm"), f.mend());
    }
  }

  @Test void scan_withZoneout_isRefused_inAnyOrder() {
    var layer = layer("mingru", 0, Direction.FORWARD, new Params());
    var zoneout = new Noise(0, 0, 0.1, 0, 0);
    for (var f : List.of(refused(() -> layer.scanned(8).with(zoneout, 0)), refused(() -> layer.with(zoneout, 0).scanned(8)))) {
      assertEquals(Code.C014, f.code());
      assertEquals("scan is 8 and zoneout 0.1", f.what());
      assertEquals("zoneout keeps more of the state than the cell says", f.why());
      assertEquals(List.of("scan: 0", "zoneout: 0"), f.mend());
    }
  }

  @Test void scan_belowZero_isRefused() {
    var f = refused(() -> layer("mingru", 0, Direction.FORWARD, new Params()).scanned(-1));
    assertEquals(Code.C011, f.code());
    assertEquals("scan is -1", f.what());
    assertEquals("must be at least 0", f.why());
  }
}
