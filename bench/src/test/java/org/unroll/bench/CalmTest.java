package org.unroll.bench;

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
    return new Calm(() -> list.get(Math.min(probes++, list.size() - 1)), patience);
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
}
