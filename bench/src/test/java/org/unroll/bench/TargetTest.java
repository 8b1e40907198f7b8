package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.unroll.bench.Target.What;

class TargetTest {
  private static String verdict(Target t, double value, double share) { return t.verdict(_ -> value, share); }

  @Test
  void verdict_ofRatio_isMetFromTheBoundOn() {
    assertEquals("met", verdict(Target.ratio(1.8), 1.8, Double.NaN));
    assertEquals("missed", verdict(Target.ratio(1.8), 1.79, 1));
    assertEquals("open", verdict(Target.ratio(1.8), Double.NaN, 1));
    assertEquals("", verdict(Target.NONE, 1, 1));
  }

  @Test
  void verdict_ratioOrShare_takesTheShareWithoutAPeer() {
    assertEquals("met", verdict(Target.ratioOrShare(2, 0.88), Double.NaN, 0.88));
    assertEquals("missed", verdict(Target.ratioOrShare(2, 0.88), 1.9, 0.87));
  }

  @Test
  void verdict_ofLimits_isMetUpToTheBound() {
    for (var what : new What[] {What.SECONDS, What.MEMORY, What.LINEAR}) {
      assertEquals("met", verdict(Target.of(what, 1.25), 1.25, Double.NaN));
      assertEquals("missed", verdict(Target.of(what, 1.25), 1.26, Double.NaN));
    }
  }

  @Test
  void verdict_ofMoreThanTheBandwidth_isOpen() {
    assertEquals("met", verdict(Target.of(What.BANDWIDTH, 0.8), 1.05, Double.NaN));
    assertEquals("open", verdict(Target.of(What.BANDWIDTH, 0.8), 2.11, Double.NaN));
    assertEquals("missed", verdict(Target.of(What.BANDWIDTH, 0.8), 0.79, Double.NaN));
  }

  @Test
  void verdict_ofSeveral_isThatOfTheWorst() {
    var t = Target.NONE.against("a", 2).against("b", 3);
    assertEquals("missed", t.verdict(d -> d.of().equals("a") ? 2.5 : 2.5, 0));
    assertEquals("open", t.verdict(d -> d.of().equals("a") ? 2.5 : Double.NaN, 0));
    assertEquals("missed", t.verdict(d -> d.of().equals("a") ? 1.5 : Double.NaN, 0));
    assertEquals("met", t.verdict(d -> d.of().equals("a") ? 2 : 3, 0));
  }

  @Test
  void edges_areThoseOfTheSort_andOfTheEngine() {
    var t = Target.ratioOrShare(1.15, 0.88).and(What.SHARE, 0.8).against("dl4j", 10).and(What.BANDWIDTH, 0.75);
    assertArrayEquals(new double[] {1.15}, t.edges(What.RATIO, "libtorch"));
    assertArrayEquals(new double[] {1.15, 10}, t.edges(What.RATIO, "dl4j"));
    assertArrayEquals(new double[] {0.88, 0.8}, t.edges(What.SHARE, "unroll"));
    assertArrayEquals(new double[] {0.75, 1.05}, t.edges(What.BANDWIDTH, "unroll"));
    assertArrayEquals(new double[0], t.edges(What.SECONDS, "unroll"));
  }

  @Test
  void text_namesAllDemands() {
    assertEquals("≥ 1.30× or ≥ 88 % of peak, ≥ 10× dl4j", Cases.all().getFirst().target().toString());
  }
}
