package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Params;

/** Steps of a layer with a way around it go on from what is written into the buffers of their state, as a session writes it. */
class AroundTest {
  private static final int K = 5, N = 3;
  private final Params ps = new Params();

  private Layer lstm(String name) { return Recurrent.of(name, Cells.find("lstm"), Input.of(K), K, Direction.FORWARD, Try.INITS, ps); }

  @Test void resume_takesUpTheRowsThatAreAskedFor_andSetAllOfThem() {
    var residual = new Residual(K, lstm("r"));
    var highway = Highway.of("g", K, lstm("h"), Try.HALF, -1, ps);
    Try.random(ps, 3);
    for (var layer : List.of(residual, highway)) {
      var x = Try.numbers(1, N, K, 5);
      var in = new State(List.of(Try.numbers(2, N, K, 9)));
      Stepper set = layer.open(x, Try.run(ps)), resumed = layer.open(x, Try.run(ps));
      resumed.step();
      var fresh = List.of(resumed.y().copyRow(0, 0), resumed.y().copyRow(0, 1), resumed.y().copyRow(0, 2));
      var buffer = resumed.state().part(0);
      for (int r = 0; r < 2 * N; r++) buffer.setRow(r, in.part(0), r);
      resumed.set(State.ZERO);
      resumed.resume(2);
      resumed.step();
      set.set(in);
      set.step();
      for (int n = 0; n < 2; n++) {
        assertArrayEquals(set.y().copyRow(0, n), resumed.y().copyRow(0, n), "row " + n);
        assertFalse(Arrays.equals(fresh.get(n), set.y().copyRow(0, n)));
      }
      assertArrayEquals(fresh.get(2), resumed.y().copyRow(0, 2), "a row that was set to zeros");
    }
  }
}
