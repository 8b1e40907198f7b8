package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.unroll.bench.ManyCores.Cores;
import org.unroll.bench.ManyCores.Layout;
import org.unroll.bench.ManyCores.Shape;

/** Against arithmetic done by hand. */
class ManyCoresTest {
  private static final Shape SHAPE = new Shape(100, 32, 256, 256, 4);          // weights of 2 MiB
  /** Reading takes no time, nor do meetings. */
  private static final Cores IDEAL = new Cores(1e9, 1e30, 1e30, 1e30, 0);

  @Test
  void rest_isWhatTwoThreadsDidNotHalve() {
    assertEquals(0.1, new ManyCores(SHAPE, IDEAL, 1, 0.55).rest(), 1e-12);
    assertEquals(0, new ManyCores(SHAPE, IDEAL, 1, 0.45).rest());
  }

  @Test
  void ideal_evenShares_divideAllButTheRest() {
    var m = new ManyCores(SHAPE, IDEAL, 1, 0.55);
    assertEquals(0.1 + 0.9 / 8, m.pessimist(new Layout(8, 1)), 1e-12);
    assertEquals(1.1 / 8, m.optimist(new Layout(8, 1)), 1e-12);
    assertEquals(0.1 + 0.9 / 8, m.pessimist(new Layout(2, 4)), 1e-12);
  }

  @Test
  void rows_moreGroupsThanTiles_leaveCoresWithoutWork() {
    assertEquals(1, ManyCores.unevenness(32, 4, 8));
    assertEquals(2, ManyCores.unevenness(32, 4, 16));
    assertEquals(1.5, ManyCores.unevenness(8, 4, 3));
    assertEquals(64.0 / 50, ManyCores.unevenness(50, 16, 4));
    var m = new ManyCores(SHAPE, IDEAL, 1, 0.5);
    assertEquals(2.0 / 3 / 16 * 2 + 1.0 / 3 / 16, m.pessimist(new Layout(16, 1)), 1e-12);
    assertEquals(new Layout(8, 2), m.best(16));
  }

  @Test
  void reading_slowerThanTheProducts_isWhatCounts() {
    var far = new ManyCores(SHAPE, new Cores(1 << 20, 1e12, 1e9, 1e30, 0), 1, 0.5);
    double bytes = 4.0 * 4 * 256 * 512;
    assertEquals(2 * 100 * bytes / 1e9 + 1.0 / 3 / 8, far.pessimist(new Layout(8, 1)), 1e-12);
    double rows = 8, others = 4 * rows * 256 / 2 / 1e9;
    double halves = Math.max(2.0 / 3 / 8, 2 * 100 * bytes / 2 / 1e12);
    assertEquals(halves + 2 * 100 * others + 1.0 / 3 / 8, far.pessimist(new Layout(4, 2)), 1e-12);
  }

  /** 75 GB/s of a core alone, 178 of two together: each of two has 75, of eight, and of any more on further chips, 22.25. */
  @Test
  void thirdCache_isSharedByTheCoresOfAChip_asThePessimistHasIt() {
    var cores = new Cores(1 << 20, 1e12, 75e9, 178e9, 0);
    assertEquals(75e9, cores.readingRate(1));
    assertEquals(75e9, cores.readingRate(2));
    assertEquals(44.5e9, cores.readingRate(4));
    assertEquals(22.25e9, cores.readingRate(8));
    assertEquals(22.25e9, cores.readingRate(64));
    var m = new ManyCores(SHAPE, cores, 0.02, 0.01);
    double weights = 2097152, gradients = 0.02 / 3 / 8;
    assertEquals(2 * 100 * weights / 22.25e9 + gradients, m.pessimist(new Layout(8, 1)), 1e-12, "18.9 ms of reading");
    assertEquals(2 * 100 * weights / 75e9 + gradients, m.optimist(new Layout(8, 1)), 1e-12, "5.6 ms");
    double halves = Math.max(2 * 0.02 / 3 / 16, 200 * weights / 2 / 1e12), others = 200 * 4 * 4 * 256 * 0.5;
    assertEquals(halves + others / 22.25e9 + 0.02 / 3 / 16, m.pessimist(new Layout(8, 2)), 1e-12);
    assertEquals(halves + others / 75e9 + 0.02 / 3 / 16, m.optimist(new Layout(8, 2)), 1e-12);
  }

  @Test
  void meetings_ofAGroupAtEveryStep_andOfAllNowAndThen() {
    var m = new ManyCores(SHAPE, new Cores(1e9, 1e30, 1e30, 1e30, 1e-6), 1, 0.5);
    assertEquals(1.0 / 8 + 6 * 2e-6 * 3, m.pessimist(new Layout(8, 1)), 1e-12);
    assertEquals(1.0 / 8 + 2 * 100 * 2e-6 * 1 + 6 * 2e-6 * 3, m.pessimist(new Layout(4, 2)), 1e-12);
  }
}
