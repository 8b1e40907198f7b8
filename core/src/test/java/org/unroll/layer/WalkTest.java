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
}
