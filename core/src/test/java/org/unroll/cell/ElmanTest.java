package org.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unroll.cell.Cell.Layout;
import org.unroll.cell.Cell.Scope;
import org.unroll.check.CellContract;
import org.unroll.check.CellContract.Rule;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Panels;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** The two simple recurrences, with every φ there is. */
class ElmanTest {
  @ParameterizedTest
  @EnumSource(Activation.class)
  void everyActivation_keepsTheContract(Activation f) {
    var rules = new Rule[] {Rule.DERIVATIVE, Rule.ROW_ALONE, Rule.STEPPER, Rule.UNTOUCHED};
    for (var cell : new Cell[] {new Elman(f), new IndRnn(f)}) {
      var report = CellContract.check(cell, Kernels.scalar(), rules);
      assertTrue(report.passed(), report::toString);
      assertEquals(f == Activation.SOFTMAX ? Scope.ROW : Scope.UNIT, cell.layout().scope());
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void everyActivation_hasOneBlockThatBothMatricesFeed_andNoOtherWeights(Activation f) {
    assertEquals(new Layout(1, 1, 1, 1, 0, f.needsRow() ? Scope.ROW : Scope.UNIT, false), new Elman(f).layout());
  }

  /** One step of three units from a state of zeros. */
  private static float[] step(Cell cell, float... z) {
    var a = Panels.rowMajor(new Workspace(), 1, 3, 1);
    System.arraycopy(z, 0, a.data(), a.at(0, 0, 0), 3);
    var s = Slab.zeros(2, 1, 16);
    var row = new Row(Kernels.scalar(), a, s, Slab.zeros(1, 1, 16), null);
    row.gates(3, 0, 0, a.blockStride());
    row.states(0, 16, 0, 16);
    cell.forward(row);
    return new float[] {s.get(1, 0), s.get(1, 1), s.get(1, 2)};
  }

  @Test void relu_ofMinusZero_isZero() {
    for (var cell : new Cell[] {new Elman(Activation.RELU), new IndRnn(Activation.RELU)}) {
      assertArrayEquals(new float[] {0f, 0f, 2f}, step(cell, -0f, -1, 2));
    }
    assertArrayEquals(new float[] {-0f, -1, 2}, step(new Elman(Activation.IDENTITY), -0f, -1, 2));
  }

  @Test void slope_isOfTheOutput_andNowhereSteeperThanItsMost() {
    float[] y = {-0.5f, 0.25f, 0.5f};
    float[][] want = {{1, 1, 1}, {-0.75f, 0.1875f, 0.25f}, {0.75f, 0.9375f, 0.75f}, {0, 1, 1}};
    float[] most = {1, 0.25f, 1, 1};
    for (int f = 0; f < 4; f++) {
      for (int i = 0; i < 3; i++) assertEquals(want[f][i], Activation.values()[f].slope(y[i]));
      assertEquals(most[f], Activation.values()[f].steepest());
    }
  }
}
