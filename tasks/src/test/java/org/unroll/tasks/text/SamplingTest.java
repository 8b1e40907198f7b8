package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Philox;

class SamplingTest {
  /** Logits of the probabilities 1/16, 8/16, 2/16, 4/16, 1/16: every sum of them is exact in double but for exp's rounding. */
  private static final float[] LOGITS = logits(1, 8, 2, 4, 1);

  private static float[] logits(double... weights) {
    var l = new float[weights.length];
    for (int i = 0; i < l.length; i++) l[i] = (float) StrictMath.log(weights[i]);
    return l;
  }

  private static int pick(Sampling s, double uniform) {
    return s.pick(LOGITS, LOGITS.length, (float) uniform, new Sampling.Scratch(LOGITS.length));
  }

  @Test
  void pick_wholeDistribution_changesAtTheCumulativeProbabilities() {
    var s = Sampling.of(1);
    double[] border = {1 / 16.0, 9 / 16.0, 11 / 16.0, 15 / 16.0};
    assertEquals(0, pick(s, 0));
    for (int i = 0; i < border.length; i++) {
      assertEquals(i, pick(s, border[i] - 1e-5), "below " + border[i]);
      assertEquals(i + 1, pick(s, border[i] + 1e-5), "above " + border[i]);
    }
    assertEquals(4, pick(s, 1 - 0x1p-24));
  }

  @Test
  void pick_temperatureHalf_squaresTheOdds() {
    var s = Sampling.of(1).withTemperature(0.5); // weights 1, 64, 4, 16, 1 of 86
    assertEquals(0, pick(s, 1 / 86.0 - 1e-5));
    assertEquals(1, pick(s, 1 / 86.0 + 1e-5));
    assertEquals(1, pick(s, 65 / 86.0 - 1e-5));
    assertEquals(2, pick(s, 65 / 86.0 + 1e-5));
    assertEquals(3, pick(s, 69 / 86.0 + 1e-5));
  }

  @Test
  void pick_topK_keepsTheMostProbableInTheirOrder() {
    var s = Sampling.of(1).withTopK(2); // 8 and 4 of 12
    assertEquals(1, pick(s, 0));
    assertEquals(1, pick(s, 8 / 12.0 - 1e-5));
    assertEquals(3, pick(s, 8 / 12.0 + 1e-5));
    assertEquals(3, pick(s, 1 - 0x1p-24));
    assertEquals(1, pick(Sampling.of(1).withTopK(1), 0.999));
    assertEquals(0, pick(Sampling.of(1).withTopK(4), 1 - 0x1p-24)); // of equals the lower id stays
  }

  @Test
  void pick_topP_keepsTheSmallestSetThatReachesTheShare() {
    var half = Sampling.of(1).withTopP(0.49);
    assertEquals(1, pick(half, 1 - 0x1p-24)); // 8/16 alone reaches 0.49
    var more = Sampling.of(1).withTopP(0.51); // 8 and 4 of 12
    assertEquals(1, pick(more, 8 / 12.0 - 1e-5));
    assertEquals(3, pick(more, 8 / 12.0 + 1e-5));
    var most = Sampling.of(1).withTopP(0.76); // 8, 4, 2 of 14
    assertEquals(3, pick(most, 12 / 14.0 - 1e-5));
    assertEquals(2, pick(most, 12 / 14.0 + 1e-5));
    assertEquals(2, pick(most, 1 - 0x1p-24));
  }

  @Test
  void pick_topKThenTopP_cutsTheShareOfWhatTopKLeft() {
    var s = Sampling.of(1).withTopK(2).withTopP(0.6); // 8 of 12 is 0.667
    assertEquals(1, pick(s, 1 - 0x1p-24));
    assertEquals(3, pick(s.withTopP(0.7), 1 - 0x1p-24));
  }

  @Test
  void pick_greedy_takesTheMostProbable_lowestIdOfEquals() {
    assertEquals(1, pick(Sampling.most(), 0.999));
    assertEquals(0, Sampling.most().pick(new float[] {2, 1, 0}, 3, 0.9f, new Sampling.Scratch(3)));
    assertEquals(1, Sampling.most().pick(new float[] {0, 2, 2}, 3, 0.9f, new Sampling.Scratch(3)));
  }

  @Test
  void pick_bannedSymbol_isNeverDrawn() {
    float no = Float.NEGATIVE_INFINITY;
    var room = new Sampling.Scratch(8); // larger than needed
    for (int i = 0; i < 100; i++) {
      assertEquals(1, Sampling.of(1).pick(new float[] {no, 0, no}, 3, i / 100f, room));
      assertEquals(1, Sampling.of(1).withTopK(2).pick(new float[] {no, 0, no}, 3, i / 100f, room));
      assertEquals(1, Sampling.of(1).withTopP(0.9).pick(new float[] {no, 0, no}, 3, i / 100f, room));
    }
  }

  @Test
  void pick_sizeBelowTheLogits_looksAtNoMore() {
    var logits = new float[] {0, 0, 50, 50};
    assertEquals(1, Sampling.of(1).pick(logits, 2, 0.9f, new Sampling.Scratch(4)));
    assertEquals(1, Sampling.of(1).withTopP(0.99).pick(logits, 2, 0.9f, new Sampling.Scratch(4)));
  }

  @Test
  void pick_manySymbols_heapAgreesWithSorting() {
    int n = 1000;
    var rng = new Philox(5, Philox.Stream.DATA);
    var logits = new float[n];
    for (int i = 0; i < n; i++) logits[i] = (int) (rng.uniform(0, 0, i, 0) * 40) / 8f; // many equals
    var order = new java.util.ArrayList<Integer>();
    for (int i = 0; i < n; i++) order.add(i);
    order.sort((a, b) -> logits[a] != logits[b] ? Float.compare(logits[b], logits[a]) : Integer.compare(a, b));
    var room = new Sampling.Scratch(n);
    for (int k : new int[] {1, 2, 17, 500, 999}) {
      for (int t = 0; t < 20; t++) {
        float u = rng.uniform(1, 0, t, k);
        double sum = 0;
        for (int r = 0; r < k; r++) sum += StrictMath.exp(logits[order.get(r)] - 5.0);
        double running = 0;
        int expected = order.get(k - 1);
        for (int r = 0; r < k; r++) {
          running += StrictMath.exp(logits[order.get(r)] - 5.0);
          if (running > u * sum) {
            expected = order.get(r);
            break;
          }
        }
        assertEquals(expected, Sampling.of(1).withTopK(k).pick(logits, n, u, room), "k " + k + " u " + u);
      }
    }
  }

  @Test
  void pick_allocatesNothing() throws ReflectiveOperationException {
    var s = Sampling.of(1).withTopK(3).withTopP(0.9);
    var room = new Sampling.Scratch(5);
    int sum = 0;
    for (int i = 0; i < 20_000; i++) sum += s.pick(LOGITS, 5, i / 20_001f, room);
    long before = allocated();
    for (int i = 0; i < 20_000; i++) sum += s.pick(LOGITS, 5, i / 20_001f, room);
    long used = allocated() - before;
    assertTrue(used < 20_000, used + " bytes in 20,000 draws, sum " + sum);
  }

  /** Bytes this thread has allocated; by reflection, because the module under test reads no management module. */
  private static long allocated() throws ReflectiveOperationException {
    var bean = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean").invoke(null);
    return (long) Class.forName("com.sun.management.ThreadMXBean").getMethod("getCurrentThreadAllocatedBytes").invoke(bean);
  }

  @Test
  void sampling_outOfRange_saysTheRule() {
    for (double t : new double[] {0, -0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
      var f = assertThrows(Fault.class, () -> Sampling.of(1).withTemperature(t));
      assertEquals(Code.C011, f.code());
      assertEquals("must be a finite number greater than 0", f.why());
    }
    assertEquals("temperature: temperature is 0; must be a finite number greater than 0; greedy sampling takes the most"
        + " probable symbol every time", assertThrows(Fault.class, () -> Sampling.of(1).withTemperature(0)).getMessage());
    assertEquals("top-k: top-k is -1; must be 0 or more; 0 keeps all symbols",
        assertThrows(Fault.class, () -> Sampling.of(1).withTopK(-1)).getMessage());
    for (double p : new double[] {0, -1, 1.01, Double.NaN}) assertThrows(Fault.class, () -> Sampling.of(1).withTopP(p));
    assertEquals("top-p: top-p is 1.5; must be greater than 0 and at most 1; 1 keeps all symbols",
        assertThrows(Fault.class, () -> Sampling.of(1).withTopP(1.5)).getMessage());
  }

  @Test
  void pick_logitNotFinite_isAFault() {
    var room = new Sampling.Scratch(2);
    var nan = assertThrows(Fault.class, () -> Sampling.of(1).pick(new float[] {0, Float.NaN}, 2, 0, room));
    assertEquals(Code.R001, nan.code());
    assertEquals("the logit of symbol 1 is NaN", nan.what());
    float no = Float.NEGATIVE_INFINITY;
    assertEquals("no symbol can be drawn: all 2 logits are minus infinity",
        assertThrows(Fault.class, () -> Sampling.most().pick(new float[] {no, no}, 2, 0, room)).what());
  }

  @Test
  void rng_isTheStreamOfSamples() {
    assertEquals(new Philox(7, Philox.Stream.SAMPLE), Sampling.of(7).rng());
  }
}
