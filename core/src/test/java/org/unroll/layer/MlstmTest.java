package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.RAGGED;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.check.GradCheck;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** mLSTM against the reference, against the paper's equations without a stabiliser, and in its bits. */
class MlstmTest {
  /** Longer than the distance of the states that are kept. */
  private static final int[] LONG = new int[40];

  static {
    Arrays.fill(LONG, 0, 16, 3);
    Arrays.fill(LONG, 16, 33, 2);
    Arrays.fill(LONG, 33, 40, 1);
  }

  private final Params ps = new Params();

  private Mlstm mlstm(Input in, int units, int heads, Direction direction) {
    var layer = Mlstm.of("l", in, units, heads, direction, HALF, 1, ps);
    Try.random(ps, 3);
    return layer;
  }

  private static void agrees(GradCheck.Report report) {
    assertEquals(GradCheck.Against.REFERENCE, report.against());
    assertTrue(report.passed(), report::toString);
  }

  // ---- values and gradients

  private record Shape(int units, int heads, Direction direction) {}

  private static Stream<Shape> shapes() {
    return Stream.of(new Shape(8, 1, Direction.FORWARD), new Shape(8, 2, Direction.BACKWARD), new Shape(12, 4, Direction.FORWARD),
        new Shape(5, 5, Direction.FORWARD));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void gradients_anyHeads_equalTheReference_andThatItsDifferences(Shape s) {
    var layer = mlstm(Input.of(3), s.units, s.heads, s.direction);
    var run = Try.run(ps);
    for (int i = 0; i < 2; i++) {                             // the second time on memory full of NaN
      agrees(GradCheck.layer(layer, Try.vectors(RAGGED, 4, 3, 1), run, 5, 3));
      run.ws().reset();
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void gradients_overManySteps_equalTheReference(Direction direction) {
    agrees(GradCheck.layer(mlstm(Input.of(3), 6, 2, direction), Try.vectors(LONG, 3, 3, 1), Try.run(ps), 5, 0));
  }

  @Test void gradients_ofSymbols_andOfManyRows_equalTheReference() {
    agrees(GradCheck.layer(mlstm(Input.oneHot(6), 8, 2, Direction.FORWARD), Try.symbols(RAGGED, 4, 6, 2), Try.run(ps), 5, 3));
    var other = new MlstmTest();
    var wide = other.mlstm(Input.of(3), 8, 4, Direction.FORWARD);
    agrees(GradCheck.layer(wide, Try.vectors(new int[] {20, 18, 17, 3}, 20, 3, 1), Try.run(other.ps, Kernels.of("fast", 3)), 5, 0));
  }

  /** Which side of each maximum a step is on depends on the weights: all four must have been tried. */
  @ParameterizedTest
  @ValueSource(doubles = {-4, 0, 4})
  void gradients_whereOldOrNewWins_equalTheReference(double shift) {
    var layer = mlstm(Input.of(3), 6, 2, Direction.FORWARD);
    for (int k = 0; k < 2; k++) layer.c().of(ps.array()).set(0, k, (float) shift);
    ps.touch();
    agrees(GradCheck.layer(layer, Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 6, 3));
  }

  /** Eqs. 19 to 27 as the paper has them, in double, no stabiliser, one head: every h. */
  @ParameterizedTest
  @ValueSource(ints = {2, 1})
  void output_equalsThePapersEquationsWithoutStabiliser(int heads) {
    int X = 3, H = 6, d = H / heads, T = 20;
    var layer = mlstm(Input.of(X), H, heads, Direction.FORWARD);
    var x = Try.numbers(T, 1, X, 1);
    var y = layer.forward(Batch.full(x, new long[1]), State.ZERO, Try.run(ps)).y().x();
    for (int head = 0; head < heads; head++) {
      double[][] C = new double[d][d];
      double[] n = new double[d];
      for (int t = 0; t < T; t++) {
        double[][] a = new double[4][d];
        for (int b = 0; b < 4; b++) for (int j = 0; j < d; j++) a[b][j] = affine(x, t, layer.W(), layer.b(), b * H + head * d + j);
        double i = StrictMath.exp(affine(x, t, layer.M(), layer.c(), head));
        double f = sigmoid(affine(x, t, layer.M(), layer.c(), heads + head));
        double nq = 0;
        for (int c = 0; c < d; c++) {
          double key = a[1][c] / StrictMath.sqrt(d);
          for (int r = 0; r < d; r++) C[r][c] = f * C[r][c] + i * a[2][r] * key;              // (19)
          n[c] = f * n[c] + i * key;                                                          // (20)
          nq += n[c] * a[0][c];
        }
        for (int r = 0; r < d; r++) {
          double cq = 0;
          for (int c = 0; c < d; c++) cq += C[r][c] * a[0][c];
          assertEquals(sigmoid(a[3][r]) * cq / Math.max(Math.abs(nq), 1), y.get(t, head * d + r), 2e-6); // (21)
        }
      }
    }
  }

  private double affine(Slab x, int row, Params.Param W, Params.Param b, int col) {
    double sum = b.of(ps.array()).get(0, col);
    for (int k = 0; k < x.cols(); k++) sum += (double) x.get(row, k) * W.of(ps.array()).get(k, col);
    return sum;
  }

  private static double sigmoid(double z) { return 1 / (1 + StrictMath.exp(-z)); }

  /** Keys that stand at right angles, written with their values, are read back by the same keys as queries. */
  @Test void memory_askedByAKey_saysItsValue() {
    int d = 4;
    var layer = Mlstm.of("l", Input.of(3 * d), d, 1, Direction.FORWARD, new Init.Constant(0), 0, ps);
    for (int block = 0; block < 3; block++) {
      for (int j = 0; j < d; j++) layer.W().of(ps.array()).set(block * d + j, block * d + j, block == 1 ? 2 : 1); // k = key · 2 / √4
    }
    for (int l = 0; l < d; l++) layer.b().of(ps.array()).set(0, 3 * d + l, 50);               // o = 1
    layer.c().of(ps.array()).set(0, 1, 50);                                                   // f = 1
    ps.touch();
    float[][] values = {{1, 2, 3, 4}, {-1, 0.5f, 0, 2}, {0.25f, -2, 1, 0}};
    var x = Slab.zeros(6, 1, 3 * d);
    for (int i = 0; i < 3; i++) {
      x.set(i, d + i, 1);                                                                     // key i
      for (int l = 0; l < d; l++) x.set(i, 2 * d + l, values[i][l]);
      x.set(3 + i, i, 1);                                                                     // asked for
    }
    var y = layer.forward(Batch.full(x, new long[1]), State.ZERO, Try.run(ps)).y().x();
    for (int i = 0; i < 3; i++) assertArrayEquals(values[i], y.copyRow(3 + i, 0), 1e-6f);
  }

  /** What comes from above by m goes back to where m came from; where both are equal, to the old one. */
  @Test void stabiliser_givesItsGradientToTheLarger_andToTheOldOneInATie() {
    var layer = Mlstm.of("l", Input.of(1), 1, 1, Direction.FORWARD, new Init.Constant(0), 0, ps);
    layer.c().of(ps.array()).set(0, 0, -50);
    ps.touch();
    var x = Batch.full(Slab.zeros(1, 1, 1), new long[1]);
    float kept = layer.forward(x, State.ZERO, Try.run(ps)).out().part(0).get(0, 2);           // log σ(0)
    assertEquals(StrictMath.log(0.5), kept, 1e-6);
    for (float shift : new float[] {-1, 0, 1}) {
      layer.c().of(ps.array()).set(0, 0, kept + shift);
      ps.touch();
      var pass = layer.forward(x, State.ZERO, Try.run(ps));
      var dOut = Slab.zeros(1, 1, 3);
      dOut.set(0, 2, 1);
      var grads = new Grads(ps);
      var dIn = pass.backward(Slab.zeros(1, 1, 1), new State(List.of(dOut)), grads).dIn().part(0);
      assertEquals(shift > 0 ? 0 : 1, dIn.get(0, 2));
      assertArrayEquals(new float[] {shift > 0 ? 1 : 0, shift > 0 ? 0 : 0.5f}, layer.c().of(grads.array()).copyRow(0, 0));
    }
  }

  /** m = 0, q = k = 1, v = 2: |s| and exp(−m) are both 1. The divisor is then |s|, so h = o v whatever q is. */
  @Test void divisor_inATie_isWhatTheQueryFinds() {
    var layer = Mlstm.of("l", Input.of(1), 1, 1, Direction.FORWARD, new Init.Constant(0), 0, ps);
    float[] start = {1, 1, 2, 0};
    for (int k = 0; k < 4; k++) layer.b().of(ps.array()).set(0, k, start[k]);
    ps.touch();
    var pass = layer.forward(Batch.full(Slab.zeros(1, 1, 1), new long[1]), State.ZERO, Try.run(ps));
    assertEquals(1, pass.y().x().get(0, 0));
    var dy = Slab.zeros(1, 1, 1);
    dy.set(0, 0, 1);
    var grads = new Grads(ps);
    pass.backward(dy, State.ZERO, grads);
    assertArrayEquals(new float[] {0, 0, 0.5f, 0.5f}, layer.b().of(grads.array()).copyRow(0, 0), 1e-7f);
  }

  /** A query of zeros finds nothing, whatever there is; its gradient is as large as the memory, past all floats. */
  @ParameterizedTest
  @ValueSource(doubles = {-300, -100, 100, 300})
  void gates_thatAreSaturated_giveNoNaN(double gate) {
    var layer = mlstm(Input.of(3), 8, 2, Direction.FORWARD);
    for (boolean query : new boolean[] {true, false}) {
      for (int k = 0; k < 4; k++) layer.c().of(ps.array()).set(0, k, (float) (k % 2 == 0 ? gate : -gate));
      if (!query) for (int k = 0; k < 3; k++) for (int j = 0; j < 8; j++) layer.W().of(ps.array()).set(k, j, 0);
      if (!query) for (int j = 0; j < 8; j++) layer.b().of(ps.array()).set(0, j, 0);
      ps.touch();
      var grads = new Grads(ps);
      var pass = layer.forward(Try.vectors(LONG, 3, 3, 1), State.ZERO, Try.run(ps));
      var dx = pass.backward(Try.numbers(40, 3, 8, 2), State.ZERO, grads).dx();
      for (float v : grads.array()) assertTrue(!query && gate > 0 || Float.isFinite(v));
      for (int t = 0; t < 40; t++) {
        for (int n = 0; n < LONG[t]; n++) {
          for (float v : pass.y().x().copyRow(t, n)) assertTrue(Float.isFinite(v));
          for (float v : dx.copyRow(t, n)) assertTrue(!query && gate > 0 || Float.isFinite(v));
        }
      }
    }
  }

  // ---- bits

  private static void same(Slab a, Slab b, Batch x) {
    for (int t = 0; t < x.alive().length; t++) for (int n = 0; n < x.alive()[t]; n++) assertArrayEquals(a.copyRow(t, n), b.copyRow(t, n));
  }

  @Test void kernels_andThreads_giveTheSameBits_andBackwardTwiceToo() {
    var layer = mlstm(Input.of(3), 38, 2, Direction.FORWARD);
    var x = Try.vectors(new int[] {21, 18, 17, 3}, 21, 3, 1);
    var dy = Try.numbers(4, 21, 38, 2);
    var want = layer.forward(x, State.ZERO, Try.run(ps));
    var grads = new Grads(ps);
    var dx = want.backward(dy, State.ZERO, grads).dx();
    for (var k : List.of(Kernels.of("scalar", 7), Kernels.of("plain", 2), Kernels.of("fast", 1), Kernels.of("fast", 3))) {
      var got = layer.forward(x, State.ZERO, Try.run(ps, k));
      for (int i = 0; i < 2; i++) {
        same(want.y().x(), got.y().x(), x);
        var other = new Grads(ps);
        same(dx, got.backward(dy, State.ZERO, other).dx(), x);
        assertArrayEquals(grads.array(), other.array());
      }
    }
  }

  @Test void stepByStep_andInChunks_hasTheBitsOfTheWhole() {
    var layer = mlstm(Input.of(3), 8, 2, Direction.FORWARD);
    var x = Batch.full(Try.numbers(20, 2, 3, 1), new long[2]);
    var in = new State(List.of(Try.numbers(1, 2, layer.remembered(), 4)));
    var whole = layer.forward(x, in, Try.run(ps));
    var step = Slab.zeros(1, 2, 3);
    var stepper = layer.open(step, Try.run(ps));
    stepper.set(in);
    for (int t = 0; t < 20; t++) {
      for (int n = 0; n < 2; n++) step.setRow(n, x.x(), t * 2 + n);
      stepper.step();
      for (int n = 0; n < 2; n++) assertArrayEquals(whole.y().x().copyRow(t, n), stepper.y().copyRow(0, n));
    }
    for (int n = 0; n < 2; n++) assertArrayEquals(whole.out().part(0).copyRow(0, n), stepper.state().part(0).copyRow(0, n));
    stepper.set(State.ZERO);
    assertArrayEquals(new float[layer.remembered()], stepper.state().part(0).copyRow(0, 1));

    var first = layer.forward(Batch.full(x.x().steps(0, 7), new long[2]), in, Try.run(ps));
    var then = layer.forward(Batch.full(x.x().steps(7, 20), new long[2]), first.out(), Try.run(ps));
    for (int t = 7; t < 20; t++) for (int n = 0; n < 2; n++) assertArrayEquals(whole.y().x().copyRow(t, n), then.y().x().copyRow(t - 7, n));
    var dy = Try.numbers(20, 2, 8, 6);
    var one = whole.backward(dy, State.ZERO, new Grads(ps));
    var late = then.backward(dy.steps(7, 20), State.ZERO, new Grads(ps));
    var early = first.backward(dy.steps(0, 7), late.dIn(), new Grads(ps));
    for (int n = 0; n < 2; n++) {
      assertArrayEquals(one.dIn().part(0).copyRow(0, n), early.dIn().part(0).copyRow(0, n));
      for (int t = 0; t < 20; t++) assertArrayEquals(one.dx().copyRow(t, n), t < 7 ? early.dx().copyRow(t, n) : late.dx().copyRow(t - 7, n));
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void aRow_inABatch_hasTheBitsOfTheRowAlone(Direction direction) {
    var layer = mlstm(Input.of(3), 8, 2, direction);
    var x = Try.vectors(LONG, 3, 3, 1);
    var dy = Try.numbers(40, 3, 8, 6);
    var whole = layer.forward(x, State.ZERO, Try.run(ps));
    var dx = whole.backward(dy, State.ZERO, new Grads(ps)).dx();
    for (int n = 0; n < 3; n++) {
      int T = x.length(n);
      var alone = Slab.zeros(T, 1, 3);
      var from = Slab.zeros(T, 1, 8);
      for (int t = 0; t < T; t++) alone.setRow(t, x.x(), t * 3 + n);
      for (int t = 0; t < T; t++) from.setRow(t, dy, t * 3 + n);
      var pass = layer.forward(Batch.full(alone, new long[1]), State.ZERO, Try.run(ps));
      var back = pass.backward(from, State.ZERO, new Grads(ps)).dx();
      for (int t = 0; t < T; t++) {
        assertArrayEquals(whole.y().x().copyRow(t, n), pass.y().x().copyRow(t, 0));
        assertArrayEquals(dx.copyRow(t, n), back.copyRow(t, 0));
      }
      assertArrayEquals(whole.out().part(0).copyRow(0, n), pass.out().part(0).copyRow(0, 0));
    }
  }

  @Test void secondRun_takesNoMemory() {
    var layer = mlstm(Input.of(3), 8, 2, Direction.FORWARD);
    var run = Try.run(ps);
    long after = 0;
    for (int i = 0; i < 3; i++) {
      layer.forward(Try.vectors(LONG, 3, 3, 1), State.ZERO, run).backward(Try.numbers(40, 3, 8, 2), State.ZERO, new Grads(ps));
      run.ws().reset();
      if (i == 0) after = run.ws().allocated();
    }
    assertEquals(after, run.ws().allocated());
    int[] kept = {1, 1, 2, 2, 3};                             // before steps 0, 16 and 32
    for (int i = 0; i < 5; i++) {
      int[] alive = Arrays.copyOf(LONG, new int[] {15, 16, 17, 32, 33}[i]);
      assertEquals(kept[i], layer.forward(Try.vectors(alive, 3, 3, 1), State.ZERO, run).kept().steps());
    }
  }

  // ---- edges

  @Test void walkBackward_cannotGoStepByStep_andReversesTheWalkForward() {
    var back = mlstm(Input.of(3), 8, 2, Direction.BACKWARD);
    var f = assertThrows(Fault.class, () -> back.open(Slab.zeros(1, 1, 3), Try.run(ps)));
    assertEquals(Code.C030, f.code());
    assertEquals("a layer that walks backward cannot go step by step", f.what());
    var forward = new Mlstm(back.input(), 2, Direction.FORWARD, back.W(), back.b(), back.M(), back.c());
    var x = Try.numbers(9, 1, 3, 1);
    var turned = Slab.zeros(9, 1, 3);
    for (int t = 0; t < 9; t++) turned.setRow(t, x, 8 - t);
    var a = back.forward(Batch.full(x, new long[1]), State.ZERO, Try.run(ps)).y().x();
    var b = forward.forward(Batch.full(turned, new long[1]), State.ZERO, Try.run(ps)).y().x();
    for (int t = 0; t < 9; t++) assertArrayEquals(a.copyRow(t, 0), b.copyRow(8 - t, 0));
  }

  @Test void units_thatDoNotDivideIntoHeads_areRefused() {
    for (int heads : new int[] {0, 3, 16}) {
      String mend = heads == 0 ? "heads: 1 or more" : heads == 3 ? "units: 6" : "units: 16";
      var f = assertThrows(Fault.class, () -> Mlstm.of("l", Input.of(3), 8, heads, Direction.FORWARD, HALF, 1, new Params()));
      assertEquals(Code.C011, f.code());
      assertEquals("l: units is 8, heads is " + heads + "; units must be a multiple of heads; " + mend, f.getMessage());
    }
  }

  @Test void windows_startAsTheyAreAsked() {
    var layer = Mlstm.of("l", Input.of(3), 8, 2, Direction.FORWARD, HALF, 2.5f, ps);
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    assertArrayEquals(new float[] {0, 0, 2.5f, 2.5f}, layer.c().of(ps.array()).copyRow(0, 0));
    assertArrayEquals(new float[32], layer.b().of(ps.array()).copyRow(0, 0));
    assertEquals(List.of("l.W", "l.b", "l.M", "l.c"), ps.all().stream().map(Params.Param::name).toList());
    assertEquals(2 * (16 + 4 + 1), layer.remembered());
    assertEquals(1, layer.parts());
  }
}
