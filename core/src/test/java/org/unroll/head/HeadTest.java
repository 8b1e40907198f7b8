package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.RAGGED;

import org.junit.jupiter.api.Test;
import org.unroll.layer.Dense;
import org.unroll.layer.Try;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** What heads promise beyond their equations. */
class HeadTest {
  private final Params ps = new Params();
  private final Dense out = Dense.of("out", 5, 6, HALF, ps);

  @Test void count_isTokensAtEveryStepAndRowsAtTheLast() {
    Try.random(ps, 3);
    var h = Try.vectors(RAGGED, 4, 5, 1);
    var target = Try.symbols(RAGGED, 4, 6, 2).x();
    assertEquals(18, new Softmax(out, Head.At.EVERY_STEP).loss(h, target, Try.run(ps)).count());
    assertEquals(4, new Softmax(out, Head.At.LAST_STEP).loss(h, target, Try.run(ps)).count());
    var loss = new SquaredError(out, Head.At.LAST_STEP).loss(h, Try.numbers(7, 4, 6, 2), Try.run(ps));
    assertEquals(4, loss.count());
    assertEquals(loss.sum() / 4, loss.mean());
  }

  @Test void count_ofNothing_isZero() {
    var empty = Try.vectors(new int[0], 2, 5, 1);
    for (var at : Head.At.values()) {
      var loss = new SquaredError(out, at).loss(empty, Slab.zeros(0, 2, 6), Try.run(ps));
      assertEquals(0, loss.count());
      assertEquals(0, loss.sum());
    }
    assertEquals(4, new SquaredError(out, Head.At.LAST_STEP).loss(Try.vectors(new int[] {4}, 4, 5, 1), Try.numbers(1, 4, 6, 2), Try.run(ps)).count());
  }

  @Test void lastStep_rowsThatGoOn_haveNoGradient() {
    Try.random(ps, 3);
    var h = Try.vectors(RAGGED, 4, 5, 1);
    var dh = new Softmax(out, Head.At.LAST_STEP).loss(h, Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps)).backward(new Grads(ps));
    for (int t = 0; t < 7; t++) {
      for (int n = 0; n < RAGGED[t]; n++) {
        boolean last = t == h.length(n) - 1;
        assertEquals(last, !java.util.Arrays.equals(new float[5], dh.copyRow(t, n)), "step " + t + ", row " + n);
      }
    }
  }

  @Test void prediction_isTheSoftmaxOfTheOutput_andTheValuesForRegression() {
    Try.random(ps, 3);
    var h = Try.vectors(RAGGED, 4, 5, 1);
    var p = new Softmax(out, Head.At.EVERY_STEP).predict(h, Try.run(ps));
    var z = new SquaredError(out, Head.At.EVERY_STEP).predict(h, Try.run(ps));
    assertEquals(6, new Softmax(out, Head.At.EVERY_STEP).outputs());
    assertEquals(6, new SquaredError(out, Head.At.EVERY_STEP).outputs());
    for (int t = 0; t < 7; t++) for (int n = 0; n < RAGGED[t]; n++) same(z, p, t * 4 + n);
  }

  private static void same(Slab z, Slab p, int r) {
    double sum = 0;
    for (int k = 0; k < 6; k++) sum += Math.exp(z.get(r, k));
    for (int k = 0; k < 6; k++) assertEquals(Math.exp(z.get(r, k)) / sum, p.get(r, k), 1e-7, "row " + r);
  }

  @Test void evenScores_lose_theLogarithmOfTheirNumber() {
    var loss = new Softmax(out, Head.At.EVERY_STEP).loss(Try.vectors(RAGGED, 4, 5, 1), Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps));
    assertEquals(Math.log(6), loss.mean(), 1e-6);
    var g = new Grads(ps);
    loss.backward(g);
    float sum = 0;
    for (float d : out.b().of(g.array()).copyRow(0, 0)) sum += d;
    assertEquals(0, sum, 1e-7);
    assertArrayEquals(new float[30], java.util.Arrays.copyOf(ps.array(), 30));
  }
}
