package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.head.Head;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** The glass box on layers of different kinds, with ways around them. */
class StackLookTest {
  private static final Start START = new Start(Start.Kind.UNIFORM, 0.4);

  private static Spec.Layer walk(String cell) { return new Spec.Recurrent(cell, 6, Spec.Direction.FORWARD, 1, START, START); }

  private static Spec spec(int embed) {
    var layers = new ArrayList<Spec.Layer>();
    if (embed > 0) layers.add(new Spec.Embedding(embed, START));
    layers.addAll(List.of(new Spec.Mlstm(6, 2, Spec.Direction.FORWARD, 1, START), new Spec.Residual(List.of(walk("lstm"), new Spec.Dropout(0.2))),
        new Spec.Highway(List.of(walk("gru")), -1, START)));
    return new Spec(new Spec.Symbols(Glass.SYMBOLS), layers, new Spec.Softmax(Glass.SYMBOLS, false, Head.At.EVERY_STEP, START));
  }

  @Test void walks_withinWaysAround_areFound() {
    var r = Reading.of(Glass.model(spec(0), _ -> { }), Glass.TEXT);
    assertEquals(List.of("rnn0 mlstm", "rnn1 lstm", "rnn2 gru"), r.walks().stream().map(w -> w.name() + " " + w.cell()).toList());
    for (var w : r.walks()) assertTrue(Unfolded.of(w).check().holds(), w.name());
  }

  /** By one pass over all steps of a lag at once. */
  @Test void flow_ofEachWalk_isTheGradientOfItsOwnState() {
    var model = Glass.model(spec(0), _ -> { });
    int T = Glass.TEXT.length, lags = 4;
    var x = Reading.symbols(Glass.TEXT);
    var target = Reading.symbols(3, 1, 4, 1, 5, 8, 2, 6, 5, 3, 5, 0, 7);
    var flow = GradientFlow.of(model, x, target, lags, 1);
    assertEquals(List.of("rnn0 C", "rnn0 n", "rnn0 m", "rnn1 h", "rnn1 c", "rnn2 h"), flow.curves().stream().map(c -> c.walk()
        + " " + c.slot()).toList());
    for (int k = 0; k < lags; k++) {
      var d = gradient(model, x, target, T - 1 - k);
      assertEquals(3, d.parts().size());
      double[] want = {matrices(d.part(0), 0, 9), matrices(d.part(0), 9, 12), matrices(d.part(0), 12, 13), norm(d.part(1), 0),
          norm(d.part(1), 1), norm(d.part(2), 0)};
      for (int i = 0; i < 6; i++) assertEquals(want[i], flow.curves().get(i).norms()[k], 1e-5 * want[i] + 1e-9, "lag " + k
          + ", curve " + i);
    }
  }

  /** ∂L of the last step by the state before step {@code from}. */
  private static State gradient(Model model, Slab x, Slab target, int from) {
    int T = x.steps();
    var run = model.run(new Workspace());
    var grads = new Grads(model.network().shape());
    var loss = model.network().head().loss(model.read(Batch.full(x, new long[1]), State.ZERO, new Workspace()).y(), target, run);
    var mean = loss.backward(grads);
    var dy = Slab.zeros(T - from, 1, mean.cols());
    for (int k = 0; k < mean.cols(); k++) dy.set(T - 1 - from, k, mean.get(T - 1, k) * loss.count());
    var in = model.read(Batch.full(x.steps(0, from), new long[1]), State.ZERO, new Workspace()).out();
    return model.network().body().forward(Batch.full(x.steps(from, T), new long[1]), in, run).backward(dy, State.ZERO, grads).dIn();
  }

  /** Of two heads of 3 units: columns {@code from} to {@code to} of 13 each. */
  private static double matrices(Slab part, int from, int to) {
    double squares = 0;
    for (int c = 0; c < 26; c++) if (c % 13 >= from && c % 13 < to) squares += (double) part.get(0, c) * part.get(0, c);
    return Math.sqrt(squares);
  }

  private static double norm(Slab part, int slot) {
    double squares = 0;
    for (int u = 0; u < part.cols(); u++) squares += (double) part.get(slot, u) * part.get(slot, u);
    return Math.sqrt(squares);
  }

  /** One-hot rows and an embedding that is the identity are the same input. */
  @Test void connectivity_ofOneHotInput_isThatOfAnIdentityEmbedding() {
    var hot = Glass.model(spec(0), _ -> { });
    var identity = Glass.model(spec(Glass.SYMBOLS), ps -> {
      Glass.fill(ps, "embedding.E", 0);
      for (int v = 0; v < Glass.SYMBOLS; v++) ps.array()[ps.find("embedding.E").offset() + v * (Glass.SYMBOLS + 1)] = 1;
      float[] weights = hot.run(new Workspace()).weights().params().array();
      System.arraycopy(weights, 0, ps.array(), ps.find("embedding.E").end(), weights.length);
    });
    var want = Connectivity.of(Reading.of(identity, Glass.TEXT));
    var got = Connectivity.of(Reading.of(hot, Glass.TEXT));
    for (int t = 0; t < Glass.TEXT.length; t++) assertArrayEquals(want.norms()[t], got.norms()[t], 1e-6, "step " + t);
  }
}
