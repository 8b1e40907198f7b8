package org.unroll.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class ParamsTest {
  private static final Init ZERO = new Init.Constant(0);

  /** 8 GB of weights, in a JVM that has 2: a network's shape is copied by each learner. */
  @Test void copy_ofWindowsWithoutWeights_takesNoMemory() {
    var ps = new Params();
    ps.add("a", 2000, 1_000_000, ZERO);
    var copy = ps.copy();
    assertEquals(2_000_000_000, copy.size());
    assertEquals(ps.all(), copy.all());
  }

  @Test void copy_ofWeights_isApart() {
    var ps = new Params();
    ps.add("a", 1, 2, ZERO);
    ps.array()[0] = 3;
    var copy = ps.copy();
    ps.array()[1] = 4;
    assertArrayEquals(new float[] {3, 0}, copy.array());
  }

  @Test void windows_ofMoreThanAnArrayHolds_areRefused() {
    for (long cols : new long[] {4L << 30, 1L << 31, Long.MAX_VALUE}) {
      var f = assertThrows(Fault.class, () -> new Params().add("a", 4, cols, ZERO));
      assertEquals(Code.C020, f.code());
      assertEquals("a: the model has more than 2^31 weights; make its layers smaller", f.getMessage());
    }
    var ps = new Params();
    ps.add("a", 2000, 1_000_000, ZERO);
    assertThrows(Fault.class, () -> ps.add("b", 1000, 1_000_000, ZERO));
    assertEquals(2_000_000_000, ps.size());
  }
}
