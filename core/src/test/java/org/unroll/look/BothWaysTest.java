package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.model.Spec;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** The glass box on networks that walk both ways. */
class BothWaysTest {
  private static final int T = Glass.TEXT.length;

  /** Two ways to the same numbers: the network cut between two steps, and every walk gone back alone. */
  @ParameterizedTest
  @ValueSource(strings = {"elman", "lstm-peephole", "gru", "slstm"})
  void flow_ofANetworkThatOnlyGoesForward_isTheSameByBothWays(String cell) {
    var model = Glass.model(cell, 2);
    var x = Reading.symbols(Glass.TEXT);
    var one = GradientFlow.of(model, x, x, 6, 3);             // positions 5, 8, 12
    var other = GradientFlow.everyWay(model, x, GradientFlow.dh(model, x, x), new int[] {5, 8, 12}, 6);
    assertEquals(one.start(), other.start(), 1e-9);
    for (int c = 0; c < one.curves().size(); c++) {
      assertEquals(one.curves().get(c).slot(), other.curves().get(c).slot());
      for (int k = 0; k < 6; k++) {
        double want = one.curves().get(c).norms()[k];
        assertEquals(want, other.curves().get(c).norms()[k], 2e-5 * want + 1e-9, cell + " " + c + " " + k);
      }
    }
  }

  /** The lowest layer's states, moved a little: the score of a step moves by the flow, along its own direction. */
  @Test void flow_ofEachDirection_isASlopeOfTheScore() {
    var spec = Glass.spec("elman", 4, 3, 1, Spec.Direction.BOTH);
    var model = Glass.model(spec, _ -> { });
    var x = Reading.symbols(Glass.TEXT);
    var scores = new int[T];
    Arrays.fill(scores, 2);
    int lags = 9, k = 3;
    var flow = GradientFlow.ofScores(model, x, scores, lags, 1);   // position 12 forward, 0 backward
    assertEquals(List.of("rnn0.forward h", "rnn0.backward h"), flow.curves().stream().map(c -> c.walk() + " "
        + c.slot()).toList());
    assertEquals(slope(model, true, k), flow.curves().get(0).norms()[k - 1], 2e-4 * flow.curves().get(0).norms()[k - 1] + 1e-6);
    assertEquals(slope(model, false, k), flow.curves().get(1).norms()[k - 1], 2e-4 * flow.curves().get(1).norms()[k - 1] + 1e-6);
    assertTrue(flow.curves().get(0).decay().fitted());
  }

  /**
   * ‖∂z/∂h‖ of the last step read, by the state k steps before it in the order of the walk, over the weights of the head
   * alone.
   */
  private static double slope(Model model, boolean forward, int k) {
    var r = Reading.of(model, Glass.TEXT);
    var w = r.cell(forward ? 0 : 1);
    var layer = w.trace().layer();
    int H = w.units(), from = forward ? T - k : 0, to = forward ? T : k;
    var part = w.trace().x().x().steps(from, to);
    var in = Slab.zeros(1, 1, H);
    for (int u = 0; u < H; u++) in.set(0, u, w.before(0, w.time(T - k), u));
    var pass = layer.forward(Batch.full(part, new long[1]), new State(List.of(in)), model.run(new Workspace()));
    var dy = Slab.zeros(k, 1, H);
    var ps = model.run(new Workspace()).weights().params();
    var V = ps.find("head.W").of(ps.array());
    for (int u = 0; u < H; u++) dy.set(forward ? k - 1 : 0, u, V.get((forward ? 0 : H) + u, 2));
    Pass.Gradient g = pass.backward(dy, State.ZERO, new Grads(model.network().shape()));
    return StateFlow.norm(g.dIn().part(0), 0);
  }

  /** Two layers both ways, an mLSTM with a way around it: every curve is there, each moves with one weight of its layer. */
  @Test void flow_ofATagger_hasEveryWalk_andMovesWithOneWeight() {
    var model = Glass.tagger("lstm");
    var x = Reading.symbols(Glass.TEXT);
    var scores = new int[T];
    var flow = GradientFlow.ofScores(model, x, scores, 8, 4);
    assertEquals("[rnn0.forward h, rnn0.forward c, rnn0.backward h, rnn0.backward c, rnn1.forward C, rnn1.forward n, rnn1.forward m, "
        + "rnn1.backward C, rnn1.backward n, rnn1.backward m]", flow.curves().stream().map(c -> c.walk() + " "
            + c.slot()).toList().toString());
    assertEquals(4, flow.positions());
    for (var c : flow.curves()) assertTrue(c.norms()[7] > 0 && c.decay().fitted(), c.walk() + c.slot());
    scores[12] = 1;                                          // another score at one position
    var other = GradientFlow.ofScores(model, x, scores, 8, 4);
    assertNotEquals(flow.curves().get(1).norms()[2], other.curves().get(1).norms()[2]);
    assertNotEquals(flow.start(), other.start());
  }

  /** What a walk back over the whole sequence hands to the first state: the longest lag of both directions. */
  @Test void flow_atTheLongestLag_isTheGradientOfTheFirstState() {
    var model = Glass.tagger("gru");
    var x = Reading.symbols(Glass.TEXT);
    var flow = GradientFlow.ofScores(model, x, new int[T], T, 1);
    for (boolean forward : new boolean[] {true, false}) {
      var run = model.run(new Workspace());
      var pass = model.read(Batch.full(x, new long[1]), State.ZERO, new Workspace());
      var top = model.network().output().forward(pass.y(), State.ZERO, run);
      var dz = Slab.zeros(T, 1, 3);
      dz.set(forward ? T - 1 : 0, 0, 1);
      var grads = new Grads(model.network().shape());
      var d = pass.backward(top.backward(dz, State.ZERO, grads).dx(), State.ZERO, grads).dIn();
      int part = forward ? 0 : 1;
      double want = StateFlow.norm(d.part(part), 0), got = flow.curves().get(part).norms()[T - 1];
      assertEquals(want, got, 1e-5 * want, "gru " + forward);
      var w = Reading.of(model, Glass.TEXT).walk(2 + part);
      assertEquals(forward ? Recurrent.Direction.FORWARD : Recurrent.Direction.BACKWARD, w.direction());
      double matrix = StateFlow.norm(w, 0, d.part(2 + part), 0), curve = flow.curves().get(2 + 3 * part).norms()[T - 1];
      assertEquals(matrix, curve, 1e-5 * matrix, "mlstm " + forward);
      assertTrue(want > 1e-9 && matrix > 1e-9);
    }
  }

  /** An emission score hears what stands on either side of its word. */
  @Test void connectivity_ofATagger_isOfItsEmissions_onBothSides() {
    var r = Reading.of(Glass.tagger("lstm"), Glass.TEXT);
    assertEquals(3, r.scores().cols());
    var tags = new int[T];
    Arrays.fill(tags, 1);
    var c = Connectivity.of(r, tags);
    for (int k = 0; k < T; k++) assertTrue(c.norms()[6][k] > 0, "input " + k);
    tags[6] = 2;
    assertNotEquals(c.norms()[6][2], Connectivity.of(r, tags).norms()[6][2]);
    assertEquals(c.norms()[5][2], Connectivity.of(r, tags).norms()[5][2]);
  }
}
