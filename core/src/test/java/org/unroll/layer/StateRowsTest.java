package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Slots of a state side by side in whole vectors, and the shape they have outside. */
class StateRowsTest {
  private static final int S = 3, H = 17, N = 4;
  private static final StateRows ROWS = new StateRows(S, H, false);

  @Test void widths_areWholeVectors_twiceWithZoneout() {
    assertEquals(32, ROWS.slot());
    assertEquals(96, ROWS.made());
    assertEquals(96, ROWS.width());
    assertEquals(192, new StateRows(S, H, true).width());
  }

  @Test void enter_fillsTheSlotsOfARow_andZerosTheRest() {
    var s = Slab.zeros(1, 2, 96);
    s.fillRow(0, 7);
    s.fillRow(1, 7);
    var part = Try.numbers(S, N, H, 1);
    ROWS.enter(part, 2, s, 1);
    for (int i = 0; i < S; i++) {
      var slot = ROWS.slot(s, i);
      assertEquals(H, slot.cols());
      assertArrayEquals(part.copyRow(i, 2), slot.copyRow(0, 1), "slot " + i);
      for (int k = H; k < 32; k++) assertEquals(0, s.get(1, i * 32 + k), "padding");
    }
    assertEquals(7, s.get(0, 40));
    ROWS.enter(null, 2, s, 1);
    assertArrayEquals(new float[96], s.copyRow(0, 1));
  }

  @Test void state_hasTheRowsThatAreAskedFor_slotAfterSlot() {
    var s = Try.numbers(2, N, 96, 1);
    var state = ROWS.state(new Workspace(), 2, n -> 5 - 2 * n, s);
    assertEquals(1, state.parts().size());
    var part = state.part(0);
    assertEquals(S, part.steps());
    assertEquals(2, part.rows());
    assertEquals(H, part.cols());
    for (int i = 0; i < S; i++) {
      for (int n = 0; n < 2; n++) {
        for (int k = 0; k < H; k++) assertEquals(s.get(5 - 2 * n, 32 * i + k), part.get(2 * i + n, k), "slot " + i + " of row " + n);
      }
    }
  }
}
