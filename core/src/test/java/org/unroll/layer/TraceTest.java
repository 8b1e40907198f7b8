package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Params;

/** What a walk remembered, by its names. */
class TraceTest {
  private static final int T = 6, N = 3, H = 19;

  @Test void state_ofASlot_isOutputAndLastState_withoutPadding() {
    for (var d : Direction.values()) {
      var ps = new Params();
      var layer = Recurrent.of("a", Cells.find("lstm"), Input.of(4), H, d, Try.INITS, ps);
      Try.random(ps, 3);
      var pass = layer.forward(Try.vectors(new int[] {N, N, N, N, N, N}, N, 4, 1), State.ZERO, Try.run(ps));
      boolean forward = d == Direction.FORWARD;
      var h = pass.state(0);
      assertEquals(T + 1, h.steps());
      assertArrayEquals(pass.y().x().flat(), h.steps(forward ? 1 : 0, forward ? T + 1 : T).flat());
      assertArrayEquals(pass.out().part(0).step(1).flat(), pass.state(1).step(forward ? T : 0).flat());
      assertArrayEquals(new float[N * H], pass.state(1).step(forward ? 0 : T).flat());
    }
  }
}
