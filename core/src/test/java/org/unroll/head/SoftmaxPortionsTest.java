package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unroll.head.Head.At;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Dense;
import org.unroll.layer.Layer;
import org.unroll.layer.Rows;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.layer.TiedDense;
import org.unroll.layer.Try;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** Scores that never stand whole: the bits are those of all scores at once, the memory is a portion's. */
class SoftmaxPortionsTest {
  private static final int X = 7, V = 43;

  /** Of 12 steps with falling rows, 456 elements: three portions, the last not full. */
  private static final int[] RAGGED = {60, 60, 55, 50, 50, 48, 40, 38, 20, 17, 13, 5};
  private static final int[] FULL = IntStream.range(0, 10).map(_ -> 45).toArray();

  private record Result(double sum, float[] dh, float[] grads) {
    void same(Result other, String what) {
      assertEquals(sum, other.sum, what);
      assertArrayEquals(bits(dh), bits(other.dh), what);
      assertArrayEquals(bits(grads), bits(other.grads), what);
    }
  }

  /** +0 for −0: a sum from which terms of 0 are missing may differ in the sign of zero alone. */
  private static int[] bits(float[] x) { return IntStream.range(0, x.length).map(i -> Float.floatToRawIntBits(x[i] + 0f)).toArray(); }

  private static float[] alive(Slab s, Batch h) {
    var rows = new float[h.tokens() * s.cols()];
    int at = 0;
    for (int t = 0; t < h.alive().length; t++) {
      for (int n = 0; n < h.alive()[t]; n++, at += s.cols()) System.arraycopy(s.copyRow(t, n), 0, rows, at, s.cols());
    }
    return rows;
  }

  /** The equations over all rows at once. */
  private static Result whole(Layer output, At at, Batch h, Slab target, Params ps) {
    var run = Try.run(ps);
    var pass = output.forward(h, State.ZERO, run);
    var z = pass.y().x();
    var nll = run.ws().raw(z.steps(), z.rows(), 1);
    int count = Counted.count(h, at);
    Rows.alive(h, (from, rows) -> {
      for (int r = from; r < from + rows; r++) run.k().crossEntropy(z, r, target, nll, 1f / count);
    });
    double sum = Counted.sum(h, at, nll, z);
    var grads = new Grads(ps);
    return new Result(sum, alive(pass.backward(z, State.ZERO, grads).dx(), h), grads.array());
  }

  private static Result learnt(Softmax head, Batch h, Slab target, Params ps, Run run) {
    var grads = new Grads(ps);
    var learned = head.learn(h, target, run, grads);
    assertEquals(Counted.count(h, head.at()), learned.count());
    assertEquals(learned.sum() / learned.count(), learned.mean());
    return new Result(learned.sum(), alive(learned.dh(), h), grads.array());
  }

  private static void portions_giveTheBitsOfTheWhole(At at, boolean tied) {
    for (int[] alive : new int[][] {RAGGED, FULL}) {
      var ps = new Params();
      var output = tied ? TiedDense.of("out", ps.add("e", V, X, HALF), ps) : Dense.of("out", X, V, HALF, ps);
      Try.random(ps, 3);
      var h = Try.vectors(alive, alive[0], X, 1);
      var target = Try.symbols(alive, alive[0], V, 2).x();
      var want = whole(output, at, h, target, ps);
      for (int scores : new int[] {1, 250 * V, 1 << 20}) {
        for (String name : new String[] {"scalar", "fast"}) for (int threads : new int[] {1, 2, 7}) {
          var head = new Softmax(output, at, scores);
          var run = Try.run(ps, Kernels.of(name, threads));
          String what = scores + " scores, " + name + ", " + threads + " threads";
          want.same(learnt(head, h, target, ps, run), what);
          var loss = head.loss(h, target, run);
          var grads = new Grads(ps);
          want.same(new Result(loss.sum(), alive(loss.backward(grads), h), grads.array()), "in two, " + what);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(At.class)
  void portions_ofADenseOutput_giveTheBitsOfTheWhole(At at) { portions_giveTheBitsOfTheWhole(at, false); }

  @ParameterizedTest
  @EnumSource(At.class)
  void portions_ofATiedOutput_giveTheBitsOfTheWhole(At at) { portions_giveTheBitsOfTheWhole(at, true); }

  @Test void memory_isAPortions() {
    int vocabulary = 5000, T = 32, N = 32;
    var ps = new Params();
    var head = new Softmax(Dense.of("out", X, vocabulary, HALF, ps), At.EVERY_STEP);
    Try.random(ps, 3);
    int[] alive = new int[T];
    Arrays.fill(alive, N);
    var run = Try.run(ps, Kernels.best(1));
    head.learn(Try.vectors(alive, N, X, 1), Try.symbols(alive, N, vocabulary, 2).x(), run, new Grads(ps));
    long floats = run.ws().allocated();
    assertTrue(floats >= 192L * vocabulary && floats < 200L * vocabulary + 3L * T * N * X, floats + " floats");
    run.ws().reset();
    head.learn(Try.vectors(alive, N, X, 1), Try.symbols(alive, N, vocabulary, 2).x(), run, new Grads(ps));
    assertEquals(floats, run.ws().allocated(), "the second step");
  }

  /** Floats that one step takes, of so many rows. */
  private static long taken(int T, int N, int vocabulary, int scores) {
    var ps = new Params();
    var head = new Softmax(Dense.of("out", X, vocabulary, HALF, ps), At.EVERY_STEP, scores);
    int[] alive = new int[T];
    Arrays.fill(alive, N);
    var run = Try.run(ps, Kernels.best(1));
    head.learn(Try.vectors(alive, N, X, 1), Try.symbols(alive, N, vocabulary, 2).x(), run, new Grads(ps));
    return run.ws().allocated();
  }

  @Test void portion_isAsManyTimes192RowsAsTheScoresAllow() {
    int V = 500, rows = 32 * 32;
    long floats = taken(32, 32, V, 400 * V);
    assertTrue(floats >= 384L * V && floats < 390L * V + 3L * rows * X, floats + " floats");
    assertEquals(1 << 19, new Softmax(Dense.of("out", X, V, HALF, new Params()), At.EVERY_STEP).scores());
  }

  @Test void rowsThatFillOnePortion_areNotMoved() { assertEquals(taken(12, 16, 50, 384 * 50), taken(12, 16, 50, 192 * 50)); }
}
