package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.unroll.kernel.Panels;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Alive rows side by side, and back where they belong; nothing is copied where all rows are alive. */
class TogetherTest {
  private static final int N = 3;
  /** Rows of 3, 3 and 1 steps lie at these of nine. */
  private static final int[] ALIVE = {3, 2, 2}, PLACES = {0, 1, 2, 3, 4, 6, 7};

  private static Together together(int... alive) {
    return new Together(Try.vectors(alive, N, 2, 1), new Workspace());
  }

  @Test void of_aliveRowsInTheirOrder_fromAStepOn() {
    var all = together(ALIVE);
    var s = Try.numbers(4, N, 2, 5);
    for (int from = 0; from < 2; from++) {
      var got = all.of(s, from);
      assertEquals(7, got.height());
      for (int i = 0; i < 7; i++) assertArrayEquals(s.copyRow(from, PLACES[i]), got.copyRow(0, i), "row " + i);
    }
    assertEquals(7, all.rows());
  }

  @Test void spread_bringsRowsBack_andLeavesTheDead() {
    var all = together(ALIVE);
    var s = Slab.zeros(3, N, 2);
    var rows = all.like(s);
    assertEquals(7, rows.height());
    assertEquals(2, rows.cols());
    for (int i = 0; i < 7; i++) rows.fillRow(i, i + 1);
    all.spread(rows, s);
    float[] first = new float[9];
    for (int r = 0; r < 9; r++) first[r] = s.get(r, 1);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 0, 6, 7, 0}, first);
  }

  @Test void close_movesAliveRowsOfGatesToTheFront() {
    var d = Panels.panelMajor(new Workspace(), 9, 17, 1);
    for (int r = 0; r < 9; r++) for (int u = 0; u < 17; u++) d.data()[d.at(r, 0, u)] = 100 * r + u;
    together(ALIVE).close(d);
    for (int i = 0; i < 7; i++) for (int u = 0; u < 17; u++) assertEquals(100 * PLACES[i] + u, d.data()[d.at(i, 0, u)]);
  }

  @Test void whereAllAreAlive_nothingIsCopied() {
    var ws = new Workspace();
    var x = Try.numbers(2, N, 2, 1);
    var all = new Together(Batch.full(x, new long[N]), ws);
    var s = Try.numbers(3, N, 2, 5);
    assertEquals(s.steps(1, 3), all.of(s, 1));
    assertSame(s.data(), all.of(s, 1).data());
    assertSame(x, all.like(x));
    all.spread(Slab.zeros(1, 6, 2), x);
    assertArrayEquals(Try.numbers(2, N, 2, 1).data(), x.data());
    var d = Panels.rowMajor(ws, 6, 2, 1);
    for (int i = 0; i < d.data().length; i++) d.data()[i] = i;
    long taken = ws.allocated();
    all.close(d);
    for (int i = 0; i < d.data().length; i++) assertEquals(i, d.data()[i]);
    assertEquals(taken, ws.allocated());
  }
}
