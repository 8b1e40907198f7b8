package org.unroll.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;

/** The contract of a cell with the scan on; but for two rules, as chunks of time and a stream have the bits of the walk. */
class ScanContractTest {

  private static Rig rig(String cell, int units, Direction d, int chunk, Kernels k) {
    var rig = Rig.of(Cells.find(cell), k, 3, units, d, new int[] {9, 9, 8, 6, 6, 5, 1}, 5);
    return rig.with(((Recurrent) rig.layer()).scanned(chunk));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mingru", "minlstm"})
  void contract_holdsForAScan(String cell) {
    var found = new Findings("scan");
    for (var d : Direction.values()) {
      for (int chunk : new int[] {1, 3, 4}) {
        for (var k : List.of(Kernels.scalar(), Kernels.of("fast", 7))) {
          var rig = rig(cell, 19, d, chunk, k);
          BitRules.rowAlone(rig, found);
          BitRules.deadRows(rig, found);
          BitRules.twice(rig, found);
          BitRules.untouched(rig, found);
          BitRules.saturated(rig, found);
          BitRules.same(rig.with(Kernels.scalar()).both(), rig.both(), rig, "scalar and these kernels", found);
        }
        for (var slope : Directional.slopes(rig(cell, 5, d, chunk, Kernels.scalar()), 5)) assertTrue(slope.ok(), slope.toString());
      }
    }
    assertTrue(found.cases() > 0);
    assertEquals(List.of(), found.list());
  }
}
