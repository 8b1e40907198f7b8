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

  @Test
  void digits_thatWouldHideTheSideOfAnEdge_areMore() {
    assertEquals("1.10", Numbers.digits(1.096));
    assertEquals("1.096", Numbers.digits(1.096, 1.1));
    assertEquals("1.0998", Numbers.digits(1.0998, 1.1));
    assertEquals("1.101", Numbers.digits(1.101, 1.1));
    assertEquals("1.10", Numbers.digits(1.1, 1.1));
    assertEquals("1.09", Numbers.digits(1.09, 1.1));
    assertEquals("29.98", Numbers.digits(29.98, 30));
    assertEquals("1.100000", Numbers.digits(Math.nextDown(1.1), 1.1), "there is an end to it");
    assertEquals("NaN", Numbers.digits(Double.NaN, 1.1));
  }

  @Test
  void percent_andTime_tellTheSideToo() {
    assertEquals("80 %", Numbers.percent(0.796));
    assertEquals("79.6 %", Numbers.percent(0.796, 0.8, 0.88));
    assertEquals("80 %", Numbers.percent(0.8, 0.8));
    assertEquals("2.00 s", Numbers.time(2.003e9));
    assertEquals("2.003 s", Numbers.time(2.003e9, 2e9));
  }
}
