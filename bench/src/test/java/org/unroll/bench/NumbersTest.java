package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void median_ofOddAndEven_isTheMiddle() {
    assertEquals(2, Numbers.median(3, 1, 2));
    assertEquals(2.5, Numbers.median(4, 1, 2, 3));
    assertEquals(Double.NaN, Numbers.median());
  }

  @Test
  void quantile_isTheSmallestThatEnoughDoNotExceed() {
    double[] hundred = new double[100];
    for (int i = 0; i < 100; i++) hundred[i] = 100 - i;
    assertEquals(99, Numbers.quantile(0.99, hundred));
    assertEquals(100, Numbers.quantile(1, hundred));
    assertEquals(1, Numbers.quantile(0, hundred));
    assertEquals(7, Numbers.quantile(0.99, 7));
  }

  @Test
  void time_hasAFittingUnit() {
    assertEquals("5.37 µs", Numbers.time(5370));
    assertEquals("10.0 µs", Numbers.time(9999));
    assertEquals("184 ms", Numbers.time(184e6));
    assertEquals("1.12 s", Numbers.time(1.118e9));
    assertEquals("–", Numbers.time(Double.NaN));
  }
}
