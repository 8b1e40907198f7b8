package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Activation;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** The glass box on Jordan's network: no gates, the model's output comes back. */
class FeedbackLookTest {
  private static final int K = Glass.SYMBOLS;

  @Test void gatesAndMemory_areRefused_withWhatThereIs() {
    var w = Reading.of(Glass.model(Glass.jordan(4, Activation.SOFTMAX), _ -> { }), Glass.TEXT).walk(0);
    var has = "jordan has the hidden units h and the state p, the model's output that comes back at the next step";
    var f = assertThrows(Fault.class, () -> Gates.of(w));
    assertEquals(Code.M009, f.code());
    assertEquals("rnn0: jordan has no gates; " + has + "; look at the gradient flow, or at the connectivity, for how far back it reaches", f.getMessage());
    assertTrue(assertThrows(Fault.class, () -> Unfolded.of(w)).getMessage().startsWith("rnn0: jordan has no gated memory; "),
        "memory");
    assertEquals("[] [p] [h, p] 5 9", w.gates() + " " + w.slots() + " " + w.made() + " " + w.madeWidth(0) + " " + w.madeWidth(1));
    double sum = 0;
    for (int k = 0; k < K; k++) sum += w.after(1, 6, k);
    assertEquals(1, sum, 1e-6);                              // p is a softmax
  }

  /** ∂p_t/∂p_{t−1} by a backward run for each output, and its largest singular value. */
  @ParameterizedTest
  @EnumSource(value = Activation.class, names = {"SOFTMAX", "SIGMOID", "IDENTITY"})
  void bound_isThatOfTheStepsJacobian(Activation feedback) {
    var r = Reading.of(Glass.model(Glass.jordan(4, feedback), _ -> { }), Glass.TEXT);
    var w = (FeedbackWalk) r.walk(0);
    var layer = w.trace().layer();
    double most = 0;
    for (int t = 0; t < w.steps(); t++) {
      var x = Slab.zeros(1, K, 4);
      var in = Slab.zeros(1, K, K);
      var dOut = Slab.zeros(1, K, K);
      for (int k = 0; k < K; k++) {
        x.setRow(k, w.trace().x().x(), t);
        in.setRow(k, w.trace().p(), t);
        dOut.set(k, k, 1);
      }
      var pass = layer.forward(Batch.full(x, new long[K]), new State(List.of(in)), w.trace().run());
      var g = pass.backward(Slab.zeros(1, K, 5), new State(List.of(dOut)), new Grads(r.model().network().shape()));
      double sigma = Spectrum.largest(g.dIn().part(0));
      assertEquals(sigma, Spectrum.largest(w, t), 1e-5 * sigma);
      most = Math.max(most, sigma);
    }
    var bound = Bound.of(w, 100);
    assertEquals(most, bound.jacobianMost(), 1e-5 * most);
    assertEquals(List.of("U", "V"), bound.singular().stream().map(Bound.Singular::block).toList());
    assertTrue(bound.factor().isEmpty() && most > 0.01, bound::toString);
  }

  @Test void flow_throughTheFeedback_isThatOfAPassOverTheLag_andFallsNoSlowerThanTheBound() {
    var model = Glass.model(Glass.jordan(4, Activation.SOFTMAX), _ -> { });
    int T = Glass.TEXT.length;
    var x = Reading.symbols(Glass.TEXT);
    var flow = GradientFlow.of(model, x, x, 5, 1);
    assertEquals("rnn0 p", flow.curves().getFirst().walk() + " " + flow.curves().getFirst().slot());
    var bound = Bound.of(Reading.of(model, Glass.TEXT).walk(0), 100);
    for (int k = 1; k <= 5; k++) {
      var ws = new Workspace();
      var in = Reading.of(model, x.steps(0, T - k), State.ZERO).out();
      var pass = model.read(Batch.full(x.steps(T - k, T), new long[1]), in, ws);
      var top = Batch.full(pass.y().x().step(k - 1), new long[1]);
      var dh = model.network().head().loss(top, x.step(T - 1), model.run(ws)).backward(new Grads(model.network().shape()));
      var dy = Slab.zeros(k, 1, dh.cols());
      dy.setRow(k - 1, dh, 0);
      var d = pass.backward(dy, State.ZERO, new Grads(model.network().shape())).dIn().part(0);
      assertEquals(StateFlow.norm(d, 0), flow.curves().getFirst().norms()[k - 1], 1e-6 * StateFlow.norm(d, 0), "lag " + k);
      if (k > 1) assertTrue(flow.curves().getFirst().norms()[k - 1] <= bound.jacobianMost() * flow.curves().getFirst().norms()[k - 2] * (1 + 1e-5));
    }
  }

  @Test void connectivity_ofOneHotInput_isThatOfAnIdentityEmbedding() {
    var hot = Glass.model(Glass.jordan(0, Activation.SOFTMAX), _ -> { });
    var identity = Glass.model(Glass.jordan(K, Activation.SOFTMAX), ps -> {
      Glass.fill(ps, "embedding.E", 0);
      for (int v = 0; v < K; v++) ps.array()[ps.find("embedding.E").offset() + v * (K + 1)] = 1;
      float[] weights = hot.run(new Workspace()).weights().params().array();
      System.arraycopy(weights, 0, ps.array(), ps.find("embedding.E").end(), weights.length);
    });
    var want = Connectivity.of(Reading.of(identity, Glass.TEXT));
    var got = Connectivity.of(Reading.of(hot, Glass.TEXT));
    for (int t = 0; t < Glass.TEXT.length; t++) assertArrayEquals(want.norms()[t], got.norms()[t], 1e-6, "step " + t);
    assertTrue(got.norms()[9][2] > 0);
  }

  @Test void everyFigure_movesWithOneWeight() {
    var spec = Glass.jordan(4, Activation.SOFTMAX);
    var was = Glass.model(spec, _ -> { });
    var is = Glass.model(spec, ps -> ps.array()[ps.find("rnn0.U").offset() + 3] += 0.1f);
    var x = Reading.symbols(Glass.TEXT);
    assertNotEquals(GradientFlow.of(was, x, x, 8, 2).curves().getFirst().norms()[4], GradientFlow.of(is, x, x, 8,
        2).curves().getFirst().norms()[4]);
    assertNotEquals(Bound.of(Reading.of(was, 1, 2).walk(0), 2), Bound.of(Reading.of(is, 1, 2).walk(0), 2));
    assertNotEquals(Reading.of(was, Glass.TEXT).walk(0).after(1, 4, 2), Reading.of(is, Glass.TEXT).walk(0).after(1, 4, 2));
  }
}
