package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Penalties on activations, and dropout with one mask for a sequence. */
class ActivityTest {
  private final Params ps = new Params();

  /** As AWD-LSTM has them: changes of the raw output, squares of the dropped one. */
  private Chain body() {
    var body = new Chain(List.of(Recurrent.of("a", Cells.find("lstm"), Input.of(3), 5, Direction.FORWARD, Try.INITS, ps),
        new Activity(5, 0, 0.7), new Dropout(5, 0.3, Dropout.Over.SEQUENCE, 1), new Activity(5, 1.3, 0)));
    Try.random(ps, 3);
    return body;
  }

  @Test void gradients_equalTheReference_alsoUnderAHead() {
    var body = body();
    var layer = GradCheck.layer(body, Try.vectors(Try.RAGGED, 4, 3, 1), Try.training(ps, 17), 5, 3);
    assertEquals(GradCheck.Against.REFERENCE, layer.against());
    assertTrue(layer.passed(), layer::toString);
    var head = new Softmax(Dense.of("out", 5, 6, Try.HALF, ps), Head.At.EVERY_STEP);
    Try.random(ps, 3);
    var model = GradCheck.model(body, head, Try.vectors(Try.RAGGED, 4, 3, 1), Try.symbols(Try.RAGGED, 4, 6, 2).x(), Try.training(ps, 17), 5, 3);
    assertTrue(model.passed(), model::toString);
    assertFalse(model.samples().isEmpty());
  }

  /** Two sequences, of three steps and of one: 1 2 4 and 3. */
  private static final Batch X = new Batch(new Slab(new float[] {1, 3, 2, 99, 4, 99}, 0, 3, 2, 1, 1), new int[] {2, 1, 1}, new long[] {1, 2});

  @Test void penalty_isTheMeanOfSquaresAndOfSquaredChanges() {
    var squares = (Activity.Trace) new Activity(1, 2, 0).forward(X, State.ZERO, Try.training(ps, 0));
    assertEquals(2 * (1 + 4 + 16 + 9) / 4.0, squares.penalty(), 1e-12);
    var changes = (Activity.Trace) new Activity(1, 0, 3).forward(X, State.ZERO, Try.training(ps, 0));
    assertEquals(3 * (1 + 4) / 2.0, changes.penalty(), 1e-12);
    var dx = changes.backward(Slab.zeros(3, 2, 1), State.ZERO, new Grads(ps)).dx();
    assertArrayEquals(new float[] {-3, 3 - 6, 6}, new float[] {dx.get(0, 0), dx.get(2, 0), dx.get(4, 0)});
    assertEquals(0, dx.get(1, 0));
    var one = (Activity.Trace) new Activity(1, 0, 3).forward(Batch.full(X.x().step(0), X.ids()), State.ZERO, Try.training(ps, 0));
    assertEquals(0, one.penalty());
    assertEquals(5, one.backward(new Slab(new float[] {5, 5}, 0, 1, 2, 1, 1), State.ZERO, new Grads(ps)).dx().get(1, 0));
  }

  @Test void inEvaluation_thereIsNoPenalty() {
    var pass = new Activity(1, 2, 3).forward(X, State.ZERO, Try.run(ps));
    assertSame(X, pass.y());
    var dy = Slab.zeros(3, 2, 1);
    assertSame(dy, pass.backward(dy, State.ZERO, new Grads(ps)).dx());
    var x = Slab.zeros(1, 2, 1);
    assertSame(x, new Activity(1, 2, 3).open(x, Try.training(ps, 0)).y());
  }

  @Test void kernelsAndThreads_giveTheSameBits() {
    for (int rows : new int[] {4, 37}) {
      float[] one = dx(rows, Kernels.of("scalar", 1));
      assertArrayEquals(one, dx(rows, Kernels.of("fast", 7)));
      assertArrayEquals(one, dx(rows, Kernels.of("plain", 2)));
    }
  }

  private float[] dx(int rows, Kernels k) {
    var x = Try.vectors(new int[] {rows, rows, rows - 1, 1}, rows, 19, 1);
    var run = Run.training(new Weights(ps, k), new Philox(1, Philox.Stream.DROPOUT), 0, new Workspace());
    var dy = Try.numbers(4, rows, 19, 3);
    var before = dy.data().clone();
    var dx = new Activity(19, 0.5, 0.25).forward(x, State.ZERO, run).backward(dy, State.ZERO, new Grads(ps)).dx();
    assertArrayEquals(before, dy.data(), "the gradient from above");
    float[] all = new float[(3 * rows) * 19];
    for (int r = 0; r < 3 * rows - 1; r++) System.arraycopy(dx.copyRow(r / rows, r % rows), 0, all, r * 19, 19);
    return all;
  }

  // ---- dropout

  @Test void dropoutOfASequence_hasOneMaskForAllSteps_anotherForEachSequence() {
    var x = Try.vectors(Try.RAGGED, 4, 33, 1);
    var tr = (Dropout.Trace) new Dropout(33, 0.4, Dropout.Over.SEQUENCE, 2).forward(x, State.ZERO, Try.training(ps, 5));
    for (int t = 0; t < 7; t++) for (int n = 0; n < Try.RAGGED[t]; n++) {
      assertArrayEquals(tr.m().copyRow(0, n), tr.m().copyRow(t, n));
      for (int k = 0; k < 33; k++) assertEquals(tr.m().get(n, k) * x.x().get(t * 4 + n, k), tr.y().x().get(t * 4 + n, k));
    }
    assertFalse(Arrays.equals(tr.m().copyRow(0, 0), tr.m().copyRow(0, 1)));
    float[] mask = new float[33];
    new Philox(11, Philox.Stream.DROPOUT).mask(5, 2, x.ids()[0], 0, (float) (1 - 0.4), mask, 0, 33);
    assertArrayEquals(mask, tr.m().copyRow(0, 0));
    var other = (Dropout.Trace) new Dropout(33, 0.4, Dropout.Over.SEQUENCE, 2).forward(x, State.ZERO, Try.training(ps, 6));
    assertFalse(Arrays.equals(tr.m().copyRow(0, 0), other.m().copyRow(0, 0)), "another step, the same mask");
    var late = (Dropout.Trace) new Dropout(33, 0.4, Dropout.Over.SEQUENCE, 2)
        .forward(new Batch(x.x().steps(3, 7), new int[] {3, 3, 1, 1}, x.ids()), State.ZERO, Try.training(ps, 5));
    assertArrayEquals(tr.m().copyRow(0, 0), late.m().copyRow(2, 0), "a window of the same step has another mask");
    assertNotSame(x, tr.y());
  }

  @Test void dropoutOfAStep_isAsItAlwaysWas() {
    var x = Try.vectors(Try.RAGGED, 4, 33, 1);
    var tr = (Dropout.Trace) new Dropout(33, 0.4, 2).forward(x, State.ZERO, Try.training(ps, 5));
    assertFalse(Arrays.equals(tr.m().copyRow(0, 0), tr.m().copyRow(1, 0)));
    float[] mask = new float[33];
    new Philox(11, Philox.Stream.DROPOUT).mask(5, 2, x.ids()[0], 33, (float) (1 - 0.4), mask, 0, 33);
    assertArrayEquals(mask, tr.m().copyRow(1, 0));
  }
}
