package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cell;
import org.unroll.cell.Cells;
import org.unroll.cell.Row;
import org.unroll.check.GradCheck;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** Recurrent layers whose state, candidate or weights are disturbed in training. */
class NoiseTest {
  private static final Noise STATE = Try.NOISES.get(0), CANDIDATE = Try.NOISES.get(1), ZONEOUT = Try.NOISES.get(2);
  private static final Noise MEMORY = Try.NOISES.get(3), CONNECT = Try.NOISES.get(4);
  private static final int X = 3, N = 4, T = 7;
  private static final Kernels SEVEN = Kernels.of("fast", 7), TWO = Kernels.of("plain", 2);

  private final Params ps = new Params();

  private static Recurrent layer(String cell, int units, int projection, Direction d, Noise noise, Params ps) {
    var layer = Recurrent.of("a", Cells.find(cell), Input.of(X), units, projection, d, Try.INITS, ps).with(noise, 3);
    Try.random(ps, 3);
    return layer;
  }

  private Recurrent layer(String cell, Noise noise) { return layer(cell, 19, 0, Direction.FORWARD, noise, ps); }

  private static Recurrent fresh(String cell, Noise noise) { return layer(cell, 19, 0, Direction.FORWARD, noise, new Params()); }

  /** Every cell with every noise that it can have. */
  static Stream<Arguments> cases() {
    return Cells.names().stream().flatMap(c -> Try.NOISES.stream().filter(n -> Try.fits(n, c)).map(n -> Arguments.of(c, n)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_inTraining_equalTheReferenceWithTheSameMasks(String cell, Noise noise) {
    int wide = cell.contains("-ln") ? 17 : 16;   // a row of 16 is nearly constant there: normalised, its rounding is large
    for (var d : Direction.values()) agrees(cell, d == Direction.FORWARD ? 5 : wide, 0, d, noise, true);
    if (noise.zones()) agrees(cell, 5, 0, Direction.FORWARD, noise, false);
  }

  static Stream<Arguments> together() {
    var all = new Noise(0.3, 0.2, 0.1, 0.3, 0.2);
    var state = new Noise(0.3, 0.2, 0.1, 0, 0.2);
    return Stream.of(Arguments.of("lstm", 0, all), Arguments.of("lstm", 6, all), Arguments.of("lstm-peephole", 6, all), Arguments.of("gru", 6, state),
        Arguments.of("gru-before", 0, state), Arguments.of("mgu", 0, state), Arguments.of("slstm", 6, state), Arguments.of("lstm-ln", 0, all),
        Arguments.of("elman", 6, new Noise(0.3, 0, 0.1, 0, 0.2)));
  }

  @ParameterizedTest
  @MethodSource("together")
  void gradients_withAllAtOnceAndProjections_equalTheReference(String cell, int projection, Noise noise) {
    for (var d : Direction.values()) agrees(cell, 19, projection, d, noise, true);
  }

  private static void agrees(String cell, int units, int projection, Direction d, Noise noise, boolean training) {
    var ps = new Params();
    var layer = layer(cell, units, projection, d, noise, ps);
    var run = training ? Try.training(ps, 17) : Try.run(ps);
    for (int i = 0; i < 2; i++) {
      var report = GradCheck.layer(layer, Try.vectors(Try.RAGGED, N, X, 1), run, 5, i);
      assertEquals(GradCheck.Against.REFERENCE, report.against());
      assertTrue(report.passed(), () -> cell + " " + d + " " + noise + "\n" + report);
      run.ws().reset();
    }
  }

  // ---- training and evaluation

  private static float[] y(Layer layer, Run run) {
    var y = layer.forward(Try.vectors(Try.RAGGED, N, X, 1), State.ZERO, run).y();
    return alive(y);
  }

  private static float[] alive(Batch b) {
    var all = new ArrayList<float[]>();
    Rows.alive(b, (from, rows) -> IntStream.range(from, from + rows).forEach(r -> all.add(b.x().copyRow(r / N, r % N))));
    float[] flat = new float[all.size() * b.x().cols()];
    for (int i = 0; i < all.size(); i++) System.arraycopy(all.get(i), 0, flat, i * b.x().cols(), b.x().cols());
    return flat;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void evaluation_isUndisturbed_trainingIsNot(String cell, Noise noise) {
    var layer = layer(cell, noise);
    float[] plain = y(layer.with(Noise.NONE, 3), Try.run(ps)), evaluated = y(layer, Try.run(ps));
    float[] trained = y(layer, Try.training(ps, 17));
    if (!noise.zones()) assertArrayEquals(plain, evaluated);
    else assertFalse(Arrays.equals(plain, evaluated));
    assertFalse(Arrays.equals(trained, evaluated));
    assertFalse(Arrays.equals(trained, y(layer, Try.training(ps, 18))), "another step, the same masks");
    assertFalse(Arrays.equals(trained, y(layer.with(noise, 4), Try.training(ps, 17))), "another layer, the same masks");
    assertArrayEquals(trained, y(layer, Try.training(ps, 17)), "the same step, other masks");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void weights_afterForwardAndBackward_areAsTheyWere(String cell, Noise noise) {
    var layer = layer(cell, noise);
    float[] before = ps.array().clone();
    var grads = new Grads(ps);
    layer.forward(Try.vectors(Try.RAGGED, N, X, 1), State.ZERO, Try.training(ps, 17)).backward(Try.numbers(T, N, 19, 7), State.ZERO, grads);
    assertArrayEquals(before, ps.array());
    for (int i = layer.W().offset(); i < layer.W().end(); i++) if (grads.array()[i] != 0) return;
    throw new AssertionError("no gradient");
  }

  /** What a zoned layer evaluates is the equation with the mean in the mask's place. */
  @Test void zoneoutInEvaluation_blendsByItsMean() {
    var layer = layer("gru", ZONEOUT);
    var x = Try.vectors(new int[] {N, N, N}, N, X, 1);
    var trace = layer.forward(x, State.ZERO, Try.run(ps));
    var one = layer.with(Noise.NONE, 0);
    State s = State.ZERO;
    for (int t = 0; t < 3; t++) {
      var made = one.forward(Batch.full(x.x().step(t), x.ids()), s, Try.run(ps)).out();
      for (int n = 0; n < N; n++) {
        for (int k = 0; k < 19; k++) {
          float before = s.isZero() ? 0 : s.part(0).get(n, k);
          made.part(0).set(n, k, Math.fma(0.3f, before, (1 - 0.3f) * made.part(0).get(n, k)));
        }
        assertArrayEquals(made.part(0).copyRow(0, n), trace.y().x().copyRow(t, n));
      }
      s = made;
    }
  }

  @Test void zoneoutInTraining_keepsUnitsOfTheStepBefore_eachSlotItsShare() {
    var layer = layer("lstm", MEMORY);
    var tr = layer.forward(Try.vectors(Try.RAGGED, N, X, 1), State.ZERO, Try.training(ps, 17));
    int slot = layer.stateRows().slot(), kept = 0, equal = 0;
    for (int t = 0; t < T; t++) for (int n = 0; n < Try.RAGGED[t]; n++) for (int k = slot; k < slot + 19; k++) {
      boolean z = tr.masks().zone().get(t * N + n, k) == 1;
      float before = tr.states().get(t * N + n, k), after = tr.states().get((t + 1) * N + n, k);
      assertEquals(z ? before : tr.states().get((t + 1) * N + n, 2 * slot + k), after);
      if (z) kept++;
      if (z && before == after) equal++;
    }
    assertEquals(kept, equal);
    assertTrue(kept > 120 && kept < 220, "of 342 memories " + kept + " are kept");
  }

  @Test void recurrentDropout_ofACandidate_losesNothingThatIsRemembered() {
    var layer = layer("lstm", CANDIDATE);
    var tr = layer.forward(Try.vectors(Try.RAGGED, N, X, 1), State.ZERO, Try.training(ps, 17));
    int dropped = 0;
    for (int t = 0; t < T; t++) for (int n = 0; n < Try.RAGGED[t]; n++) for (int k = 0; k < 19; k++) {
      int r = t * N + n, c = layer.stateRows().slot() + k;
      float m = tr.masks().candidate().get(r, k);
      if (m != 0) {
        assertEquals(1 / (float) (1 - 0.3), m);
        continue;
      }
      dropped++;
      assertEquals(tr.gates().data()[tr.gates().at(r, 1, k)] * tr.states().get(r, c), tr.states().get(r + N, c));
    }
    assertTrue(dropped > 70 && dropped < 140, "of 342 candidates " + dropped + " are dropped");
  }

  @Test void everyCellWithAMemory_letsItsCandidateBeDropped() {
    for (String cell : Cells.names()) assertEquals(Cells.find(cell).carry() != null, Cells.find(cell).drops(), cell);
  }

  // ---- the same bits

  @ParameterizedTest
  @MethodSource("cases")
  void rowInABatch_hasTheBitsOfTheRowAlone(String cell, Noise noise) {
    var layer = layer(cell, noise);
    var x = Try.vectors(Try.RAGGED, N, X, 1);
    var whole = layer.forward(x, State.ZERO, Try.training(ps, 17)).y();
    for (int n = 0; n < N; n++) {
      int steps = x.length(n);
      var own = Slab.zeros(steps, 1, X);
      for (int t = 0; t < steps; t++) own.setRow(t, x.x(), t * N + n);
      var alone = layer.forward(Batch.full(own, new long[] {x.ids()[n]}), State.ZERO, Try.training(ps, 17)).y();
      for (int t = 0; t < steps; t++) assertArrayEquals(whole.x().copyRow(t, n), alone.x().copyRow(t, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Tag("threads")
  void kernelsAndThreads_giveTheSameBits_twice(String cell, Noise noise) {
    for (int rows : new int[] {4, 37}) for (boolean training : new boolean[] {true, false}) {
      if (!training && !noise.zones()) continue;
      var fresh = new Params();
      var layer = layer(cell, 33, 0, Direction.BACKWARD, noise, fresh);
      Function<Kernels, float[]> by = k -> Try.twice(layer, rows, fresh, training ? Try.training(fresh, k, 17) : Try.run(fresh, k));
      float[] one = by.apply(Kernels.scalar());
      assertArrayEquals(one, by.apply(SEVEN), cell);
      assertArrayEquals(one, by.apply(TWO), cell);
    }
  }

  /** Masks of a sequence and of weights hold for a step of the optimizer; so do the means of zoneout. */
  @ParameterizedTest
  @MethodSource("cases")
  void chunksOfTime_ofNoiseThatDoesNotKnowTheTime_haveTheBitsOfTheWhole(String cell, Noise noise) {
    boolean timeless = noise.equals(STATE) || noise.equals(CONNECT);
    var layer = layer(cell, noise);
    var x = Try.vectors(Try.RAGGED, N, X, 1);
    var run = timeless ? Try.training(ps, 17) : Try.run(ps);
    var whole = layer.forward(x, State.ZERO, run);
    var first = layer.forward(part(x, 0, 3), State.ZERO, run);
    var second = layer.forward(part(x, 3, T), first.out(), run);
    assertArrayEquals(whole.out().part(0).data(), second.out().part(0).data());
    var dy = Try.numbers(T, N, 19, 7);
    var g = whole.backward(dy, State.ZERO, new Grads(ps));
    var late = second.backward(dy.steps(3, T), State.ZERO, new Grads(ps));
    var early = first.backward(dy.steps(0, 3), late.dIn(), new Grads(ps));
    assertArrayEquals(g.dIn().part(0).data(), early.dIn().part(0).data());
  }

  private static Batch part(Batch x, int from, int to) {
    return new Batch(x.x().steps(from, to), Arrays.copyOfRange(x.alive(), from, to), x.ids());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stepper_givesTheBitsOfAnEvaluatedBatch(String cell, Noise noise) {
    var layer = layer(cell, noise);
    var all = Try.vectors(new int[] {N, N, N, N, N}, N, X, 1);
    var pass = layer.forward(all, State.ZERO, Try.run(ps));
    var x = Slab.zeros(1, N, X);
    var stepper = layer.open(x, Try.training(ps, 17));
    for (int t = 0; t < 5; t++) {
      for (int n = 0; n < N; n++) x.setRow(n, all.x(), t * N + n);
      stepper.step();
      for (int n = 0; n < N; n++) assertArrayEquals(pass.y().x().copyRow(t, n), stepper.y().copyRow(0, n), "step " + t);
    }
    assertArrayEquals(pass.out().part(0).data(), stepper.state().part(0).data());
  }

  // ---- refusals

  private static String refused(Code code, Runnable what) {
    var f = assertThrows(Fault.class, what::run);
    assertEquals(code, f.code());
    return f.getMessage();
  }

  @Test void share_outsideItsRange_isRefused() {
    assertEquals("noise.zoneout: zoneout is 1.0, must be in [0, 1); zoneout: from 0 (none) to below 1", refused(Code.C011, () -> new Noise(0, 0, 1, 0, 0)));
    assertEquals("noise.drop_connect: drop_connect is -0.1, must be in [0, 1); drop_connect: from 0 (none) to below 1", refused(Code.C011, () -> new Noise(0, 0, 0, 0, -0.1)));
    assertEquals("noise.state_dropout: state_dropout is NaN, must be in [0, 1); state_dropout: from 0 (none) to below 1", refused(Code.C011, () -> new Noise(Double.NaN, 0, 0, 0, 0)));
    assertEquals("noise.recurrent_dropout", assertThrows(Fault.class, () -> new Noise(0, 2, 0, 0, 0)).where());
    assertEquals("noise.zoneout_memory", assertThrows(Fault.class, () -> new Noise(0, 0, 0, 1, 0)).where());
  }

  /** A user's own: all that its state meets is S. */
  private record Second(boolean second, int states) implements Cell {
    @Override public Layout layout() { return new Layout(1, 0, 1, states, 0, Scope.UNIT, second); }

    @Override public List<String> slots() { return List.of("h", "c", "n").subList(0, states); }

    @Override public void forward(Row r) {}

    @Override public void backward(Row r) {}

    @Override public List<String> gates() { return List.of("a"); }
  }

  @Test void noiseOfRecurrentMatrices_needsROrS() {
    for (var noise : List.of(STATE, CONNECT)) {
      noise.require("own", new Second(true, 1));
      refused(Code.C014, () -> noise.require("own", new Second(false, 1)));
    }
  }

  @Test void zoneoutOfAMemory_isForOneMemory_andNeedsNoMatrix() {
    var memory = new Noise(0, 0, 0, 0.5, 0);
    assertTrue(memory.zones());
    memory.require("own", new Second(false, 2));
    refused(Code.C014, () -> memory.require("own", new Second(true, 3)));
  }

  @Test void shares_areThoseThatAreNotZero_byTheirNames() {
    assertEquals("{state_dropout=0.1, recurrent_dropout=0.2, zoneout=0.3, zoneout_memory=0.4, drop_connect=0.5}",
        new Noise(0.1, 0.2, 0.3, 0.4, 0.5).shares().toString());
    assertEquals("{zoneout=0.3}", ZONEOUT.shares().toString());
  }

  @Test void noise_thatACellHasNoPlaceFor_isRefused() {
    assertEquals("noise.recurrent_dropout: recurrent_dropout is 0.3 and the cell 'elman'; no gate lets a candidate into a memory there; "
        + "recurrent_dropout: 0; state_dropout: 0.3", refused(Code.C014, () -> fresh("elman", CANDIDATE)));
    assertEquals("noise.state_dropout: state_dropout is 0.4 and the cell 'indrnn'; it multiplies its state by no matrix; state_dropout: 0",
        refused(Code.C014, () -> fresh("indrnn", STATE)));
    assertEquals("noise.drop_connect: drop_connect is 0.4 and the cell 'mingru'; it has no recurrent matrix; drop_connect: 0",
        refused(Code.C014, () -> fresh("mingru", CONNECT)));
    assertEquals("noise.zoneout_memory: zoneout_memory is 0.5 and the cell 'gru'; its state is h alone; zoneout_memory: 0; zoneout: 0.5",
        refused(Code.C014, () -> fresh("gru", MEMORY)));
    assertEquals("noise.zoneout_memory: zoneout_memory is 0.5 and the cell 'slstm'; its memory is c, n, m, of one scale, and their means are "
        + "no memory; zoneout_memory: 0", refused(Code.C014, () -> fresh("slstm", MEMORY)));
  }
}
