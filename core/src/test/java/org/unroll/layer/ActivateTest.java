package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.unroll.check.GradCheck;
import org.unroll.kernel.Activation;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** Feed-forward layers against the reference. */
class ActivateTest {
  @ParameterizedTest
  @EnumSource(Activation.class)
  void twoLayers_anyFunction_equalTheReference(Activation f) {
    var ps = new Params();
    var net = new Chain(List.of(Dense.of("a", 3, 19, Try.HALF, ps), new Activate(19, f), Dense.of("b", 19, 5, Try.HALF, ps), new Activate(5, f)));
    Try.random(ps, 3);
    var run = Try.run(ps);
    for (int i = 0; i < 2; i++) {
      var report = GradCheck.layer(net, Try.vectors(Try.RAGGED, 4, 3, 1), run, 5, 3);
      assertEquals(GradCheck.Against.REFERENCE, report.against());
      assertTrue(report.passed(), report::toString);
      run.ws().reset();
    }
    assertEquals(5, net.width());
    assertEquals(0, net.parts());
  }

  @Test void functions_areThoseOfTheirNames() {
    var x = Slab.zeros(1, 1, 3);
    for (int k = 0; k < 3; k++) x.set(0, k, k - 1);
    double e = Math.E, sum = 1 / e + 1 + e;
    values(Activation.IDENTITY, x, -1, 0, 1);
    values(Activation.RELU, x, 0, 0, 1);
    values(Activation.TANH, x, Math.tanh(-1), 0, Math.tanh(1));
    values(Activation.SIGMOID, x, 1 / (1 + e), 0.5, e / (1 + e));
    values(Activation.SOFTMAX, x, 1 / e / sum, 1 / sum, e / sum);
  }

  private static void values(Activation f, Slab x, double... want) {
    var run = Try.run(new Params());
    var layer = new Activate(3, f);
    float[] y = layer.forward(org.unroll.slab.Batch.full(x, new long[1]), State.ZERO, run).y().x().copyRow(0, 0);
    for (int k = 0; k < 3; k++) assertEquals(want[k], y[k], 1e-6, f + " " + k);
    assertEquals(-1, x.get(0, 0));                            // x is left as it is
    var stepper = layer.open(x, run);
    stepper.step();
    assertArrayEquals(y, stepper.y().copyRow(0, 0));
  }

  @Test void backward_leavesTheGradientFromAboveAsItWas() {
    var x = Try.vectors(Try.RAGGED, 4, 3, 1);
    var dy = Try.numbers(7, 4, 3, 2);
    new Activate(3, Activation.TANH).forward(x, State.ZERO, Try.run(new Params())).backward(dy, State.ZERO, new Grads(new Params()));
    for (int r = 0; r < 28; r++) assertArrayEquals(Try.numbers(7, 4, 3, 2).copyRow(r / 4, r % 4), dy.copyRow(r / 4, r % 4));
  }
}
