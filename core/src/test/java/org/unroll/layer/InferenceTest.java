package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** A run that keeps no gates has the bits of one that does, and takes less memory. */
class InferenceTest {
  private static final int UNITS = 21, INPUTS = 9;

  /** Rows whose gates are written over step by step, and few, whose W x is done ahead. */
  private static final int[] MANY = {18, 18, 17, 9, 2}, FEW = {3, 3, 2, 1};

  static Stream<String> cells() { return Cells.names().stream(); }

  private static Run inference(Params ps, Kernels k) { return Run.inference(new Weights(ps, k), new Workspace()); }

  @ParameterizedTest
  @MethodSource("cells")
  void forward_anyCell_hasTheBitsOfEvaluation(String cell) {
    for (var direction : Direction.values()) {
      for (int[] alive : new int[][] {MANY, FEW}) {
        same(cell, Input.of(INPUTS), 0, Noise.NONE, direction, alive);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "lstm-peephole", "gru", "gru-before", "elman", "mingru", "lstm-ln"})
  void forward_idsProjectionZoneout_hasTheBitsOfEvaluation(String cell) {
    same(cell, Input.oneHot(INPUTS), 0, Noise.NONE, Direction.FORWARD, MANY);
    same(cell, Input.of(INPUTS), 7, Noise.NONE, Direction.BACKWARD, MANY);
    var zoneout = new Noise(0, 0, 0.3, 0, 0);
    if (Try.fits(zoneout, cell)) same(cell, Input.of(INPUTS), 0, zoneout, Direction.FORWARD, MANY);
  }

  private static void same(String cell, Input in, int projection, Noise noise, Direction direction, int[] alive) {
    var ps = new Params();
    var layer = Recurrent.of("l", Cells.find(cell), in, UNITS, projection, direction, Try.INITS, ps);
    if (noise.any()) layer = layer.with(noise, 1);
    Try.random(ps, 3);
    var x = in.ids() ? Try.symbols(alive, alive[0], INPUTS, 5) : Try.vectors(alive, alive[0], INPUTS, 5);
    for (var k : new Kernels[] {Kernels.scalar(), Kernels.of("plain", 1), Kernels.of("fast", 1), Kernels.of("fast", 3)}) {
      same(layer, x, ps, k);
    }
  }

  private static void same(Recurrent layer, Batch x, Params ps, Kernels k) {
    var want = layer.forward(x, State.ZERO, Try.run(ps));
    var got = layer.forward(x, State.ZERO, inference(ps, k));
    String where = layer.cell() + ", " + k + ", " + k.threads();
    assertArrayEquals(want.out().part(0).data(), got.out().part(0).data(), where);
    for (int t = 0; t < x.alive().length; t++) {
      for (int n = 0; n < x.alive()[t]; n++) {
        assertArrayEquals(want.y().x().copyRow(t, n), got.y().x().copyRow(t, n), where + ", step " + t + ", row " + n);
      }
    }
  }

  /** 16 rows of 128 units are worth a meeting of threads at every step. */
  @Test void forward_stepsCutByUnits_haveTheBitsOfEvaluation() {
    var ps = new Params();
    var layer = Recurrent.of("l", Cells.find("lstm"), Input.of(128), 128, Direction.FORWARD, Try.INITS, ps);
    Try.random(ps, 3);
    var k = Kernels.of("fast", 2);
    assertTrue(layer.plan(Masks.NONE).byUnits(inference(ps, k), 18));
    assertFalse(layer.plan(Masks.NONE).ahead(inference(ps, k), 18));
    same(layer, Try.vectors(MANY, 18, 128, 5), ps, k);
  }

  @Test void memory_isThatOfOneStepsGates() {
    var ps = new Params();
    var layer = Recurrent.of("l", Cells.find("lstm"), Input.of(INPUTS), 32, Direction.FORWARD, Try.INITS, ps);
    var x = Try.vectors(new int[] {20, 20, 20, 20, 20, 20}, 20, INPUTS, 5);
    Run keeps = Try.run(ps), forgets = inference(ps, Kernels.scalar());
    layer.forward(x, State.ZERO, keeps);
    layer.forward(x, State.ZERO, forgets);
    assertEquals((6 - 1) * 20 * 4 * 32, keeps.ws().allocated() - forgets.ws().allocated());
  }

  @Test void memory_secondProduct_isThatOfOneStep() {
    var ps = new Params();
    var layer = Recurrent.of("l", Cells.find("gru-before"), Input.of(INPUTS), 32, Direction.FORWARD, Try.INITS, ps);
    var x = Try.vectors(new int[] {20, 20, 20}, 20, INPUTS, 5);
    Run keeps = Try.run(ps), forgets = inference(ps, Kernels.scalar());
    layer.forward(x, State.ZERO, keeps);
    layer.forward(x, State.ZERO, forgets);
    assertEquals((3 - 1) * 20 * (3 + 1) * 32, keeps.ws().allocated() - forgets.ws().allocated());
  }

  @Test void backwardAndGates_areAFault() {
    var ps = new Params();
    var layer = Recurrent.of("l", Cells.find("lstm"), Input.of(INPUTS), UNITS, Direction.FORWARD, Try.INITS, ps);
    var pass = layer.forward(Try.vectors(FEW, 3, INPUTS, 5), State.ZERO, inference(ps, Kernels.scalar()));
    for (Executable use : List.<Executable>of(pass::gates, pass::second,
        () -> pass.backward(Slab.zeros(4, 3, UNITS), State.ZERO, new Grads(ps)))) {
      var f = assertThrows(Fault.class, use);
      assertEquals(Code.C030, f.code());
      assertTrue(f.getMessage().contains("use Run.evaluation, or Model.read, in place of Run.inference"), f.getMessage());
    }
  }

  /** The layer above refuses before it has written anything. */
  @Test void backward_ofAChain_leavesGradientsAsTheyWere() {
    var ps = new Params();
    var lstm = Recurrent.of("l", Cells.find("lstm"), Input.of(INPUTS), UNITS, Direction.FORWARD, Try.INITS, ps);
    var chain = new Chain(List.of(lstm, new Dense(ps.add("d.W", UNITS, 2, Try.HALF), ps.add("d.b", 1, 2, Try.HALF))));
    var pass = chain.forward(Try.vectors(FEW, 3, INPUTS, 5), State.ZERO, inference(Try.random(ps, 3), Kernels.scalar()));
    var grads = new Grads(ps);
    assertThrows(Fault.class, () -> pass.backward(Try.numbers(4, 3, 2, 7), State.ZERO, grads));
    assertArrayEquals(new float[grads.array().length], grads.array());
  }
}
