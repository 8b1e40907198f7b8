package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;
import static org.unroll.layer.Try.RAGGED;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cell;
import org.unroll.cell.Cells;
import org.unroll.cell.Row;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** What layers promise beyond their equations. */
class CompositionTest {
  private final Params ps = new Params();

  @ParameterizedTest
  @ValueSource(strings = {"elman", "lstm", "gru", "gru-before"})
  void oneHotInput_hasTheBitsOfTheExplicitProduct(String cell) {
    int symbols = 7, units = 19, T = RAGGED.length, N = 4;
    var byId = Recurrent.of("a", Cells.find(cell), Input.oneHot(symbols), units, Direction.FORWARD, INITS, ps);
    var byProduct = byId.with(Input.of(symbols));
    Try.random(ps, 3);
    var ids = Try.symbols(RAGGED, N, symbols, 1);
    var hot = Slab.zeros(T, N, symbols);
    for (int r = 0; r < hot.height(); r++) hot.set(r, (int) ids.x().get(r, 0), 1);

    var a = byId.forward(ids, State.ZERO, Try.run(ps));
    var b = byProduct.forward(ids.with(hot), State.ZERO, Try.run(ps));
    assertSame(a.y(), b.y());
    var dy = Try.numbers(T, N, units, 9);
    var ga = new Grads(ps);
    var gb = new Grads(ps);
    a.backward(dy, State.ZERO, ga);
    b.backward(dy, State.ZERO, gb);
    assertArrayEquals(ga.array(), gb.array());
  }

  private static void assertSame(Batch a, Batch b) {
    for (int t = 0; t < a.alive().length; t++) {
      for (int n = 0; n < a.alive()[t]; n++) assertArrayEquals(a.x().copyRow(t, n), b.x().copyRow(t, n), "row " + n + " of step " + t);
    }
  }

  /** E08: h of the backward direction comes from the step after. */
  @Test void E08_reversingTheInputAndSwappingTheDirections_reversesTheOutput() {
    int T = 6, N = 3, H = 5;
    var f = Recurrent.of("f", Cells.find("lstm"), Input.of(4), H, Direction.FORWARD, INITS, ps);
    var g = Recurrent.of("g", Cells.find("gru"), Input.of(4), H, Direction.BACKWARD, INITS, ps);
    Try.random(ps, 3);
    var x = Try.numbers(T, N, 4, 1);
    var turned = Slab.zeros(T, N, 4);
    for (int t = 0; t < T; t++) for (int n = 0; n < N; n++) turned.setRow((T - 1 - t) * N + n, x, t * N + n);
    var y = new Concat(List.of(f, g)).forward(Batch.full(x, new long[N]), State.ZERO, Try.run(ps));
    var z = new Concat(List.of(walking(f, Direction.BACKWARD), walking(g, Direction.FORWARD)))
        .forward(Batch.full(turned, new long[N]), State.ZERO, Try.run(ps));
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < N; n++) assertArrayEquals(y.y().x().copyRow(t, n), z.y().x().copyRow(T - 1 - t, n));
    }
  }

  private static Recurrent walking(Recurrent l, Direction d) {
    return l.with(d);
  }

  @Test void concat_hasTheOutputsSideBySide_andAddsTheGradientsOfItsInput() {
    var a = Dense.of("a", 3, 2, HALF, ps);
    var b = Dense.of("b", 3, 4, HALF, ps);
    Try.random(ps, 3);
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var both = new Concat(List.of(a, b));
    assertEquals(6, both.width());
    assertEquals(0, both.parts());
    var run = Try.run(ps);
    var y = both.forward(x, State.ZERO, run);
    assertSame(a.forward(x, State.ZERO, run).y(), x.with(y.y().x().cols(0, 2)));
    assertSame(b.forward(x, State.ZERO, run).y(), x.with(y.y().x().cols(2, 6)));
  }

  /** Dropout in evaluation hands dy on as dx: the sum over the branches must not go there. */
  @Test void concat_backward_leavesTheGradientFromAboveAsItWas() {
    var both = new Concat(List.of(new Dropout(3, 0.5, 1), new Dropout(3, 0.5, 2), new Dropout(3, 0.5, 3)));
    var dy = Try.numbers(7, 4, 9, 2);
    var before = Try.numbers(7, 4, 9, 2);
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var dx = both.forward(x, State.ZERO, Try.run(ps)).backward(dy, State.ZERO, new Grads(ps)).dx();
    assertSame(x.with(before), x.with(dy));
    assertEquals(before.get(0, 0) + before.get(0, 3) + before.get(0, 6), dx.get(0, 0));
  }

  @Test void chainAndConcat_ofNothing_areRefused() {
    var chain = assertThrows(Fault.class, () -> new Chain(List.of()));
    assertEquals(Code.C030, chain.code());
    assertEquals("a chain of no layers; it must have at least one", chain.getMessage());
    assertEquals("a concat of no layers; it must have at least one", assertThrows(Fault.class, () -> new Concat(List.of())).getMessage());
  }

  @Test void concatOfEmbeddings_hasNoGradientOfItsInput() {
    var both = new Concat(List.of(Embedding.of("a", 6, 2, HALF, ps), Embedding.of("b", 6, 3, HALF, ps)));
    var pass = both.forward(Try.symbols(RAGGED, 4, 6, 1), State.ZERO, Try.run(Try.random(ps, 3)));
    assertEquals(null, pass.backward(Try.numbers(7, 4, 5, 2), State.ZERO, new Grads(ps)).dx());
  }

  @Test void dropout_inEvaluation_isTheIdentity() {
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var pass = new Dropout(3, 0.5, 1).forward(x, State.ZERO, Try.run(ps));
    assertSame(x, pass.y());
    var dy = Try.numbers(7, 4, 3, 2);
    org.junit.jupiter.api.Assertions.assertSame(dy, pass.backward(dy, State.ZERO, new Grads(ps)).dx());
  }

  @Test void dropout_keepsItsShareAndScalesIt() {
    var x = Slab.zeros(10, 10, 100);
    for (int r = 0; r < 100; r++) x.fillRow(r, 3);
    var y = new Dropout(100, 0.3, 1).forward(Batch.full(x, ids(10, 0)), State.ZERO, Try.training(ps, 4)).y().x();
    int kept = 0;
    for (int r = 0; r < 100; r++) {
      for (int k = 0; k < 100; k++) {
        float v = y.get(r, k);
        if (v != 0) kept++;
        assertTrue(v == 0 || Math.abs(v - 3 / 0.7) < 1e-6, () -> "kept value is " + v);
      }
    }
    assertEquals(7000, kept, 4 * 46, "kept of 10,000");       // four standard deviations
  }

  @Test void dropout_maskOfARow_dependsOnItsIdStepAndLayerAndNotOnItsBatch() {
    var one = Slab.zeros(5, 1, 40);
    var three = Slab.zeros(5, 3, 40);
    for (int r = 0; r < one.height(); r++) one.fillRow(r, 1);
    for (int r = 0; r < three.height(); r++) three.fillRow(r, 1);
    var alone = masked(one, 1, 4, 77);
    var batch = masked(three, 1, 4, 5, 77, 6);
    for (int t = 0; t < 5; t++) assertArrayEquals(alone.copyRow(t, 0), batch.copyRow(t, 1), "step " + t);
    assertTrue(differs(alone, masked(one, 2, 4, 77)), "layers share a mask");
    assertTrue(differs(alone, masked(one, 1, 5, 77)), "optimizer steps share a mask");
    assertTrue(differs(alone, masked(one, 1, 4, 78)), "sequences share a mask");
    assertTrue(differs(alone.step(0), alone.step(1)), "steps of time share a mask");
  }

  private Slab masked(Slab x, int number, long step, long... ids) {
    return new Dropout(40, 0.5, number).forward(Batch.full(x, ids), State.ZERO, Try.training(ps, step)).y().x();
  }

  private static boolean differs(Slab a, Slab b) { return !java.util.Arrays.equals(a.copyRow(0, 0), b.copyRow(0, 0)); }

  private static long[] ids(int n, long first) {
    var ids = new long[n];
    for (int i = 0; i < n; i++) ids[i] = first + i;
    return ids;
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
  void dropout_rateOutOfRange_isRefused(double rate) {
    var fault = assertThrows(Fault.class, () -> new Dropout(3, rate, 1));
    assertEquals(Code.C030, fault.code());
    assertEquals("dropout is " + rate + ", must be in [0, 1); 0 switches it off; 0.2 to 0.5 are usual", fault.getMessage());
  }

  @Test void dropout_ofRateZero_isTheIdentityInTraining() {
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var pass = new Dropout(3, 0, 1).forward(x, State.ZERO, Try.training(ps, 4));
    assertEquals(new Dropout.Identity(x), pass);
  }

  @Test void biases_ofNewLayers_areZero_andThoseOfAnLstmForget() {
    var dense = Dense.of("d", 2, 3, HALF, ps);
    var tied = TiedDense.of("t", Embedding.of("e", 3, 2, HALF, ps).E(), ps);
    var lstm = Recurrent.of("l", Cells.find("lstm-peephole"), Input.of(2), 2, Direction.FORWARD, INITS, ps);
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    assertArrayEquals(new float[3], dense.b().of(ps.array()).copyRow(0, 0));
    assertArrayEquals(new float[3], tied.b().of(ps.array()).copyRow(0, 0));
    assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0, 0, 0}, lstm.b().of(ps.array()).copyRow(0, 0));
    assertArrayEquals(new float[6], lstm.p().of(ps.array()).copyRow(0, 0));
    assertEquals("[d.W, d.b, e.E, t.b, l.W, l.R, l.b, l.p]", ps.all().stream().map(Params.Param::name).toList().toString());
  }

  @Test void composition_ofAListThatChanges_keepsItsLayers() {
    var list = new java.util.ArrayList<Layer>(List.of(Dense.of("d", 2, 3, HALF, ps)));
    var chain = new Chain(list);
    var concat = new Concat(list);
    list.clear();
    assertEquals(3, chain.width());
    assertEquals(3, concat.width());
    var parts = new java.util.ArrayList<>(List.of(Slab.zeros(1, 1, 1)));
    var state = new State(parts);
    parts.clear();
    assertTrue(!state.isZero());
  }

  @Test void state_copy_outlivesTheWorkspace() {
    var ws = new Workspace();
    var part = ws.raw(2, 3, 4);
    for (int r = 0; r < 6; r++) part.fillRow(r, r);
    var copy = new State(List.of(part)).copy();
    ws.reset();
    for (int r = 0; r < 6; r++) assertArrayEquals(new float[] {r, r, r, r}, copy.part(0).copyRow(r / 3, r % 3));
    assertEquals(null, State.ZERO.part(3));
    assertTrue(State.ZERO.isZero() && !copy.isZero());
  }

  /** A cell with a second product may read its input on the way back. */
  @Test void secondProduct_backwardSeesItsInput() {
    var cell = new Cell() {
      final Cell gru = Cells.find("gru-before");

      @Override public Layout layout() { return gru.layout(); }

      @Override public List<String> gates() { return gru.gates(); }

      @Override public void forward(Row r) { gru.forward(r); }

      @Override public void forward2(Row r) { gru.forward2(r); }

      @Override public void backward(Row r) { gru.backward(r); }

      /** δa_r = δm ⊙ m ⊙ (1 − r), since m = r ⊙ h'. */
      @Override public void backward2(Row r) {
        gru.backward2(r);
        for (int k = 0; k < r.units(); k++) {
          r.da[r.dGate(0) + k] = r.dm[r.dSecond() + k] * r.m[r.second() + k] * (1 - r.a[r.gate(0) + k]);
        }
      }
    };
    var report = org.unroll.check.CellContract.check(cell);
    assertTrue(report.passed(), report::toString);
  }

  @Test void aLayerThatWalksBackward_isNotOpenedStepByStep() {
    var back = Recurrent.of("b", Cells.find("elman"), Input.of(2), 3, Direction.BACKWARD, INITS, ps);
    var one = assertThrows(Fault.class, () -> back.open(Slab.zeros(1, 1, 2), Try.run(ps)));
    assertEquals("a layer that walks backward cannot go step by step; use direction: forward for generating and streaming", one.getMessage());
    var two = assertThrows(Fault.class, () -> new Concat(List.of(back, back)).open(Slab.zeros(1, 1, 2), Try.run(ps)));
    assertEquals(Code.C030, two.code());
    assertEquals("a bidirectional layer needs the whole sequence, it cannot go step by step; "
        + "use direction: forward for generating and streaming", two.getMessage());
  }

  @Test void stepper_ofAChainThatStartsWithACell_startsInItsState() {
    var a = Recurrent.of("a", Cells.find("gru"), Input.of(2), 3, Direction.FORWARD, INITS, ps);
    var b = Recurrent.of("b", Cells.find("elman"), Input.of(3), 4, Direction.FORWARD, INITS, ps);
    var chain = new Chain(List.of(a, b));
    Try.random(ps, 3);
    var x = Try.vectors(new int[] {2}, 2, 2, 1);
    var in = new State(List.of(Try.numbers(1, 2, 3, 8), Try.numbers(1, 2, 4, 9)));
    var stepper = chain.open(x.x(), Try.run(ps));
    stepper.set(in);
    stepper.step();
    var y = chain.forward(x, in, Try.run(ps)).y().x();
    for (int n = 0; n < 2; n++) assertArrayEquals(y.copyRow(0, n), stepper.y().copyRow(0, n));
  }

  /** A cell that sees its whole row may read a unit of the previous state after it wrote others of the next. */
  @Test void stepper_ofACellThatReadsItsNeighbours_keepsThePreviousStateWhole() {
    var cell = new Cell() {
      @Override public Layout layout() { return new Layout(1, 1, 1, 1, 0, Scope.ROW, false); }

      @Override public List<String> gates() { return List.of("a"); }

      @Override public void forward(Row r) {
        int n = r.units();
        for (int k = 0; k < n; k++) r.s[r.next(0) + k] = r.a[r.gate(0) + k] + r.s[r.prev(0) + (k + n - 1) % n];
      }

      @Override public void backward(Row r) {
        int n = r.units();
        var d = java.util.Arrays.copyOfRange(r.ds, r.d(0), r.d(0) + n);
        System.arraycopy(d, 0, r.da, r.dGate(0), n);
        for (int k = 0; k < n; k++) r.ds[r.d(0) + (k + n - 1) % n] = d[k];
      }
    };
    var report = org.unroll.check.CellContract.check(cell);
    assertTrue(report.findings().stream().allMatch(f -> f.rule().equals("saturated")), report::toString);
  }

  @Test void stepper_ofAWholeModel_hasTheBitsOfForward() {
    var e = Embedding.of("e", 6, 5, HALF, ps);
    var model = new Chain(List.of(e, new Dropout(5, 0.5, 1),
        Recurrent.of("a", Cells.find("lstm"), Input.of(5), 17, Direction.FORWARD, INITS, ps),
        Recurrent.of("b", Cells.find("gru-before"), Input.of(17), 5, Direction.FORWARD, INITS, ps),
        TiedDense.of("t", e.E(), ps), Dense.of("d", 6, 3, HALF, ps)));
    assertEquals(3, model.width());
    assertEquals(2, model.parts());
    Try.random(ps, 3);
    var x = Try.symbols(new int[] {3, 3, 3, 3, 3}, 3, 6, 1);
    var first = new Chain(model.layers().subList(0, 3)).forward(x, State.ZERO, Try.run(ps)).out().part(0);
    var in = new State(List.of(first, Try.numbers(1, 3, 5, 8)));
    var pass = model.forward(x, in, Try.run(ps));
    var buffer = Slab.zeros(1, 3, 1);
    var stepper = model.open(buffer, Try.run(ps));
    stepper.set(in);
    for (int t = 0; t < 5; t++) {
      for (int n = 0; n < 3; n++) buffer.setRow(n, x.x(), t * 3 + n);
      stepper.step();
      for (int n = 0; n < 3; n++) assertArrayEquals(pass.y().x().copyRow(t, n), stepper.y().copyRow(0, n), "step " + t + ", row " + n);
    }
    for (int i = 0; i < 2; i++) {
      for (int s = 0; s < in.part(i).steps(); s++) {
        for (int n = 0; n < 3; n++) assertArrayEquals(pass.out().part(i).copyRow(s, n), stepper.state().part(i).copyRow(s, n));
      }
    }
    stepper.set(State.ZERO);
    for (int n = 0; n < 3; n++) assertArrayEquals(new float[17], stepper.state().part(0).copyRow(1, n));
  }
}
