package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

class WalkTest {
  /** Lengths 3, 3, 1 and 0. */
  private static final Batch RAGGED = new Batch(Slab.zeros(3, 4, 1), new int[] {3, 2, 2}, new long[4]);

  private static List<String> starts(Direction d, Batch x) {
    var ranges = new ArrayList<String>();
    Walk.of(d).starts(x, (from, rows) -> ranges.add(from + " " + rows));
    return ranges;
  }

  @Test void forward_allRowsStart_sideBySide() {
    assertEquals(List.of("0 4"), starts(Direction.FORWARD, RAGGED));
  }

  @Test void backward_rowsOfOneLengthStart_sideBySide() {
    assertEquals(List.of("12 2", "6 1", "3 1"), starts(Direction.BACKWARD, RAGGED));
    assertEquals(List.of("12 4"), starts(Direction.BACKWARD, Batch.full(RAGGED.x(), new long[4])));
  }

  private static List<String> walked(Direction d, int from, int end, int n0, int count, boolean back) {
    var seen = new ArrayList<String>();
    Walk.of(d).forEachStep(RAGGED, from, end, n0, count, back, (t, rows) -> seen.add(t + " " + rows));
    return seen;
  }

  @Test void forEachStep_takesThoseOfARange_inTheOrderOfTheWalkOrAgainstIt_whereARowIsAlive() {
    for (boolean back : new boolean[] {false, true}) {
      var same = back ? Direction.BACKWARD : Direction.FORWARD;
      var other = back ? Direction.FORWARD : Direction.BACKWARD;
      assertEquals(List.of("0 3", "1 2", "2 2"), walked(same, 0, 3, 0, 4, back));
      assertEquals(List.of("2 2", "1 2", "0 3"), walked(other, 0, 3, 0, 4, back));
      assertEquals(List.of("1 1", "2 1"), walked(same, 1, 3, 1, 1, back));
      assertEquals(List.of("2 1", "1 1"), walked(other, 1, 3, 1, 2, back));
      assertEquals(List.of("0 1"), walked(same, 0, 2, 2, 2, back));
      assertEquals(List.of(), walked(same, 1, 3, 2, 2, back));
    }
    var all = new ArrayList<String>();
    Walk.of(Direction.FORWARD).forEachStep(RAGGED, 1, 3, true, (t, rows) -> all.add(t + " " + rows));
    assertEquals(List.of("2 1", "1 1", "0 2"), all);
  }

  @Test void states_standBetweenTheStepsOfTheWalk() {
    Walk on = Walk.of(Direction.FORWARD), back = Walk.of(Direction.BACKWARD);
    assertEquals(List.of(5, 6, 0, 7), List.of(on.prev(5), on.next(5), on.first(7), on.last(7)));
    assertEquals(List.of(6, 5, 7, 0), List.of(back.prev(5), back.next(5), back.first(7), back.last(7)));
  }
}
