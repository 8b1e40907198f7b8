package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** A step of few rows gives the same bits whether its units are shared out over threads or not. */
class UnitPartsTest {
  private static final int INPUTS = 90, UNITS = 201;
  private static final int[] RAGGED = {3, 3, 2, 1};

  private static Recurrent layer(String cell, Input in, Params ps) {
    var layer = Recurrent.of("l", Cells.find(cell), in, UNITS, Recurrent.Direction.FORWARD, Try.INITS, ps);
    Try.random(ps, 3);
    return layer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "lstm-peephole", "gru", "gru-before", "elman", "mgu", "mingru", "indrnn"})
  void stepper_moreThreads_sameBits(String cell) {
    for (var in : new Input[] {Input.of(INPUTS), Input.oneHot(INPUTS)}) {
      float[] one = stream(cell, in, Kernels.of("fast", 1));
      assertArrayEquals(one, stream(cell, in, Kernels.of("fast", 3)), cell);
      assertArrayEquals(one, stream(cell, in, Kernels.of("plain", 2)), cell);
      assertArrayEquals(one, stream(cell, in, Kernels.of("scalar", 2)), cell);
    }
  }

  private static float[] stream(String cell, Input in, Kernels k) {
    var ps = new Params();
    var layer = layer(cell, in, ps);
    var x = Slab.zeros(1, 2, in.ids() ? 1 : INPUTS);
    var stepper = layer.open(x, Try.run(ps, k));
    for (int t = 0; t < 4; t++) {
      var now = in.ids() ? Try.symbols(new int[] {2}, 2, INPUTS, t).x() : Try.numbers(1, 2, INPUTS, t);
      for (int n = 0; n < 2; n++) x.setRow(n, now, n);
      stepper.step();
    }
    return stepper.y().data();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "lstm-peephole", "gru", "gru-before", "elman", "mgu", "mingru", "indrnn"})
  void forward_moreThreads_sameBits(String cell) {
    var ps = new Params();
    var layer = layer(cell, Input.of(INPUTS), ps);
    var x = Try.vectors(RAGGED, 3, INPUTS, 5);
    var one = layer.forward(x, State.ZERO, Try.run(ps, Kernels.of("fast", 1)));
    var more = layer.forward(x, State.ZERO, Try.run(ps, Kernels.of("fast", 3)));
    assertArrayEquals(one.out().part(0).data(), more.out().part(0).data(), cell);
    for (int t = 0; t < RAGGED.length; t++) {
      for (int n = 0; n < RAGGED[t]; n++) assertArrayEquals(one.y().x().copyRow(t, n), more.y().x().copyRow(t, n), cell);
    }
  }

  @Test void parts_ofAStep_areOneForEachThreadIfWorthIt() {
    assertEquals(2, parts("lstm", 201, 1, 2));
    assertEquals(3, parts("lstm", 201, 1, 3));
    assertEquals(1, parts("lstm", 201, 1, 1));
    assertEquals(1, parts("lstm", 40, 1, 2));
    assertEquals(2, parts("lstm", 64, 4, 2));
    assertEquals(2, parts("lstm", 201, Rows.FEW, 2));
    assertEquals(1, parts("lstm", 201, 2 * Rows.FEW, 2));
    assertEquals(1, parts("gru-before", 201, 1, 2));
  }

  /** Into how many parts one step of so many rows goes. */
  private static int parts(String cell, int units, int rows, int threads) {
    var ps = new Params();
    var layer = Recurrent.of("l", Cells.find(cell), Input.of(units), units, Recurrent.Direction.FORWARD, Try.INITS, ps);
    var k = Kernels.of("fast", threads);
    var x = Slab.zeros(1, rows, units);
    var s = Slab.zeros(2, rows, layer.stateRows().made());
    var m = layer.S() == null ? null : Slab.zeros(1, rows, units);
    var run = Try.run(ps, k);
    var h = s.cols(0, units);
    var few = UnitParts.orNull(new ForwardStep(layer, run, x, layer.gates(run.ws(), rows), s, m, h, h, Masks.NONE, run.ws()), run, rows);
    return few == null ? 1 : few.parts();
  }
}
