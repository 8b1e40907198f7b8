package org.unroll.tasks.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Precision;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Session;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.tasks.text.Tokens;

/** Models with weights of two bytes: streams, groups and batches agree, and the error told is that of the scores. */
class RoundingTest {
  private static final int SYMBOLS = 11;

  private static Network network(String cell, boolean tied) {
    var s = new Start(Start.Kind.UNIFORM, 0.5);
    var layers = List.<Spec.Layer>of(new Spec.Embedding(21, s), new Spec.Recurrent(cell, 21, Spec.Direction.FORWARD, 1, s, s));
    return Network.build(new Spec(new Spec.Symbols(SYMBOLS), layers, new Spec.Softmax(SYMBOLS, tied, Head.At.EVERY_STEP, s)));
  }

  private static Model model(Network net, Kernels k) {
    net.shape().initialise(new Philox(5, Philox.Stream.INIT));
    return Model.of(net, net.shape(), k, Map.of());
  }

  private static Tokens text(int length) {
    int[] ids = new int[length];
    for (int t = 0; t < length; t++) ids[t] = (t * t + t / 3) % SYMBOLS;
    return Tokens.of(ids);
  }

  /** The meaning of rounded weights: the same arithmetic on matrices that are rounded. No product reads the embedding. */
  private static Model roundedByHand(Network net) {
    Params ps = net.shape().copy();
    for (var p : ps.all()) {
      if (p.rows() == 1 || p.name().equals("embedding.E")) continue;
      for (int i = p.offset(); i < p.end(); i++) ps.array()[i] = Precision.BF16.round(ps.array()[i]);
    }
    return Model.of(net, ps, Kernels.scalar(), Map.of());
  }

  @Test void session_ofRoundedWeights_hasTheBitsOfAModelOfRoundedMatrices() {
    for (var cell : List.of("lstm", "gru", "gru-before", "elman", "lstm-ln")) {
      var net = network(cell, false);
      var exact = model(net, Kernels.best(2));
      var rounded = exact.with(Precision.BF16);
      assertEquals(Precision.BF16, rounded.with(Kernels.best(1)).precision());
      assertEquals(exact.id(), rounded.id());
      Session plain = exact.session(), a = rounded.session(), b = roundedByHand(net).session(), d = rounded.session();
      var scalar = rounded.with(Kernels.scalar()).session();
      var group = rounded.group(2);
      boolean differs = false;
      for (int t = 0; t < 40; t++) {
        int id = text(40).id(t);
        float[] scores = a.step(id);
        assertArrayEquals(b.step(id), scores, cell);
        assertArrayEquals(scalar.step(id), scores, cell);
        group.step(List.of(d), id);
        assertArrayEquals(d.scores(), scores, cell + " in a group");
        differs |= !Arrays.equals(scores, plain.step(id));
      }
      assertTrue(differs, cell);
    }
  }

  @Test void of_text_tellsTheLargestDifferenceOfALogit_andBothScores() {
    for (boolean tied : new boolean[] {false, true}) {
      var m = model(network("lstm", tied), Kernels.best(1));
      var text = text(60);
      var r = Rounding.of(m, Precision.BF16, text);
      double worst = 0;
      Session a = m.session(), b = m.with(Precision.BF16).session();
      for (int t = 0; t < 60; t++) {
        float[] x = a.step(text.id(t)), y = b.step(text.id(t));
        for (int k = 0; k < SYMBOLS; k++) worst = Math.max(worst, Math.abs(x[k] - y[k]));
      }
      assertEquals(worst, r.logit(), 1e-6);
      assertTrue(worst > 1e-4 && worst < 0.1, worst + "");
      assertEquals(60, r.compared());
      assertEquals(Evaluator.of(m, text), r.exact());
      assertEquals(Evaluator.of(m.with(Precision.BF16), text), r.rounded());
      assertEquals(100 * (r.rounded().perplexity() / r.exact().perplexity() - 1), r.percent(), 1e-9);
      var none = Rounding.of(m, Precision.FP32, text);
      assertEquals(0, none.logit());
      assertEquals(0, none.percent());
    }
  }
}
