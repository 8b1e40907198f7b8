package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OurStartTest {
  @Test
  void turn_isOneJvm_andLeavesNone() throws Exception {
    var before = ProcessHandle.current().children().count();
    long from = System.nanoTime();
    double[] times = new OurStart(Jobs.sizes("T", 2, "B", 2, "I", 4, "H", 16, "V", 5), 1).turn(9, 3, 9);
    long all = System.nanoTime() - from;
    assertEquals(before, ProcessHandle.current().children().count(), "it has ended before the next begins");
    assertEquals(1, times.length);
    assertTrue(times[0] > 0 && times[0] < all, times[0] + " of " + all);
  }
}
