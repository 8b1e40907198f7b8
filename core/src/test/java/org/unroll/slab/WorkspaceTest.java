package org.unroll.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class WorkspaceTest {
  @Test void arrays_takenAgain_areTheSame_alsoDoubles() {
    var ws = new Workspace();
    var f = ws.array(3);
    var d = ws.doubles(4);
    var s = ws.raw(1, 2, 2);
    assertEquals(3 + 2 * 4 + 4, ws.allocated());
    ws.reset();
    assertSame(f, ws.array(2));
    int mark = ws.mark();
    assertSame(d, ws.doubles(4));
    assertSame(s.data(), ws.raw(2, 1, 2).data());
    ws.reset(mark);
    assertSame(d, ws.doubles(1));
    assertEquals(15, ws.allocated());
  }

  @Test void arrays_ofAnotherKindOrLarger_takeTheirPlace() {
    var ws = new Workspace();
    var f = ws.array(3);
    ws.reset();
    var d = ws.doubles(2);
    assertEquals(7, ws.allocated());
    ws.reset();
    assertNotSame(f, ws.array(3));
    ws.reset();
    assertNotSame(d, ws.doubles(3));
    assertEquals(3 + 4 + 3 + 6, ws.allocated());
  }

  @Test void reset_withAssertions_leavesNaN() {
    var ws = new Workspace();
    var f = ws.array(1);
    var d = ws.doubles(1);
    ws.reset();
    assertEquals(Float.NaN, f[0]);
    assertEquals(Double.NaN, d[0]);
  }
}
