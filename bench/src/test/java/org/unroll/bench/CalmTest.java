package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CalmTest {
  private int probes;

  /** The last rate stays. */
  private Calm of(double patience, Double... rates) {
    var list = List.of(rates);
    var calm = new Calm(() -> list.get(Math.min(probes++, list.size() - 1)), 0, patience);
    calm.begin();
    return calm;
  }

  @Test
  void now_isMeasuredByTheBestRateSeen() {
    var calm = of(0, 50.0, 100.0, 88.0, 87.9, 200.0, 100.0);
    assertTrue(calm.now());
    assertTrue(calm.now());
    assertTrue(calm.now(), "88 of 100");
    assertFalse(calm.now(), "87.9 of 100");
    assertTrue(calm.now());
    assertFalse(calm.now(), "100 of 200");
  }

  @Test
  void await_probesUntilTheRateIsBack() throws Exception {
    var calm = of(60, 100.0, 70.0, 70.0, 99.0);
    calm.now();
    assertTrue(calm.await());
    assertEquals(4, probes);
  }

  @Test
  void await_endsWithPatience_whichPausesAndLostTurnsTake() throws Exception {
    var calm = of(0.2, 100.0, 70.0);
    calm.now();
    calm.lose(0.16);
    assertFalse(calm.await());
    assertEquals(1 + 4, probes, "three pauses of 15 ms end the 40 ms that were left");
    assertFalse(calm.patient());
  }

  @Test
  void now_knowsTheBestRateFromElsewhere() {
    assertFalse(new Calm(() -> 87, 100, 0).now());
    assertTrue(new Calm(() -> 88, 100, 0).now());
  }

  /** 60 ms for three turns: the first may wait 20, so two pauses, and leaves 30 to the other two, who wait one each. */
  @Test
  void turns_shareThePatience() throws Exception {
    var calm = of(0.06, 100.0, 70.0);
    calm.now();
    calm.share(3);
    int[] waited = new int[3];
    for (int i = 0; i < 3; i++) {
      int before = probes;
      calm.begin();
      assertFalse(calm.await());
      waited[i] = probes - before - 1;
    }
    assertArrayEquals(new int[] {2, 1, 1}, waited);
  }
}
