package org.unroll.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.unroll.optim.OptimizerTest.assertFault;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.optim.Windows.Range;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;

class PenaltyTest {
  private static Params weights() {
    var w = new Params();
    w.add("W", 2, 2, new Init.Constant(0));
    w.add("b", 1, 2, new Init.Constant(0));
    w.add("R", 2, 1, new Init.Constant(0));
    System.arraycopy(new float[] {2, -4, 0, 1, 8, 8, -2, 6}, 0, w.array(), 0, 8);
    return w;
  }

  @Test void l2_onMatrices_addsTheWeightItself() {
    var w = weights();
    var g = new Grads(w);
    java.util.Arrays.fill(g.array(), 1);
    new Penalty(0, 0.5).add(w, g);
    assertArrayEquals(new float[] {2, -1, 1, 1.5f, 1, 1, 0, 4}, g.array());
  }

  @Test void l1_onMatrices_addsTheSign() {
    var w = weights();
    var g = new Grads(w);
    new Penalty(0.25, 0).add(w, g);
    assertArrayEquals(new float[] {0.25f, -0.25f, 0, 0.25f, 0, 0, -0.25f, 0.25f}, g.array());
  }

  @Test void both_onEverything_areTheSlopeOfTheirLoss() {
    var w = weights();
    w.array()[2] = 0.5f;
    var g = new Grads(w);
    var penalty = new Penalty(0.3, 0.7);
    penalty.add(w, g, Windows.all(w));
    for (int k = 0; k < 8; k++) {
      float x = w.array()[k];
      w.array()[k] = x + 0.125f;
      double up = penalty.loss(w, Windows.all(w));
      w.array()[k] = x - 0.125f;
      double down = penalty.loss(w, Windows.all(w));
      w.array()[k] = x;
      assertEquals((up - down) / 0.25, g.array()[k], 1e-6);
    }
  }

  @Test void none_anyWeights_changesNothing() {
    var w = weights();
    w.array()[0] = Float.POSITIVE_INFINITY;
    var g = new Grads(w);
    Penalty.NONE.add(w, g);
    assertArrayEquals(new float[8], g.array());
  }

  @Test void windows_chosen_areJoinedWhereTheyTouch() {
    var w = weights();
    assertEquals(List.of(new Range(0, 8)), Windows.all(w).ranges());
    assertEquals(List.of(new Range(0, 4), new Range(6, 8)), Windows.matrices(w).ranges());
    assertEquals(List.of(new Range(4, 8)), Windows.of(w, p -> !p.name().equals("W")).ranges());
    assertEquals(List.of(), Windows.of(w, p -> false).ranges());
  }

  @Test void settings_negative_areRefused() {
    assertFault(Code.C011, "penalty: l1 is -1.0; it must be finite and not negative", () -> new Penalty(-1, 0));
    assertFault(Code.C011, "penalty: l2 is NaN; it must be finite and not negative", () -> new Penalty(0, Double.NaN));
  }
}
