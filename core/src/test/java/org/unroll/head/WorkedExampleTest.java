package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;

import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.layer.Dense;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.State;
import org.unroll.layer.Try;
import org.unroll.reference.WorkedExample;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/** The three-step example of the lecture slides (document 002), in float: every number to 1e-6. */
class WorkedExampleTest {
  private static final double BAR = 1e-6;
  private final WorkedExample gold = new WorkedExample();
  private final Params ps = new Params();
  private final Recurrent hidden = Recurrent.of("s", Cells.find("elman"), Input.of(3), 2, Direction.FORWARD, INITS, ps);
  private final Dense output = Dense.of("o", 2, 3, HALF, ps);
  private final Softmax head = new Softmax(output, Head.At.EVERY_STEP);

  @Test void states_outputs_loss_and_every_gradient_are_those_of_the_example() {
    set(hidden.W(), gold.turned("U", 2, 3));
    set(hidden.R(), gold.turned("W", 2, 2));
    set(hidden.b(), gold.numbers("b_s"));
    set(output.W(), gold.turned("V", 3, 2));
    set(output.b(), gold.numbers("b_o"));
    ps.touch();
    var pass = hidden.forward(Batch.full(slab(gold.numbers("x"), 3), new long[1]), State.ZERO, Try.run(ps));
    var loss = head.loss(pass.y(), targets(), Try.run(ps));
    var g = new Grads(ps);
    pass.backward(loss.backward(g), State.ZERO, g);

    assertArrayEquals(gold.numbers("s"), rows(pass.y().x()), BAR);
    assertArrayEquals(gold.numbers("o"), rows(head.predict(pass.y(), Try.run(ps))), BAR);
    assertEquals(gold.numbers("L")[0], loss.sum(), BAR);
    assertArrayEquals(gold.turned("dU", 2, 3), sums(hidden.W(), g), BAR);
    assertArrayEquals(gold.turned("dW", 2, 2), sums(hidden.R(), g), BAR);
    assertArrayEquals(gold.numbers("db_s"), sums(hidden.b(), g), BAR);
    assertArrayEquals(gold.turned("dV", 3, 2), sums(output.W(), g), BAR);
    assertArrayEquals(gold.numbers("db_o"), sums(output.b(), g), BAR);
  }

  private void set(Param p, double[] values) {
    for (int i = 0; i < values.length; i++) ps.array()[p.offset() + i] = (float) values[i];
  }

  private static Slab slab(double[] values, int cols) {
    var s = Slab.zeros(values.length / cols, 1, cols);
    for (int i = 0; i < values.length; i++) s.set(i / cols, i % cols, (float) values[i]);
    return s;
  }

  private Slab targets() {
    var s = Slab.zeros(3, 1, 1);
    for (int t = 0; t < 3; t++) s.set(t, 0, gold.targets()[0][t]);
    return s;
  }

  private static double[] rows(Slab s) {
    var d = new double[s.height() * s.cols()];
    for (int i = 0; i < d.length; i++) d[i] = s.get(i / s.cols(), i % s.cols());
    return d;
  }

  /** The example sums its losses, the head takes their mean over three steps. */
  private static double[] sums(Param p, Grads g) {
    double[] d = rows(p.of(g.array()));
    for (int i = 0; i < d.length; i++) d[i] *= 3;
    return d;
  }
}
