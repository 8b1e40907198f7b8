package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TilingTest {
  @Test void oneBlock_isPackedAsNeighbouringColumns_fourPanelsOfUnitsEach() {
    assertEquals(Tiling.dense(100), Tiling.gates(100, 1).widest());
    assertEquals(4, Tiling.gates(100, 1).unitPanels());
    assertEquals(4, Tiling.dense(100).unitPanels());
    var four = Tiling.gates(100, 4);
    assertSame(four, four.widest());
    assertEquals(1, four.unitPanels());
  }

  @Test void parts_beginAtWholePackedPanels_ofUnits() {
    assertArrayEquals(new int[] {4, 2, 2, 2}, each(1, 4).map(b -> Tiling.gates(100, b).partPanels()).toArray());
    assertEquals(4, Tiling.dense(100).partPanels());
  }

  @Test void aRow_coversAsManyPanelsOfUnits_asItsTileHasVectorsFor() {
    assertArrayEquals(new int[] {8, 4, 2, 2}, each(1, 4).map(b -> Tiling.gates(100, b).rowPanels()).toArray());
    assertEquals(8, Tiling.dense(100).rowPanels());
  }

  private static IntStream each(int from, int to) { return IntStream.rangeClosed(from, to); }
}
