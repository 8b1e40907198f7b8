package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;
import static org.unroll.layer.Try.RAGGED;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** Jordan's network against the reference, in its bits, and beside Elman's. */
class JordanTest {
  private final Params ps = new Params();

  private Jordan jordan(Input in, int units, int outputs, Activation f) {
    return Jordan.of("l", "head", in, units, outputs, f, INITS, HALF, ps);
  }

  private static void agrees(GradCheck.Report report) {
    assertEquals(GradCheck.Against.REFERENCE, report.against());
    assertTrue(report.passed(), report::toString);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void gradients_anyFeedback_equalTheReference_andThatItsDifferences(Activation f) {
    var layer = jordan(Input.of(3), 19, 5, f);
    Try.random(ps, 3);
    var run = Try.run(ps);
    for (int i = 0; i < 2; i++) {                             // the second time on memory full of NaN
      agrees(GradCheck.layer(layer, Try.vectors(RAGGED, 4, 3, 1), run, 5, 3));
      run.ws().reset();
    }
  }

  @Test void biases_startAtZero_andOnePartIsCarried() {
    var layer = jordan(Input.of(3), 7, 5, Activation.SOFTMAX);
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    assertArrayEquals(new float[7], layer.b().of(ps.array()).copyRow(0, 0));
    assertArrayEquals(new float[5], layer.c().of(ps.array()).copyRow(0, 0));
    assertEquals(1, layer.parts());
  }

  @Test void gradients_ofSymbols_andOfManyRows_equalTheReference() {
    var ids = jordan(Input.oneHot(6), 7, 5, Activation.SOFTMAX);
    Try.random(ps, 3);
    agrees(GradCheck.layer(ids, Try.symbols(RAGGED, 4, 6, 2), Try.run(ps), 5, 3));
    var other = new JordanTest();
    var wide = other.jordan(Input.of(3), 7, 5, Activation.SOFTMAX);
    Try.random(other.ps, 3);
    agrees(GradCheck.layer(wide, Try.vectors(new int[] {20, 18, 17, 3}, 20, 3, 1), Try.run(other.ps), 5, 0));
  }

  /** V gets a gradient from the head and another through the feedback. */
  @Test void headOnTheSameMatrix_equalsTheReference() {
    var layer = jordan(Input.of(3), 8, 5, Activation.SOFTMAX);
    Try.random(ps, 3);
    for (var at : Head.At.values()) {
      agrees(GradCheck.model(layer, new Softmax(layer.output(), at), Try.vectors(RAGGED, 4, 3, 1), Try.symbols(RAGGED, 4, 5, 2).x(),
          Try.run(ps), 5, 3));
    }
  }

  @Test void feedback_isTrainedThrough() {
    var layer = jordan(Input.of(3), 8, 5, Activation.SOFTMAX);
    Try.random(ps, 3);
    var grads = new Grads(ps);
    layer.forward(Try.vectors(RAGGED, 4, 3, 1), State.ZERO, Try.run(ps)).backward(Try.numbers(7, 4, 8, 2), State.ZERO, grads);
    for (var p : List.of(layer.V(), layer.c(), layer.U())) {  // no head: what they get came through p
      double norm = 0;
      for (int i = p.offset(); i < p.end(); i++) norm += grads.array()[i] * grads.array()[i];
      assertTrue(norm > 1e-4, p.name() + " " + norm);
    }
  }

  // ---- bits

  private static void same(Slab a, Slab b, Batch x) {
    for (int t = 0; t < x.alive().length; t++) for (int n = 0; n < x.alive()[t]; n++) assertArrayEquals(a.copyRow(t, n), b.copyRow(t, n));
  }

  @Test void kernels_andThreads_giveTheSameBits() {
    var layer = jordan(Input.of(3), 37, 6, Activation.SOFTMAX);
    Try.random(ps, 3);
    var x = Try.vectors(new int[] {40, 38, 17, 3}, 40, 3, 1);
    var dy = Try.numbers(4, 40, 37, 2);
    var want = layer.forward(x, State.ZERO, Try.run(ps));
    var grads = new Grads(ps);
    var dx = want.backward(dy, State.ZERO, grads).dx();
    for (var k : List.of(Kernels.of("scalar", 7), Kernels.of("plain", 2), Kernels.of("fast", 3))) {
      var got = layer.forward(x, State.ZERO, Try.run(ps, k));
      same(want.y().x(), got.y().x(), x);
      var other = new Grads(ps);
      same(dx, got.backward(dy, State.ZERO, other).dx(), x);
      assertArrayEquals(grads.array(), other.array());
    }
  }

  @Test void stepByStep_andInChunks_hasTheBitsOfTheWhole() {
    var layer = jordan(Input.of(3), 8, 5, Activation.SOFTMAX);
    Try.random(ps, 3);
    var x = Try.vectors(new int[] {2, 2, 2, 2, 2}, 2, 3, 1);
    var in = new State(List.of(Try.numbers(1, 2, 5, 4)));
    var whole = layer.forward(x, in, Try.run(ps));
    var step = Slab.zeros(1, 2, 3);
    var stepper = layer.open(step, Try.run(ps));
    stepper.set(in);
    for (int t = 0; t < 5; t++) {
      for (int n = 0; n < 2; n++) step.setRow(n, x.x(), t * 2 + n);
      stepper.step();
      for (int n = 0; n < 2; n++) assertArrayEquals(whole.y().x().copyRow(t, n), stepper.y().copyRow(0, n));
    }
    for (int n = 0; n < 2; n++) assertArrayEquals(whole.out().part(0).copyRow(0, n), stepper.state().part(0).copyRow(0, n));
    stepper.set(State.ZERO);
    assertArrayEquals(new float[5], stepper.state().part(0).copyRow(0, 1));
    var first = layer.forward(Batch.full(x.x().steps(0, 2), new long[2]), in, Try.run(ps));
    var then = layer.forward(Batch.full(x.x().steps(2, 5), new long[2]), first.out(), Try.run(ps));
    for (int t = 2; t < 5; t++) for (int n = 0; n < 2; n++) assertArrayEquals(whole.y().x().copyRow(t, n), then.y().x().copyRow(t - 2, n));
  }

  @Test void aRow_inABatch_hasTheBitsOfTheRowAlone() {
    var layer = jordan(Input.of(3), 8, 5, Activation.SOFTMAX);
    Try.random(ps, 3);
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var whole = layer.forward(x, State.ZERO, Try.run(ps));
    for (int n = 0; n < 4; n++) {
      int T = x.length(n);
      var alone = Slab.zeros(T, 1, 3);
      for (int t = 0; t < T; t++) alone.setRow(t, x.x(), t * 4 + n);
      var pass = layer.forward(Batch.full(alone, new long[1]), State.ZERO, Try.run(ps));
      for (int t = 0; t < T; t++) assertArrayEquals(whole.y().x().copyRow(t, n), pass.y().x().copyRow(t, 0));
      assertArrayEquals(whole.out().part(0).copyRow(0, n), pass.out().part(0).copyRow(0, 0));
    }
  }

  // ---- beside Elman

  private Recurrent elman(int units, Params own) {
    return Recurrent.of("e", Cells.find("elman"), Input.of(3), units, Direction.FORWARD, INITS, own);
  }

  private static void copy(Params.Param from, Params a, Params.Param to, Params b) {
    System.arraycopy(a.array(), from.offset(), b.array(), to.offset(), from.size());
  }

  /** An output that is the hidden state makes one network of the two. */
  @Test void output_thatIsTheState_makesItElmans_andSoftmaxDoesNot() {
    int H = 6;
    for (var f : List.of(Activation.IDENTITY, Activation.SOFTMAX)) {
      var a = new JordanTest();
      var j = a.jordan(Input.of(3), H, H, f);
      Try.random(a.ps, 3);
      var own = new Params();
      var e = elman(H, own);
      copy(j.W(), a.ps, e.W(), own);
      copy(j.U(), a.ps, e.R(), own);
      copy(j.b(), a.ps, e.b(), own);
      for (int i = 0; i < H; i++) for (int k = 0; k < H; k++) j.V().of(a.ps.array()).set(i, k, i == k ? 1 : 0);
      for (int k = 0; k < H; k++) j.c().of(a.ps.array()).set(0, k, 0);
      var x = Try.vectors(new int[] {1, 1, 1, 1, 1}, 1, 3, 1);
      float[] hj = j.forward(x, State.ZERO, Try.run(a.ps)).y().x().copyRow(4, 0);
      float[] he = e.forward(x, State.ZERO, Try.run(own)).y().x().copyRow(4, 0);
      if (f == Activation.IDENTITY) assertArrayEquals(he, hj, 1e-6f);
      else assertTrue(Math.abs(he[0] - hj[0]) > 0.01, he[0] + " and " + hj[0]);
    }
  }

  /** What the output does not show, Jordan's network forgets: with V = 0 its past is always the same. Elman's is not. */
  @Test void whatTheOutputDoesNotShow_isForgotten() {
    int H = 6;
    var j = jordan(Input.of(3), H, 4, Activation.SOFTMAX);
    Try.random(ps, 3);
    for (int i = j.V().offset(); i < j.V().end(); i++) ps.array()[i] = 0;
    var own = new Params();
    var e = elman(H, own);
    Try.random(own, 3);
    var x = Try.numbers(3, 2, 3, 1);
    x.setRow(5, x, 4);                                        // two rows: other pasts, the same step at last
    var batch = Batch.full(x, new long[2]);
    var yj = j.forward(batch, State.ZERO, Try.run(ps)).y().x();
    var ye = e.forward(batch, State.ZERO, Try.run(own)).y().x();
    assertArrayEquals(yj.copyRow(2, 0), yj.copyRow(2, 1));
    assertTrue(Math.abs(ye.copyRow(2, 0)[0] - ye.copyRow(2, 1)[0]) > 1e-3);
  }
}
