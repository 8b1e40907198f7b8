package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;
import static org.unroll.layer.Try.RAGGED;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** Layers with a way around them. */
class ConnectionTest {
  private static final int K = 18, N = 4, T = 7;

  private final Params ps = new Params();

  static Stream<String> all() {
    return bodies().flatMap(body -> Stream.of("residual " + body, "highway " + body));
  }

  private static Stream<String> bodies() { return Stream.of("lstm", "gru-before", "backward", "both", "dense", "two", "nested", "dropout"); }

  static Stream<String> causal() { return all().filter(n -> !n.endsWith("backward") && !n.endsWith("both")); }

  private Layer layer(String name) { return layer(name, ps); }

  private static Layer layer(String name, Params ps) {
    String[] words = name.split(" ");
    var layer = around(words[0], name, body(words[1], name, ps), ps);
    Try.random(ps, 3);
    return layer;
  }

  private static Layer around(String kind, String name, Layer body, Params ps) {
    return kind.equals("residual") ? new Residual(body.width(), body) : Highway.of(name + " gate", body.width(), body, HALF, -2, ps);
  }

  private static Layer body(String body, String name, Params ps) {
    return switch (body) {
      case "backward" -> walk(name, "lstm", K, Direction.BACKWARD, ps);
      case "both" -> new Concat(List.of(walk(name + "f", "lstm", K / 2, Direction.FORWARD, ps),
          walk(name + "b", "gru", K / 2, Direction.BACKWARD, ps)));
      case "dense" -> new Chain(List.of(Dense.of(name, K, K, HALF, ps), new Activate(K, Activation.TANH)));
      case "two" -> new Chain(List.of(Dense.of(name + "0", K, 5, HALF, ps),
          Recurrent.of(name + "1", Cells.find("elman"), Input.of(5), K, Direction.FORWARD, INITS, ps)));
      case "nested" -> new Chain(List.of(walk(name + "0", "gru", K, Direction.FORWARD, ps), around("highway", name + "1",
          around("residual", name, walk(name + "2", "lstm", K, Direction.FORWARD, ps), ps), ps)));
      case "dropout" -> new Chain(List.of(walk(name, "gru", K, Direction.FORWARD, ps), new Dropout(K, 0.3, 1)));
      case String cell -> walk(name, cell, K, Direction.FORWARD, ps);
    };
  }

  private static Recurrent walk(String name, String cell, int units, Direction d, Params ps) {
    return Recurrent.of(name, Cells.find(cell), Input.of(K), units, d, INITS, ps);
  }

  private static State state(Layer layer, int rows) {
    var first = layer.forward(Try.vectors(new int[] {rows}, rows, K, 1), State.ZERO, Try.run(Try.random(params(layer), 3))).out();
    var parts = new ArrayList<Slab>();
    for (var p : first.parts()) parts.add(Try.numbers(p.steps(), rows, p.cols(), 20 + parts.size()));
    return new State(parts);
  }

  /** Windows of some layer are those of any with its offsets: all that is needed here is an array as long. */
  private static Params params(Layer layer) {
    var fresh = new Params();
    fresh.add("all", 1, 60_000, HALF);
    return fresh;
  }

  // ---- values

  @Test void residual_addsWhatItWasGiven() {
    var body = Dense.of("d", K, K, HALF, ps);
    Try.random(ps, 3);
    var x = Try.vectors(RAGGED, N, K, 1);
    var f = body.forward(x, State.ZERO, Try.run(ps)).y().x();
    var y = new Residual(K, body).forward(x, State.ZERO, Try.run(ps)).y().x();
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < RAGGED[t]; n++) {
        for (int k = 0; k < K; k++) assertEquals(x.x().get(t * N + n, k) + f.get(t * N + n, k), y.get(t * N + n, k));
      }
    }
    assertArrayEquals(Try.numbers(T, N, K, 1).copyRow(0, 0), x.x().copyRow(0, 0));
  }

  @Test void highway_closedCarries_openTransforms_halfOpenMixes() {
    var body = Dense.of("d", K, K, HALF, ps);
    var highway = Highway.of("g", K, body, HALF, -2, ps);
    Try.random(ps, 3);
    highway.gate().W().of(ps.array()).fillRow(0, 0);
    for (int r = 0; r < K; r++) highway.gate().W().of(ps.array()).fillRow(r, 0);
    var x = Try.vectors(RAGGED, N, K, 1);
    var f = body.forward(x, State.ZERO, Try.run(ps)).y().x();
    for (float b : new float[] {-200, 0, 200}) {
      highway.gate().b().of(ps.array()).fillRow(0, b);
      ps.touch();
      var y = highway.forward(x, State.ZERO, Try.run(ps)).y().x();
      for (int k = 0; k < K; k++) {
        float carried = x.x().get(0, k), made = f.get(0, k);
        assertEquals(b < 0 ? carried : b > 0 ? made : (carried + made) / 2, y.get(0, k), 1e-6f, "b " + b);
      }
    }
  }

  @Test void highway_starts_withTheBiasThatIsAskedFor() {
    var highway = Highway.of("g", K, Dense.of("d", K, K, HALF, ps), HALF, -2, ps);
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    for (float b : highway.gate().b().of(ps.array()).copyRow(0, 0)) assertEquals(-2, b);
    assertEquals("[d.W, d.b, g.W, g.b]", ps.all().stream().map(Params.Param::name).toList().toString());
    assertTrue(highway.gate().W().of(ps.array()).get(3, 4) != 0);
  }

  // ---- proofs

  @ParameterizedTest
  @MethodSource("all")
  void gradients_equalTheReference(String name) {
    var layer = layer(name);
    var run = name.endsWith("dropout") ? Try.training(ps, 4) : Try.run(ps);
    for (int i = 0; i < 2; i++) {
      var report = GradCheck.layer(layer, Try.vectors(RAGGED, N, K, 1), run, 5, i);
      assertEquals(GradCheck.Against.REFERENCE, report.against());
      assertTrue(report.passed(), report::toString);
      boolean gate = report.rows().stream().anyMatch(r -> r.tensor().equals("δ" + name + " gate.b"));
      assertEquals(name.startsWith("highway"), gate);
      run.ws().reset();
    }
    assertEquals(K, layer.width());
  }

  /** Everything that two passes give; dead rows hold {@code dead}. */
  private static List<float[]> both(Layer layer, Params ps, Batch x, State in, Kernels k, float dead) {
    var run = Try.run(ps, k);
    List<float[]> first = null;
    long allocated = 0;
    for (int i = 0; i < 2; i++) {
      run.ws().reset();
      var dy = Try.numbers(x.x().steps(), x.x().rows(), K, 7);
      for (var s : List.of(dy, x.x())) {
        for (int t = 0; t < s.steps(); t++) for (int n = x.alive()[t]; n < s.rows(); n++) s.fillRow(t * s.rows() + n, dead);
      }
      var pass = layer.forward(x, in, run);
      var grads = new Grads(ps);
      var g = pass.backward(dy, pass.out(), grads);
      var all = new ArrayList<float[]>(List.of(grads.array()));
      for (int t = 0; t < x.x().steps(); t++) {
        for (int n = 0; n < x.alive()[t]; n++) all.addAll(List.of(pass.y().x().copyRow(t, n), g.dx().copyRow(t, n)));
      }
      for (var s : List.of(pass.out(), g.dIn())) for (var p : s.parts()) all.add(rows(p));
      if (i == 1) same(first, all, "second run");
      if (i == 1) assertEquals(allocated, run.ws().allocated(), "memory of the second run");
      first = all;
      allocated = run.ws().allocated();
    }
    return first;
  }

  private static float[] rows(Slab p) {
    var all = new float[p.height() * p.cols()];
    for (int r = 0; r < p.height(); r++) System.arraycopy(p.data(), p.row(r), all, r * p.cols(), p.cols());
    return all;
  }

  private static void same(List<float[]> a, List<float[]> b, String which) {
    assertEquals(a.size(), b.size(), which);
    for (int i = 0; i < a.size(); i++) assertArrayEquals(a.get(i), b.get(i), which);
  }

  @ParameterizedTest
  @MethodSource("all")
  void kernelsThreadsAndDeadRows_changeNoBit(String name) {
    var layer = layer(name);
    int rows = 37;
    int[] alive = {rows, rows, rows / 2, 1};
    var in = state(layer, rows);
    var one = both(layer, ps, Try.vectors(alive, rows, K, 1), in, Kernels.scalar(), 0);
    for (float[] values : one) for (float v : values) assertTrue(Float.isFinite(v));
    same(one, both(layer, ps, Try.vectors(alive, rows, K, 1), in, Kernels.scalar(), Float.NaN), "dead rows");
    same(one, both(layer, ps, Try.vectors(alive, rows, K, 1), in, Kernels.of("fast", 2), Float.NaN), "fast");
    same(one, both(layer, ps, Try.vectors(alive, rows, K, 1), in, Kernels.of("plain", 7), Float.NaN), "plain");
  }

  @ParameterizedTest
  @MethodSource("all")
  void row_alone_hasTheBitsOfTheBatch(String name) {
    var layer = layer(name);
    var x = Try.vectors(RAGGED, N, K, 1);
    var y = layer.forward(x, State.ZERO, Try.run(ps)).y().x();
    for (int n = 0; n < N; n++) {
      var one = Slab.zeros(x.length(n), 1, K);
      for (int t = 0; t < x.length(n); t++) one.setRow(t, x.x(), t * N + n);
      var alone = layer.forward(Batch.full(one, new long[] {x.ids()[n]}), State.ZERO, Try.run(ps)).y().x();
      for (int t = 0; t < x.length(n); t++) assertArrayEquals(alone.copyRow(t, 0), y.copyRow(t, n), "row " + n + ", step " + t);
    }
  }

  @ParameterizedTest
  @MethodSource("causal")
  void stepper_givesTheBitsOfTheWhole(String name) {
    var layer = layer(name);
    var all = Try.vectors(new int[] {N, N, N, N, N}, N, K, 1);
    var in = state(layer, N);
    var pass = layer.forward(all, in, Try.run(ps));
    var x = Slab.zeros(1, N, K);
    var stepper = layer.open(x, Try.run(ps));
    stepper.set(in);
    for (int t = 0; t < 5; t++) {
      for (int n = 0; n < N; n++) x.setRow(n, all.x(), t * N + n);
      stepper.step();
      for (int n = 0; n < N; n++) assertArrayEquals(pass.y().x().copyRow(t, n), stepper.y().copyRow(0, n), "step " + t);
    }
    assertEquals(layer.parts(), stepper.state().parts().size());
    for (int i = 0; i < layer.parts(); i++) assertArrayEquals(rows(pass.out().part(i)), rows(stepper.state().part(i)));
  }

  @ParameterizedTest
  @MethodSource("causal")
  void chunksOfTime_haveTheBitsOfTheWhole_bothWays(String name) {
    var layer = layer(name);
    var x = Try.vectors(RAGGED, N, K, 1);
    var dy = Try.numbers(T, N, K, 7);
    var in = state(layer, N);
    var whole = layer.forward(x, in, Try.run(ps));
    var g = whole.backward(dy, State.ZERO, new Grads(ps));
    var first = layer.forward(part(x, 0, 3), in, Try.run(ps));
    var second = layer.forward(part(x, 3, T), first.out(), Try.run(ps));
    var late = second.backward(dy.steps(3, T), State.ZERO, new Grads(ps));
    var early = first.backward(dy.steps(0, 3), late.dIn(), new Grads(ps));
    for (int i = 0; i < layer.parts(); i++) {
      assertArrayEquals(rows(whole.out().part(i)), rows(second.out().part(i)));
      assertArrayEquals(rows(g.dIn().part(i)), rows(early.dIn().part(i)));
    }
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < RAGGED[t]; n++) {
        assertArrayEquals(g.dx().copyRow(t, n), t < 3 ? early.dx().copyRow(t, n) : late.dx().copyRow(t - 3, n), "step " + t);
      }
    }
  }

  private static Batch part(Batch x, int from, int to) {
    return new Batch(x.x().steps(from, to), Arrays.copyOfRange(x.alive(), from, to), x.ids());
  }

  /** Dropout in evaluation hands on what it is given, both ways: neither x nor the gradient from above may be written to. */
  @Test void bothPasses_leaveWhatTheyWereGiven_asItWas() {
    var identity = new Dropout(K, 0.5, 1);
    for (var layer : List.of(new Residual(K, identity), Highway.of("g", K, identity, HALF, 1, ps))) {
      Try.random(ps, 3);
      var x = Try.vectors(RAGGED, N, K, 1);
      var dy = Try.numbers(T, N, K, 2);
      var pass = layer.forward(x, State.ZERO, Try.run(ps));
      float[] y = pass.y().x().copyRow(0, 0);
      var once = new Grads(ps);
      float[] dx = pass.backward(dy, State.ZERO, once).dx().copyRow(0, 0);
      assertArrayEquals(Try.numbers(T, N, K, 1).copyRow(0, 0), x.x().copyRow(0, 0));
      assertArrayEquals(Try.numbers(T, N, K, 2).copyRow(0, 0), dy.copyRow(0, 0));
      assertArrayEquals(y, pass.y().x().copyRow(0, 0));
      var twice = new Grads(ps);
      assertArrayEquals(dx, pass.backward(dy, State.ZERO, twice).dx().copyRow(0, 0));
      assertArrayEquals(once.array(), twice.array());
      assertEquals(1, pass.inner().stream().filter(Dropout.Identity.class::isInstance).count());
      assertEquals(0, layer.parts());
    }
  }

  @Test void widthsThatDiffer_areRefused() {
    var body = Dense.of("d", 12, 32, HALF, ps);
    var f = assertThrows(Fault.class, () -> new Residual(12, body));
    assertEquals(Code.C014, f.code());
    assertEquals("a residual connection takes 12 columns, the layers in it give 32; y = x + f(x) needs both equally wide; "
        + "make the last layer in it 12 wide; make the layer below it 32 wide", f.getMessage());
    var h = assertThrows(Fault.class, () -> Highway.of("g", 12, body, HALF, -2, ps));
    assertEquals("a highway connection takes 12 columns, the layers in it give 32; y = t ⊙ f(x) + (1 − t) ⊙ x needs both equally wide; "
        + "make the last layer in it 12 wide; make the layer below it 32 wide", h.getMessage());
  }
}
