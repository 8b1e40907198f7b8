package org.unroll.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;

/** Every optimizer against its paper's equations, written here a second time in double, for one weight over several steps. */
class OptimizerTest {
  private static final double RATE = 0.05;
  private static final int STEPS = 30;

  /** One weight's history in double: from the weight and the gradient at step t (from 1) to the next weight. */
  interface Paper {
    double next(double w, double g, int t, double[] memory);
  }

  private static Params weights() {
    var w = new Params();
    w.add("W", 3, 5, new Init.Uniform(1));
    w.add("b", 1, 5, new Init.Uniform(1));
    w.add("R", 5, 5, new Init.Uniform(1));
    w.initialise(new Philox(5, Philox.Stream.INIT));
    return w;
  }

  /** Gradients of some size, from almost none to large, other ones at each step. */
  private static float gradient(int step, int k) {
    return new Philox(11, Philox.Stream.DATA).gaussian(step, 0, 0, k) * (float) StrictMath.pow(10, k % 5 - 3);
  }

  private static void assertFollows(Optimizer optimizer, Paper paper) {
    var w = weights();
    var g = new Grads(w);
    var slots = Slots.of(optimizer, w);
    double[] truth = new double[w.size()];
    for (int k = 0; k < truth.length; k++) truth[k] = w.array()[k];
    var memory = new double[w.size()][4];
    for (int t = 1; t <= STEPS; t++) {
      for (int k = 0; k < truth.length; k++) {
        g.array()[k] = gradient(t, k);
        truth[k] = paper.next(truth[k], g.array()[k], t, memory[k]);
      }
      optimizer.step(w, g, slots, t, RATE);
      for (int k = 0; k < truth.length; k++) {
        assertEquals(truth[k], w.array()[k], 5e-6 * Math.max(1, Math.abs(truth[k])), "step " + t + " weight " + k);
      }
    }
  }

  @Test void sgd_severalSteps_followsTheGradient() {
    assertFollows(new Sgd(), (w, g, t, m) -> w - RATE * g);
  }

  @Test void momentum_severalSteps_followsPolyak() {
    assertFollows(new Momentum(0.9), (w, g, t, m) -> w + (m[0] = 0.9 * m[0] - RATE * g));
  }

  /** θ and u of the paper in the memory; ours is the point θ + μ u at which the paper takes the gradient. */
  @Test void nesterov_severalSteps_followsSutskever() {
    assertFollows(new Nesterov(0.9), (w, g, t, m) -> {
      double theta = t == 1 ? w : m[1];
      m[0] = 0.9 * m[0] - RATE * g;
      m[1] = theta + m[0];
      return m[1] + 0.9 * m[0];
    });
  }

  @Test void adagrad_severalSteps_followsDuchi() {
    assertFollows(new AdaGrad(1e-2), (w, g, t, m) -> {
      m[0] += g * g;
      return w - RATE * g / (Math.sqrt(m[0]) + 1e-2);
    });
  }

  @Test void adadelta_severalSteps_followsZeiler() {
    assertFollows(new AdaDelta(0.9, 1e-6), (w, g, t, m) -> {
      m[0] = 0.9 * m[0] + 0.1 * g * g;
      double delta = -Math.sqrt(m[1] + 1e-6) / Math.sqrt(m[0] + 1e-6) * g;
      m[1] = 0.9 * m[1] + 0.1 * delta * delta;
      return w + RATE * delta;
    });
  }

  @Test void rmsprop_severalSteps_followsHinton() {
    assertFollows(new RmsProp(0.8, 1e-2), (w, g, t, m) -> {
      m[0] = 0.8 * m[0] + 0.2 * g * g;
      return w - RATE * g / (Math.sqrt(m[0]) + 1e-2);
    });
  }

  @Test void adam_severalSteps_followsKingmaAndBa() {
    assertFollows(new Adam(0.9, 0.99, 1e-3), (w, g, t, m) -> w - adam(g, t, m));
  }

  @Test void adamw_severalSteps_followsLoshchilovAndHutter() {
    assertFollows(new AdamW(0.9, 0.99, 1e-3, 0.1), (w, g, t, m) -> w - RATE * 0.1 * w - adam(g, t, m));
  }

  private static double adam(double g, int t, double[] m) {
    m[0] = 0.9 * m[0] + 0.1 * g;
    m[1] = 0.99 * m[1] + 0.01 * g * g;
    double first = m[0] / (1 - Math.pow(0.9, t));
    double second = m[1] / (1 - Math.pow(0.99, t));
    return RATE * first / (Math.sqrt(second) + 1e-3);
  }

  @Test void adam_firstStep_movesByTheRate() {
    var w = new Params();
    w.add("W", 1, 2, new Init.Constant(0));
    var g = new Grads(w);
    g.array()[0] = 100f;
    g.array()[1] = -0.01f;
    var adam = Adam.usual();
    adam.step(w, g, Slots.of(adam, w), 1, 0.125);
    assertEquals(-0.125, w.array()[0], 1e-6);
    assertEquals(0.125, w.array()[1], 1e-6);
  }

  private static final List<Optimizer> ALL = List.of(new Sgd(), new Momentum(0.9), new Nesterov(0.9), new AdaGrad(1e-10),
      new AdaDelta(0.9, 1e-6), new RmsProp(0.9, 1e-8), Adam.usual(), new AdamW(0.9, 0.999, 1e-8, 0.01));

  @Test void step_inRangesOfAnySize_hasTheSameBits() {
    for (var o : ALL) {
      var whole = run(o, 45);
      for (int range : new int[] {1, 7, 16}) assertArrayEquals(whole, run(o, range), o.toString());
    }
  }

  private static float[] run(Optimizer o, int range) {
    var w = weights();
    var slots = Slots.of(o, w);
    for (int t = 1; t <= 3; t++) {
      float[] g = new float[w.size()];
      for (int k = 0; k < g.length; k++) g[k] = gradient(t, k);
      for (int to = g.length; to > 0; to -= range) {
        o.update(w.array(), g, slots.arrays(), t, RATE, Math.max(0, to - range), to);
      }
    }
    return w.array();
  }

  /** Bits that must never change: what a resumed run relies on. */
  @Test void step_fixedGradients_hasGoldenBits() {
    var lines = ALL.stream().map(o -> o.getClass().getSimpleName() + " " + Integer.toHexString(Arrays.hashCode(run(o, 45)))).toList();
    assertEquals(List.of("Sgd b980702e", "Momentum c1285c56", "Nesterov bcccd030", "AdaGrad f0fd19dd", "AdaDelta cd4398cb",
        "RmsProp 5cb33002", "Adam 45664e49", "AdamW 3d4c553d"), lines);
  }

  @Test void step_zeroRate_leavesTheWeights() {
    for (var o : ALL) {
      var w = weights();
      float[] before = w.array().clone();
      var g = new Grads(w);
      Arrays.fill(g.array(), 3f);
      o.step(w, g, Slots.of(o, w), 1, 0);
      assertArrayEquals(before, w.array(), o.toString());
    }
  }

  @Test void step_zeroGradientFromTheStart_movesNothingButDecay() {
    for (var o : ALL) {
      if (o instanceof AdamW) continue;
      var w = weights();
      float[] before = w.array().clone();
      o.step(w, new Grads(w), Slots.of(o, w), 1, RATE);
      assertArrayEquals(before, w.array(), o.toString());
    }
  }

  @Test void step_frozenWindow_leavesItsWeightsAndSlots() {
    for (var o : ALL) {
      var w = weights();
      float[] before = w.array().clone();
      var g = new Grads(w);
      Arrays.fill(g.array(), 0.5f);
      var slots = Slots.of(o, w);
      o.step(w, g, slots, 1, RATE, Windows.of(w, p -> !p.name().equals("b")));
      for (int k = 0; k < w.size(); k++) {
        boolean frozen = k >= 15 && k < 20;
        assertEquals(frozen, before[k] == w.array()[k], o + " weight " + k);
        for (float[] s : slots.arrays()) assertEquals(frozen, s[k] == 0);
      }
    }
  }

  @Test void step_done_saysThatWeightsWereWritten() {
    var w = weights();
    long version = w.version();
    new Sgd().step(w, new Grads(w), Slots.of(new Sgd(), w), 1, RATE);
    assertNotEquals(version, w.version());
  }

  @Test void slots_ofEach_haveNamesAndTheWeightsSize() {
    var w = weights();
    assertEquals(List.of(), Slots.of(new Sgd(), w).names());
    var slots = Slots.of(new AdaDelta(0.9, 1e-6), w);
    assertEquals(List.of("s", "d"), slots.names());
    assertEquals(w.size(), slots.arrays()[slots.names().indexOf("d")].length);
    assertTrue(slots.arrays()[0] != slots.arrays()[1] && !slots.names().contains("m"));
  }

  @Test void arguments_outOfRange_areRefused() {
    var w = weights();
    var g = new Grads(w);
    var o = new Momentum(0.9);
    var s = Slots.of(o, w);
    assertFault(Code.C030, "the step is 0; steps are counted from 1", () -> o.step(w, g, s, 0, 0.1));
    assertFault(Code.C030, "the learning rate is NaN; it must be finite and not negative", () -> o.step(w, g, s, 1, Double.NaN));
    assertFault(Code.C030, "the learning rate is -0.1; it must be finite and not negative", () -> o.step(w, g, s, 1, -0.1));
    assertFault(Code.C030, "the slots are [v]; Adam needs [m, v]", () -> Adam.usual().step(w, g, s, 1, 0.1));
    assertFault(Code.C030, "0 gradients for 45 weights", () -> o.step(w, new Grads(new Params()), s, 1, 0.1));
    assertFault(Code.C030, "slots of 0 elements for 45 weights", () -> o.step(w, g, Slots.of(o, new Params()), 1, 0.1));
  }

  @Test void settings_outOfRange_areRefusedWithTheRule() {
    String share = "; it must be at least 0 and less than 1";
    var divisor = "; it must be finite and at least 1.0E-30, or a float holds 0 for it";
    assertFault(Code.C011, "momentum: momentum is 1.0" + share, () -> new Momentum(1));
    assertFault(Code.C011, "nesterov: momentum is -0.1" + share, () -> new Nesterov(-0.1));
    assertFault(Code.C011, "adagrad: epsilon is 0.0" + divisor, () -> new AdaGrad(0));
    assertFault(Code.C011, "adadelta: rho is NaN" + share, () -> new AdaDelta(Double.NaN, 1e-6));
    assertFault(Code.C011, "rmsprop: rho is 1.5" + share, () -> new RmsProp(1.5, 1e-8));
    assertFault(Code.C011, "rmsprop: epsilon is Infinity" + divisor, () -> new RmsProp(0.9, Double.POSITIVE_INFINITY));
    assertFault(Code.C011, "adamw: epsilon is NaN" + divisor, () -> new AdamW(0.9, 0.999, Double.NaN, 0));
    assertFault(Code.C011, "adadelta: epsilon is 1.0E-40" + divisor, () -> new AdaDelta(0.9, 1e-40));
    assertFault(Code.C011, "adam: beta1 is 1.0" + share, () -> new Adam(1, 0.999, 1e-8));
    assertFault(Code.C011, "adam: beta2 is 1.0" + share, () -> new Adam(0.9, 1, 1e-8));
    assertFault(Code.C011, "adam: epsilon is 1.0E-31" + divisor, () -> new Adam(0.9, 0.999, 1e-31));
    assertFault(Code.C011, "adamw: decay is -0.1; it must be finite and not negative", () -> new AdamW(0.9, 0.999, 1e-8, -0.1));
  }

  static void assertFault(Code code, String message, Runnable action) {
    var fault = assertThrows(Fault.class, action::run);
    assertEquals(code, fault.code());
    assertEquals(message, fault.getMessage());
  }
}
