package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.kernel.ChildJvm;

/** Law 10: once the code is compiled, a training step allocates only small objects, whatever the model's size, a streaming step nothing. */
class AllocationTest {
  private static final int LIMIT = 64 << 10;

  @Test
  void steps_steadyState_allocateLittleOrNothing() throws Exception {
    var bytes = new LinkedHashMap<String, Long>();
    var child = ChildJvm.of("-Xbatch");
    for (var line : child.run(AllocationProbe.class, Integer.toString(LIMIT))) {
      bytes.put(line.split(":")[0], Long.valueOf(line.split(":")[1]));
    }
    assertEquals(18 + 2 * Cells.names().size(), bytes.size(), bytes.toString());
    for (Map.Entry<String, Long> e : bytes.entrySet()) {
      if (e.getKey().startsWith("stream")) assertEquals(0, e.getValue(), e.getKey() + ": bytes in 20 steps");
      else assertTrue(e.getValue() < LIMIT, e.getKey() + ": " + e.getValue() + " bytes a step");
    }
  }
}
