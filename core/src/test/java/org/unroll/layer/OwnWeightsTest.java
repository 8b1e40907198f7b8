package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.unroll.cell.Cell.Layout;
import org.unroll.cell.Cell.Scope;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** A cell's own weights: in blocks of whole vectors where each unit has its own, else as they are. */
class OwnWeightsTest {
  private static final int H = 17;
  private final Params ps = new Params();
  private final Weights weights = new Weights(ps, Kernels.scalar());

  private OwnWeights own(Scope scope, int perUnit) {
    ps.add("before", 1, 3, Try.HALF);
    var p = perUnit == 0 ? null : ps.add("p", 1, perUnit * H, Try.HALF);
    Try.random(ps, 3);
    return new OwnWeights(p, new Layout(4, 4, 4, 2, perUnit, scope, false), H);
  }

  @Test void ofUnits_areBlocksOfWholeVectors_withZerosBehind() {
    var own = own(Scope.UNIT, 3);
    var ws = new Workspace();
    ws.raw(1, 1, 96).fillRow(0, 9);
    ws.reset();
    assertEquals(32, own.stride());
    assertEquals(96, own.width());
    var got = own.of(weights, ws);
    var p = weights.of(own.p());
    assertEquals(1, got.height());
    for (int i = 0; i < 96; i++) assertEquals(i % 32 < H ? p.get(0, i / 32 * H + i % 32) : 0, got.get(0, i), "at " + i);
  }

  @Test void ofUnits_gradientsOfRowsAreAdded_unitByUnit() {
    var own = own(Scope.UNIT, 3);
    var dp = Try.numbers(1, 2, 96, 1);
    var dP = Slab.zeros(1, 1, 3 * H);
    dP.fillRow(0, 2);
    own.add(Kernels.scalar(), dp, dP);
    for (int i = 0; i < 3 * H; i++) {
      int at = i / H * 32 + i % H;
      assertEquals(2 + dp.get(0, at) + dp.get(1, at), dP.get(0, i), 1e-6f, "weight " + i);
    }
  }

  /** So many that threads share out the columns of a block. */
  @Test void ofUnits_gradientsOfManyRows_haveTheSameBitsOnThreads() {
    int units = 300, rows = 120;
    var own = new OwnWeights(ps.add("p", 1, 2 * units, Try.HALF), new Layout(4, 4, 4, 2, 2, Scope.UNIT, false), units);
    var dp = Try.numbers(1, rows, own.width(), 1);
    Slab one = Slab.zeros(1, 1, 2 * units), two = Slab.zeros(1, 1, 2 * units);
    own.add(Kernels.scalar(), dp, one);
    own.add(Kernels.of("fast", 2), dp, two);
    assertArrayEquals(one.data(), two.data());
    double sum = 0;
    for (int r = 0; r < rows; r++) sum += dp.get(r, own.stride() + units - 1);
    assertEquals(sum, two.get(0, 2 * units - 1), 1e-4);
  }

  @Test void ofRows_areTheMatrixItself() {
    var own = own(Scope.ROW, 3);
    assertEquals(H, own.stride());
    assertEquals(3 * H, own.width());
    var got = own.of(weights, new Workspace());
    assertSame(ps.array(), got.data());
    assertArrayEquals(weights.of(own.p()).copyRow(0, 0), got.copyRow(0, 0));
    var dp = Try.numbers(1, 2, 3 * H, 1);
    var dP = Slab.zeros(1, 1, 3 * H);
    own.add(Kernels.scalar(), dp, dP);
    for (int i = 0; i < 3 * H; i++) assertEquals(dp.get(0, i) + dp.get(1, i), dP.get(0, i), 1e-6f, "weight " + i);
  }

  @Test void ofACellWithout_areNone() {
    assertNull(own(Scope.UNIT, 0).of(weights, new Workspace()));
    assertNull(new OwnWeights(null, new Layout(1, 1, 1, 1, 0, Scope.ROW, false), H).of(weights, new Workspace()));
  }
}
