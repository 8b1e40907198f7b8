package org.unroll.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Params;

class ModelCheckTest {
  private static final Start START = Start.of(Start.Kind.GLOROT);

  private static Spec lstm(int symbols, int embedding, int units, Spec.HeadSpec head) {
    return new Spec(new Spec.Symbols(symbols), List.of(new Spec.Embedding(embedding, START),
        new Spec.Recurrent("lstm", units, Spec.Direction.FORWARD, 1, START, START)), head);
  }

  private static Spec.Softmax softmax(int classes, Head.At at) { return new Spec.Softmax(classes, false, at, START); }

  private static GradCheck.Row row(GradCheck.Report report, String tensor) {
    return report.rows().stream().filter(r -> r.tensor().equals(tensor)).findFirst().orElseThrow();
  }

  @Test void model_isTakenAsItIs() {
    var network = Network.build(lstm(23, 10, 40, softmax(23, Head.At.EVERY_STEP)));
    var params = NormedPrecisionTest.drawn(network, 3);
    var model = Model.of(network, params, Kernels.scalar(), Map.of());
    var parts = ModelCheck.of(model, Kernels.scalar(), 7, 4);
    assertEquals(2, parts.size());
    assertEquals(List.of(9, 6, 4), parts.getFirst().extent().lengths());
    assertEquals(new ModelCheck.Extent(List.of(9, 6, 4), 4, 160 * 10 + 160 * 40 + 40 * 23, false), parts.getFirst().extent());
    assertEquals(Head.At.EVERY_STEP, parts.getFirst().at());
    assertEquals(Head.At.LAST_STEP, parts.get(1).at());
    assertEquals("[loss, δembedding.E, δrnn0.W, δrnn0.R, δrnn0.b, δhead.W, δhead.b, δrnn0.h0, δrnn0.c0]",
        parts.getFirst().report().rows().stream().map(GradCheck.Row::tensor).toList().toString());
    assertEquals(23 * 10, row(parts.getFirst().report(), "δembedding.E").size());
    assertEquals(40 * 160, row(parts.getFirst().report(), "δrnn0.R").size());
    assertEquals(3 * 40, row(parts.getFirst().report(), "δrnn0.c0").size());
    assertEquals("[4, 4, 4, 4, 4, 4, 4, 4]", parts.getFirst().report().samples().stream().map(GradCheck.Row::entries).toList().toString());
    for (var p : parts) assertTrue(p.report().passed(), p.report()::toString);

    params.array()[network.shape().find("rnn0.R").offset() + 5] += 0.25f;
    params.touch();
    var moved = ModelCheck.of(network, params, Kernels.scalar(), 7, 4);
    for (int i = 0; i < 2; i++) {
      for (var r : parts.get(i).report().rows()) assertNotEquals(r.want(), row(moved.get(i).report(), r.tensor()).want(), r.tensor());
    }
  }

  /** Without weights in the head only its bias speaks, the same at every step: the losses differ by the steps that they hear. */
  @Test void secondPart_hearsOtherSteps() {
    var network = Network.build(lstm(11, 6, 8, softmax(11, Head.At.EVERY_STEP)));
    var params = NormedPrecisionTest.drawn(network, 3);
    var W = network.shape().find("head.W");
    Arrays.fill(params.array(), W.offset(), W.end(), 0f);
    var parts = ModelCheck.of(network, params, Kernels.scalar(), 7, 0);
    assertNotEquals(row(parts.get(0).report(), "loss").want(), row(parts.get(1).report(), "loss").want());
    var b = network.shape().find("head.b");
    double[] two = {0, 0};
    for (int i = 0; i < 2; i++) two[i] = row(parts.get(i).report(), "loss").want();
    double least = Double.POSITIVE_INFINITY, most = 0, sum = 0;
    for (int k = 0; k < 11; k++) sum += Math.exp(params.array()[b.offset() + k]);
    for (int k = 0; k < 11; k++) {
      double nll = Math.log(sum) - params.array()[b.offset() + k];
      least = Math.min(least, nll);
      most = Math.max(most, nll);
    }
    for (double loss : two) assertTrue(loss >= least && loss <= most, loss + " of " + least + " to " + most);
  }

  @Test void sameSeed_givesTheSame_anotherTakesOthers() {
    var network = Network.build(lstm(11, 6, 8, softmax(11, Head.At.LAST_STEP)));
    var params = NormedPrecisionTest.drawn(network, 3);
    var first = ModelCheck.of(network, params, Kernels.scalar(), 7, 4);
    assertEquals(first, ModelCheck.of(network, params, Kernels.scalar(), 7, 4));
    var other = ModelCheck.of(network, params, Kernels.scalar(), 8, 4);
    assertNotEquals(first.getFirst().report().samples().stream().map(GradCheck.Row::place).toList(),
        other.getFirst().report().samples().stream().map(GradCheck.Row::place).toList());
    assertEquals(Head.At.LAST_STEP, first.getFirst().at());
    assertEquals(Head.At.EVERY_STEP, first.get(1).at());
  }

  @Test void largeNetwork_isCutInTime_notInWeights() {
    var network = Network.build(lstm(100, 128, 512, softmax(100, Head.At.EVERY_STEP)));
    assertEquals(new ModelCheck.Extent(List.of(6, 4, 1), 2, 2048 * 128 + 2048 * 512 + 512 * 100, true), ModelCheck.Extent.of(network, 4));
    var larger = Network.build(lstm(100, 128, 4096, softmax(100, Head.At.EVERY_STEP)));
    assertEquals(List.of(2, 1), ModelCheck.Extent.of(larger, 4).lengths());
    assertEquals(1, ModelCheck.Extent.of(larger, 4).samples());
    assertEquals(0, ModelCheck.Extent.of(larger, 0).samples());
  }

  @Test void crf_isDifferentiatedToo() {
    var tagger = Network.build(lstm(11, 6, 8, new Spec.Crf(5, START, new Start(Start.Kind.UNIFORM, 0.1))));
    var parts = ModelCheck.of(tagger, NormedPrecisionTest.drawn(tagger, 3), Kernels.scalar(), 7, 4);
    assertEquals(List.of(false, true), parts.stream().map(ModelCheck.Part::zeros).toList());
    for (var p : parts) {
      assertEquals(null, p.at());
      assertTrue(p.report().passed(), p.report()::toString);
      var names = p.report().samples().stream().map(GradCheck.Row::tensor).toList();
      assertTrue(names.containsAll(List.of("∂head.A", "∂head.start", "∂head.end")), names::toString);
      for (var r : p.report().samples()) assertEquals(0, r.crossed());
    }
  }

  @Test void mlstm_isDifferentiatedToo() {
    var network = Network.build(new Spec(new Spec.Vectors(5), List.of(new Spec.Mlstm(8, 2, Spec.Direction.FORWARD, 1, START)),
        new Spec.SquaredError(3, Head.At.EVERY_STEP, START)));
    var report = ModelCheck.of(network, NormedPrecisionTest.drawn(network, 3), Kernels.scalar(), 7, 4).getFirst().report();
    assertTrue(report.passed(), report::toString);
    assertEquals("[∂rnn0.W, ∂rnn0.b, ∂rnn0.M, ∂rnn0.c, ∂head.W, ∂head.b, ∂x, ∂rnn0.s0]",
        report.samples().stream().map(GradCheck.Row::tensor).toList().toString());
    for (var r : report.samples()) assertTrue(r.entries() == Math.min(4, r.size()) && r.want() != 0, r::toString);
  }

  @Test void wrongArguments_areRefused() {
    var network = Network.build(lstm(11, 6, 8, softmax(11, Head.At.EVERY_STEP)));
    var f = assertThrows(Fault.class, () -> ModelCheck.of(network, new Params(), Kernels.scalar(), 7, 4));
    assertEquals(Code.C030, f.code());
    assertEquals("they are 0 weights", f.what());
    assertEquals("the network has 666", f.why().replaceAll("\\d+", "666"));
    assertEquals("-2 samples", assertThrows(Fault.class, () -> ModelCheck.of(network, network.shape().copy(), Kernels.scalar(), 7, -2)).what());
  }
}
