package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.model.Spec;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

class GradientFlowTest {
  private static Slab sine(int steps, int width) {
    var x = Slab.zeros(steps, 1, width);
    for (int i = 0; i < steps * width; i++) x.set(i / width, i % width, (float) Math.sin(0.7 * i));
    return x;
  }

  @Test void flow_ofHalvingUnits_halvesAtEachLag() {
    var model = Glass.linear(3, 0.5f);
    var flow = GradientFlow.of(model, sine(40, 3), Slab.zeros(40, 1, 1), 12, 20);
    var c = flow.curves().getFirst();
    assertEquals("rnn0 h", c.walk() + " " + c.slot());
    assertEquals(20, flow.positions());
    assertEquals(flow.start() / 2, c.norms()[0], 1e-6 * flow.start());
    assertEquals(flow.start() / 4096, c.norms()[11], 1e-9);
    assertEquals(0.5, c.decay().rate(), 1e-6);
    assertEquals(1, c.decay().halfLife(), 1e-5);
    assertEquals(1, c.decay().r2(), 1e-9);
    assertEquals(8, c.reach());                              // 2^−7 < 1 %
    assertEquals(8, flow.window());
    var bound = Bound.of(Reading.of(model, sine(5, 3), State.ZERO).walk(0), 3);
    assertEquals(0.5, bound.factor().getAsDouble(), 1e-9);
    assertEquals(0.5, bound.jacobianMost(), 1e-9);
    assertEquals(0.5, bound.condition().getAsDouble(), 1e-9);
    assertEquals(Optional.of(true), bound.vanishes());
  }

  @Test void reach_beyondTheLags_isThatOfTheLine() {
    var flow = GradientFlow.of(Glass.linear(2, 0.9f), sine(30, 2), Slab.zeros(30, 1, 1), 12, 5);
    assertEquals(45, flow.window());                         // 0.9^44 < 1 %
    var grows = GradientFlow.of(Glass.linear(2, 1.1f), sine(30, 2), Slab.zeros(30, 1, 1), 10, 5);
    assertEquals(0, grows.window());
    assertEquals(Double.POSITIVE_INFINITY, grows.curves().getFirst().decay().halfLife());
  }

  /** A line is followed where it fits and no further than four times the lags. */
  @Test void reach_ofALineThatFitsBadly_orOfOneThatGoesFar_isNone() {
    var loose = curve(k -> k % 2 == 1 ? 1 : 0.6);
    assertTrue(loose.decay().rate() < 1 && loose.decay().r2() < 0.5, loose.decay()::toString);
    assertEquals(Optional.of(GradientFlow.Open.LOOSE), loose.open());
    assertEquals(0, loose.reach());
    var far = curve(k -> Math.pow(0.9, k));                  // 45 of 10 lags
    assertEquals(Optional.of(GradientFlow.Open.BEYOND), far.open());
    assertEquals(0, far.reach());
    assertEquals(44.71, far.line(), 0.01);
    var near = curve(k -> Math.pow(0.88, k));                // 0.88^36.02 = 1 %
    assertEquals(Optional.empty(), near.open());
    assertEquals(38, near.reach());
    assertEquals(Optional.of(GradientFlow.Open.LEVEL), curve(k -> Math.pow(1.01, k)).open());
    assertEquals(0, new GradientFlow(10, 1, 1, List.of(near, loose)).window());
    assertEquals(38, new GradientFlow(10, 1, 1, List.of(near)).window());
  }

  private static GradientFlow.Curve curve(IntToDoubleFunction norm) {
    double[] n = IntStream.rangeClosed(1, 10).mapToDouble(norm).toArray();
    return new GradientFlow.Curve("rnn0", "h", n, Decay.of(n));
  }

  /** Another way to the same number: one backward run through all k steps at once. */
  @ParameterizedTest
  @ValueSource(strings = {"elman", "lstm-peephole", "gru", "gru-before-write", "lstm-coupled"})
  void flow_byChainedSteps_isThatOfAPassOverTheLag(String cell) {
    var model = Glass.model(cell, 2);
    int[] text = Glass.TEXT;
    int T = text.length - 1, K = 7;
    var x = Reading.symbols(java.util.Arrays.copyOf(text, T));
    var y = Reading.symbols(java.util.Arrays.copyOfRange(text, 1, T + 1));
    var flow = GradientFlow.of(model, x, y, K, 3);           // positions 6, 8 and 11
    var sums = new double[K][flow.curves().size()];
    for (int t : new int[] {6, 8, 11}) {
      for (int k = 1; k <= K; k++) {
        int curve = 0;
        for (var part : through(model, x, y, t, k).parts()) {
          for (int s = 0; s < part.steps(); s++) sums[k - 1][curve++] += Spectrum.norm(row(part, s)) / 3;
        }
      }
    }
    for (int c = 0; c < flow.curves().size(); c++) {
      for (int k = 0; k < K; k++) assertEquals(sums[k][c], flow.curves().get(c).norms()[k], 2e-6 * sums[k][c] + 1e-12, cell
          + " " + c + " " + k);
    }
  }

  private static double[] row(Slab s, int r) {
    var d = new double[s.cols()];
    for (int u = 0; u < d.length; u++) d[u] = s.get(r, u);
    return d;
  }

  private static State through(Model model, Slab x, Slab y, int t, int k) {
    var in = t - k < 0 ? State.ZERO : Reading.of(model, x.steps(0, t - k + 1), State.ZERO).out();
    var ws = new Workspace();
    var pass = model.read(Batch.full(x.steps(t - k + 1, t + 1), new long[1]), in, ws);
    var last = Batch.full(pass.y().x().step(k - 1), new long[1]);
    var dh = model.network().head().loss(last, y.step(t), model.run(ws)).backward(new Grads(model.network().shape()));
    var dy = Slab.zeros(k, 1, dh.cols());
    dy.setRow(k - 1, dh, 0);
    return pass.backward(dy, State.ZERO, new Grads(model.network().shape())).dIn();
  }

  @Test void bound_ofASimpleRecurrence_isAboveWhatIsMeasured() {
    var model = Glass.model("elman", 1);
    var r = Reading.of(model, Glass.TEXT);
    var bound = Bound.of(r.walk(0), 100);
    assertTrue(bound.jacobianMost() <= bound.factor().getAsDouble() * (1 + 1e-6), bound::toString);
    assertTrue(bound.jacobian() <= bound.jacobianMost() && bound.jacobian() > 0, bound::toString);
    assertTrue(bound.factor().getAsDouble() < bound.condition().getAsDouble(), bound::toString);
    assertEquals(bound.singular().getFirst().value(), bound.condition().getAsDouble());
    assertTrue(bound.steepness().getAsDouble() < 1 && bound.gamma().getAsDouble() == 1, bound::toString);
    assertEquals("a", bound.singular().getFirst().block());
    assertEquals(bound.singular().getFirst().value() < 1, bound.vanishes().get());
  }

  /** The factor of a simple recurrence is none of a blended one. */
  @Test void bound_ofASimpleRecurrenceWithZoneout_isThatOfItsJacobiansAlone() {
    var bound = Bound.of(Reading.of(Glass.zoned("elman"), Glass.TEXT).walk(0), 100);
    assertTrue(bound.steepness().isEmpty() && bound.gamma().isEmpty() && bound.vanishes().isEmpty(), bound::toString);
    assertTrue(bound.jacobianMost() > 0.2, bound::toString);
  }

  @Test void bound_ofGatedCells_hasSingularValuesAndNoFactor() {
    var bound = Bound.of(Reading.of(Glass.model("gru-before", 1), Glass.TEXT).walk(0), 2);
    assertEquals("[r, z, n]", bound.singular().stream().map(Bound.Singular::block).toList().toString());
    assertTrue(bound.factor().isEmpty() && bound.vanishes().isEmpty() && bound.jacobianMost() > 0, bound::toString);
  }

  /** A weight a unit: the matrix is diagonal, and its norm the largest of them. */
  @Test void bound_ofIndependentUnits_isThatOfTheLargestWeight() {
    var model = Glass.model(Glass.spec("indrnn-tanh", 4, 3, 1, Spec.Direction.FORWARD), ps -> Glass.fill(ps, "rnn0.p", 0.3f, -0.8f, 0.1f));
    var bound = Bound.of(Reading.of(model, Glass.TEXT).walk(0), 100);
    assertEquals("[Singular[block=p, value=0.800000011920929]]", bound.singular().toString());
    assertEquals(Optional.of(true), bound.vanishes());
    assertTrue(bound.jacobianMost() <= bound.factor().getAsDouble(), bound::toString);
  }

  @Test void bound_withoutAnyWayFromUnitToUnit_isThatOfTheJacobian() {
    var bound = Bound.of(Reading.of(Glass.model("mingru", 1), Glass.TEXT).walk(0), 100);
    assertTrue(bound.singular().isEmpty() && bound.factor().isEmpty(), bound::toString);
    assertTrue(bound.jacobianMost() > 0 && bound.jacobianMost() < 1, bound::toString);
  }

  @Test void largest_ofAKnownMatrix_isItsSingularValue() {
    assertEquals(Math.sqrt(45), Spectrum.largest(Glass.vectors(new float[] {3, 0}, new float[] {4, 5})), 1e-9);
    assertEquals(0, Spectrum.largest(Slab.zeros(1, 3, 3)));
  }

  /** ∂(h, c)/∂c' of an LSTM without recurrent weights: f in c, o f (1 − tanh² c) in h. */
  @Test void jacobian_ofAnLstmWithoutR_isThatOfItsMemory() {
    var model = Glass.model(Glass.spec("lstm", 4, 3, 1, Spec.Direction.FORWARD), ps -> Glass.fill(ps, "rnn0.R", 0));
    var w = Reading.of(model, Glass.TEXT).cell(0);
    var J = Spectrum.jacobian(w, 4);
    double f = w.gate(1, 4, 2), o = w.gate(3, 4, 2), tanh = Math.tanh(w.after(1, 4, 2));
    assertEquals(f, J.get(5, 5), 1e-6);
    assertEquals(o * f * (1 - tanh * tanh), J.get(2, 5), 1e-6);
    assertEquals(0, J.get(5, 2));
    assertEquals(0, J.get(5, 4));
  }

  /** Eight lags make a line, seven do not; a norm of 0 is none. */
  @Test void decay_ofTooFewLags_isNoLine() {
    var norms = new double[] {1, 0.5, 0, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125};
    var few = Decay.of(norms);
    assertEquals(7, few.points());
    assertFalse(few.fitted());
    assertTrue(Double.isNaN(few.rate()) && Double.isNaN(few.halfLife()) && Double.isNaN(few.r2()));
    norms[2] = 0.25;
    var line = Decay.of(norms);
    assertTrue(line.fitted());
    assertEquals(8, Decay.LEAST);
    assertEquals(0.5, line.rate(), 1e-12);
    assertEquals(1, line.halfLife(), 1e-12);
    var lags = GradientFlow.of(Glass.linear(2, 0.9f), sine(30, 2), Slab.zeros(30, 1, 1), 7, 5);
    assertEquals(Optional.of(GradientFlow.Open.FEW), lags.curves().getFirst().open());
    assertEquals(0, lags.window());                          // not fallen by lag 7, and no line beyond it
    assertFalse(lags.curves().getFirst().decay().fitted());
  }

  @Test void tooManyLags_andALossOfTheWholeSequence_areRefused() {
    var x = Reading.symbols(1, 2, 3);
    var f = assertThrows(Fault.class, () -> GradientFlow.of(Glass.model("gru", 1), x, x, 4, 8));
    assertEquals(Code.D005, f.code());
    assertEquals("4 lags of 3 steps; there are no more lags than steps", f.getMessage());
    var crf = assertThrows(Fault.class, () -> GradientFlow.of(Glass.tagger("gru"), x, x, 2, 8));
    assertEquals(Code.M009, crf.code());
    assertEquals("the loss of a crf is one of the whole sequence; the flow by lag is that of one step; ask for the flow of its scores",
        crf.getMessage());
  }
}
