package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.unroll.slab.Slab;

/** Fused cells give the bits of their equations written out for one unit, padding lanes included. */
class FusedTwinTest {
  private static final int ROWS = 13, AROUND = 2;
  private static final Kernels FAST = new VectorKernels(1, true);

  @Test void kernels_withoutFusion_haveNoFusedCell() {
    for (var cell : Fused.Of.values()) {
      assertNull(new VectorKernels(1, false).fused(cell));
      assertNull(new ScalarKernels().fused(cell));
      assertNotNull(FAST.fused(cell));
    }
  }

  @Test void lstm_forwardThenBackward_sameBits() {
    for (int units : new int[] {1, 4, 13, 16, 25, 33, 64, 100}) for (boolean panelMajor : new boolean[] {true, false}) {
      var x = new Numbers(units);
      var a = x.panels(ROWS + AROUND, units, 4, panelMajor);
      for (int i = 0; i < a.data().length; i++) a.data()[i] *= 8;
      Slab s = states(x, 2 * ROWS + AROUND, units), ds = states(x, ROWS + AROUND, units);
      Panels plainA = Numbers.copy(a), plainDa = x.panels(ROWS + AROUND, units, 4, panelMajor), da = Numbers.copy(plainDa);
      Slab plainS = Numbers.copy(s), plainDs = Numbers.copy(ds);

      int prev = 1, next = ROWS + 1;
      var lstm = new Fused.Operands(a, s, null, null, da, ds, null, null);
      FAST.fused(Fused.Of.LSTM).forward(lstm, 1, prev, next, ROWS, 0, a.panels());
      for (int r = 0; r < ROWS; r++) for (int u = 0; u < units; u++) forward(plainA, 1 + r, plainS, prev + r, next + r, u);
      same(plainA, a, "gates " + units);
      same(plainS, s, "states " + units);

      FAST.fused(Fused.Of.LSTM).backward(lstm, 1, prev, next, 2, ROWS, 0, a.panels());
      for (int r = 0; r < ROWS; r++) {
        for (int u = 0; u < units; u++) backward(plainA, plainDa, 1 + r, plainS, prev + r, next + r, plainDs, 2 + r, u);
      }
      same(plainA, a, "gates after backward " + units);
      same(plainDa, da, "δa " + units);
      same(plainDs, ds, "δs " + units);
    }
  }

  private static void same(Panels expected, Panels actual, String at) {
    assertArrayEquals(Numbers.bits(expected.data()), Numbers.bits(actual.data()), at);
  }

  private static void same(Slab expected, Slab actual, String at) {
    assertArrayEquals(Numbers.bits(expected.data()), Numbers.bits(actual.data()), at);
  }

  /** Two slots of whole vectors a row, zeros in the padding. */
  private static Slab states(Numbers x, int rows, int units) {
    int slot = Tiling.padded(units);
    var s = x.matrix(rows, 2 * slot);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < 2; i++) Arrays.fill(s.data(), s.row(r) + i * slot + units, s.row(r) + (i + 1) * slot, 0f);
    }
    return s;
  }

  private static void forward(Panels g, int row, Slab s, int prev, int next, int u) {
    float[] a = g.data();
    int slot = Tiling.padded(g.units()), i = g.at(row, 0, u), f = g.at(row, 1, u), c = g.at(row, 2, u), o = g.at(row, 3, u);
    int h = s.row(next) + u;
    for (int at : new int[] {i, f, o}) a[at] = ScalarMath.sigmoid(a[at]);
    a[c] = ScalarMath.tanh(a[c]);
    float cell = Math.fma(a[f], s.data()[s.row(prev) + slot + u], a[i] * a[c]);
    s.data()[h + slot] = cell;
    s.data()[h] = a[o] * ScalarMath.tanh(cell);
  }

  private static void backward(Panels g, Panels dg, int row, Slab s, int prev, int next, Slab ds, int n, int u) {
    int slot = Tiling.padded(g.units()), dh = ds.row(n) + u;
    float i = g.data()[g.at(row, 0, u)], f = g.data()[g.at(row, 1, u)];
    float c = g.data()[g.at(row, 2, u)], o = g.data()[g.at(row, 3, u)];
    float t = ScalarMath.tanh(s.data()[s.row(next) + slot + u]), d = ds.data()[dh];
    float dc = Math.fma(d * o, Math.fma(-t, t, 1f), ds.data()[dh + slot]);
    dg.data()[dg.at(row, 3, u)] = d * t * o * (1 - o);
    dg.data()[dg.at(row, 0, u)] = dc * c * i * (1 - i);
    dg.data()[dg.at(row, 1, u)] = dc * s.data()[s.row(prev) + slot + u] * f * (1 - f);
    dg.data()[dg.at(row, 2, u)] = dc * i * Math.fma(-c, c, 1f);
    ds.data()[dh] = 0f;
    ds.data()[dh + slot] = dc * f;
  }
}
