package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** Steps one at a time have the bits of a whole pass; what is set, taken out and taken up again is the state of these rows. */
class RecurrentStepperTest {
  private static final int X = 3, H = 150, N = 3, T = 5;
  private final Params ps = new Params();

  private Recurrent layer(String cell, int projection) {
    var layer = Recurrent.of("a", Cells.find(cell), Input.of(X), H, projection, Direction.FORWARD, Try.INITS, ps);
    Try.random(ps, 3);
    return layer;
  }

  private static State state(Recurrent layer, int key) {
    return new State(List.of(Try.numbers(layer.stateRows().slots(), N, H, key)));
  }

  private static void feed(Slab x, Slab all, int t) {
    for (int n = 0; n < N; n++) x.setRow(n, all, t * N + n);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm 0", "lstm 4", "gru-before-write 0", "elman 20", "gru 0"})
  void steps_haveTheBitsOfThePass_fromAStateThatWasSet(String which) {
    String[] words = which.split(" ");
    var layer = layer(words[0], Integer.parseInt(words[1]));
    var all = Try.vectors(new int[] {N, N, N, N, N}, N, X, 1);
    for (var k : List.of(Kernels.scalar(), Kernels.of("fast", 2))) {
      var in = state(layer, 9);
      var pass = layer.forward(all, in, Try.run(ps));
      var x = Slab.zeros(1, N, X);
      var stepper = layer.open(x, Try.run(ps, k));
      stepper.step();
      stepper.set(in);
      for (int t = 0; t < T; t++) {
        feed(x, all.x(), t);
        stepper.step();
        var part = new Batch(all.x().steps(0, t + 1), Arrays.copyOf(all.alive(), t + 1), all.ids());
        assertArrayEquals(layer.forward(part, in, Try.run(ps)).out().part(0).flat(), stepper.state().part(0).flat(), "after step " + t);
        for (int n = 0; n < N; n++) assertArrayEquals(pass.y().x().copyRow(t, n), stepper.y().copyRow(0, n), "step " + t + ", row " + n);
      }
    }
  }

  @Test void fewerRows_areThoseRows_andOneStateTakesTurns() {
    var layer = layer("lstm", 4);
    var x = Try.numbers(1, N, X, 5);
    Stepper all = layer.open(x, Try.run(ps)), some = layer.open(x, Try.run(ps));
    for (int i = 0; i < 3; i++) {
      all.step();
      some.step(2);
      for (int n = 0; n < 2; n++) assertArrayEquals(all.y().copyRow(0, n), some.y().copyRow(0, n), "row " + n);
      assertArrayEquals(new float[4], some.y().copyRow(0, 2), "a row without a step");
    }
    var buffer = some.state(2).part(0);
    assertEquals(2, buffer.steps());
    assertSame(buffer, some.state(2).part(0));
    var whole = all.state().part(0);
    for (int s = 0; s < 2; s++) for (int n = 0; n < 2; n++) assertArrayEquals(whole.copyRow(s, n), buffer.copyRow(s, n));
    for (int s = 0; s < 2; s++) assertArrayEquals(new float[H], buffer.copyRow(s, 2), "a row that was not asked for");
  }

  @Test void resume_takesUpItsRows_andNoOthers() {
    var layer = layer("lstm", 4);
    var x = Try.numbers(1, N, X, 5);
    var in = state(layer, 9);
    Stepper set = layer.open(x, Try.run(ps)), resumed = layer.open(x, Try.run(ps)), fresh = layer.open(x, Try.run(ps));
    fresh.step();
    set.set(in);
    set.step();
    var buffer = resumed.state().part(0);
    for (int r = 0; r < buffer.height(); r++) buffer.setRow(r, in.part(0), r);
    resumed.resume(2);
    resumed.step();
    for (int n = 0; n < N; n++) assertArrayEquals((n < 2 ? set : fresh).y().copyRow(0, n), resumed.y().copyRow(0, n), "row " + n);
  }
}
