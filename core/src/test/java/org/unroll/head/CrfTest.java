package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;
import static org.unroll.layer.Try.RAGGED;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Activate;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Dense;
import org.unroll.layer.Embedding;
import org.unroll.layer.Input;
import org.unroll.layer.Layer;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.Try;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** The CRF head: loss and gradients against the reference, and what it promises beyond its equations. */
class CrfTest {
  private final Params ps = new Params();

  private void agrees(Layer body, Head<Slab> head, Batch x, Slab target) {
    Try.random(ps, 3);
    var run = Try.run(ps);
    for (int again = 0; again < 2; again++) {
      var report = GradCheck.model(body, head, x, target, run, 5, again == 0 ? GradCheck.SAMPLES : 0);
      assertEquals(GradCheck.Against.REFERENCE, report.against());
      assertTrue(report.passed(), report::toString);
      run.ws().reset();
    }
  }

  private Concat both(int inputs, int units) {
    return new Concat(List.of(Recurrent.of("f", Cells.find("lstm"), Input.of(inputs), units, Direction.FORWARD, INITS, ps),
        Recurrent.of("b", Cells.find("lstm"), Input.of(inputs), units, Direction.BACKWARD, INITS, ps)));
  }

  @Test void bidirectionalLstmCrf_onRaggedRows_equalsTheReference() {
    var body = new Chain(List.of(Embedding.of("e", 9, 4, HALF, ps), both(4, 3)));
    var head = Crf.of("crf", Dense.of("out", 6, 5, HALF, ps), HALF, ps);
    agrees(body, head, Try.symbols(RAGGED, 4, 9, 1), Try.symbols(RAGGED, 4, 5, 2).x());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1, 17})
  void anyNumberOfLabels_equalsTheReference(int labels) {
    var head = Crf.of("crf", Dense.of("out", 5, labels, HALF, ps), HALF, ps);
    var body = Recurrent.of("r", Cells.find("elman"), Input.of(3), 5, Direction.FORWARD, INITS, ps);
    agrees(body, head, Try.vectors(RAGGED, 4, 3, 1), Try.symbols(RAGGED, 4, labels, 2).x());
  }

  @Test void oneStep_manyRows_andRowsWithoutSteps_equalTheReference() {
    var head = Crf.of("crf", Dense.of("out", 3, 4, HALF, ps), HALF, ps);
    var body = Recurrent.of("r", Cells.find("gru"), Input.of(3), 3, Direction.FORWARD, INITS, ps);
    agrees(body, head, Try.vectors(new int[] {40, 33, 20}, 42, 3, 1), Try.symbols(new int[] {40, 33, 20}, 42, 4, 2).x());
    var one = Try.vectors(new int[] {3}, 3, 3, 4);
    var loss = head.loss(one, Slab.zeros(1, 3, 1), Try.run(ps));
    var grads = new Grads(ps);
    loss.backward(grads);
    assertArrayEquals(new float[16], flat(head.A().of(grads.array())));
  }

  @Test void backward_ofNoStepsAtAll_leavesZeros() {
    var head = Crf.of("crf", Dense.of("out", 3, 4, HALF, ps), HALF, ps);
    Try.random(ps, 3);
    var grads = new Grads(ps);
    head.loss(Try.vectors(new int[0], 2, 3, 1), Slab.zeros(0, 2, 1), Try.run(ps)).backward(grads);
    assertArrayEquals(new float[grads.array().length], grads.array());
  }

  private static float[] flat(Slab s) {
    var f = new float[s.height() * s.cols()];
    for (int r = 0; r < s.height(); r++) for (int k = 0; k < s.cols(); k++) f[r * s.cols() + k] = s.get(r, k);
    return f;
  }

  @Test void longSequences_stayWithinTheBar() {
    int[] alive = new int[64];
    Arrays.fill(alive, 2);
    var head = Crf.of("crf", Dense.of("out", 5, 6, HALF, ps), HALF, ps);
    var body = Recurrent.of("r", Cells.find("gru"), Input.of(3), 5, Direction.FORWARD, INITS, ps);
    agrees(body, head, Try.vectors(alive, 2, 3, 1), Try.symbols(alive, 2, 6, 2).x());
  }

  @Test void count_isSequences_andTheMeanIsOverThem() {
    var head = Crf.of("crf", Dense.of("out", 5, 6, HALF, ps), HALF, ps);
    Try.random(ps, 3);
    var h = Try.vectors(RAGGED, 4, 5, 1);
    var loss = head.loss(h, Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps));
    assertEquals(4, loss.count());
    assertEquals(loss.sum() / 4, loss.mean());
    assertEquals(6, head.outputs());
    assertEquals(0, head.loss(Try.vectors(new int[0], 2, 5, 1), Slab.zeros(0, 2, 1), Try.run(ps)).count());
  }

  @Test void lossAndLattice_speakOfTheSameProbability() {
    var head = Crf.of("crf", Dense.of("out", 5, 6, HALF, ps), HALF, ps);
    Try.random(ps, 3);
    var h = Try.vectors(RAGGED, 4, 5, 1);
    var target = Try.symbols(RAGGED, 4, 6, 2).x();
    var lattices = head.lattices(h, Try.run(ps));
    assertEquals(4, lattices.size());
    double sum = 0;
    for (int n = 0; n < 4; n++) {
      var y = new int[h.length(n)];
      for (int t = 0; t < y.length; t++) y[t] = (int) target.get(t * 4 + n, 0);
      sum -= lattices.get(n).logProbability(y);
    }
    assertEquals(sum, head.loss(h, target, Try.run(ps)).sum(), 1e-6 * sum);
    var p = head.predict(h, Try.run(ps));
    for (int t = 0; t < 7; t++) for (int n = 0; n < RAGGED[t]; n++) assertArrayEquals(lattices.get(n).marginals()[t], p.copyRow(t, n), 1e-6f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 15, 50})
  void decode_givesTheLabelsOfTheLattices_alsoOfEqualScores(int labels) {
    var head = Crf.of("crf", Dense.of("out", 5, labels, HALF, ps), HALF, ps);
    int[] alive = {35, 35, 30, 20, 17, 16, 15, 4, 1};
    for (int round = 0; round < 8; round++) {
      Try.random(ps, round);
      boolean coarse = round % 2 == 1;
      for (int i = 0; coarse && i < ps.array().length; i++) ps.array()[i] = Math.round(2 * ps.array()[i]);
      var h = Try.vectors(alive, 37, 5, round);
      for (int r = 0; coarse && r < h.x().height(); r++) for (int k = 0; k < 5; k++) h.x().set(r, k, Math.round(h.x().get(r, k)));
      ps.touch();
      var lattices = head.lattices(h, Try.run(ps));
      for (String name : new String[] {"scalar", "fast"}) {
        int[][] found = head.decode(h, Try.run(ps, Kernels.of(name, 2)));
        assertEquals(37, found.length);
        for (int n = 0; n < 37; n++) assertArrayEquals(lattices.get(n).viterbi().labels(), found[n], name + ", row " + n);
      }
    }
  }

  @Test void decode_ofGivenScores_copiesNone() {
    int K = 6, steps = 3;
    var head = Crf.of("crf", new Activate(K, Activation.IDENTITY), HALF, ps);
    Try.random(ps, 3);
    var h = Try.vectors(new int[] {20, 20, 7}, 20, K, 1);
    var run = Try.run(ps);
    int[][] found = head.decode(h, run);
    assertEquals(2 * (2 * K * K + 2 * 2 * steps * K * 16), run.ws().allocated());
    var lattices = head.lattices(h, run);
    for (int n = 0; n < 20; n++) assertArrayEquals(lattices.get(n).viterbi().labels(), found[n], "row " + n);
    assertArrayEquals(lattices.get(2).marginals()[1], head.predict(h, run).copyRow(1, 2), 1e-6f);
  }

  /** One step, one group that is full: nothing stands behind what the search keeps. */
  @Test void decode_ofASingleStep_isThatOfTheLattices() {
    var head = Crf.of("crf", Dense.of("out", 5, 6, HALF, ps), HALF, ps);
    Try.random(ps, 3);
    var h = Try.vectors(new int[] {16}, 16, 5, 1);
    var lattices = head.lattices(h, Try.run(ps));
    int[][] found = head.decode(h, Try.run(ps));
    for (int n = 0; n < 16; n++) assertArrayEquals(lattices.get(n).viterbi().labels(), found[n], "row " + n);
  }

  @Test void evenScores_lose_theLogarithmOfAllLabellings() {
    var head = Crf.of("crf", Dense.of("out", 5, 6, HALF, ps), HALF, ps);
    var h = Try.vectors(RAGGED, 4, 5, 1);
    var loss = head.loss(h, Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps));
    assertEquals(18 * Math.log(6), loss.sum(), 1e-5);
  }

  @Test void lattices_outliveTheirRun() {
    var head = Crf.of("crf", Dense.of("out", 5, 6, HALF, ps), HALF, ps);
    Try.random(ps, 3);
    var run = Try.run(ps);
    var first = head.lattices(Try.vectors(RAGGED, 4, 5, 1), run).getFirst();
    double z = first.logZ();
    var best = first.viterbi().labels();
    run.ws().reset();
    Arrays.fill(ps.array(), 9f);
    head.lattices(Try.vectors(RAGGED, 4, 5, 8), run);
    assertEquals(z, first.logZ());
    assertArrayEquals(best, first.viterbi().labels());
    assertTrue(first.marginal(3, best[3]) > 0);
  }
}
