package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss.At;

class WorkedExampleTest {
  private static final double BAR = 1e-12;
  private final WorkedExample gold = new WorkedExample();
  private final ReferenceLoss loss = new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, gold.targets(), 1);

  @Test void states_loss_and_every_gradient_are_those_of_the_example() {
    var model = new ReferenceModel(new Recurrent("s", "elman", 3, 2, false), new Dense("o", 2, 3, null));
    var r = model.run(Sequences.ofVectors(3, 3), weights(), loss);
    assertEquals(gold.numbers("L")[0], r.loss(), BAR);
    assertArrayEquals(new int[] {0, 2, 1}, gold.targets()[0]);
    assertArrayEquals(gold.numbers("delta_out"), r.dy(), BAR);
    assertArrayEquals(gold.turned("dU", 2, 3), r.gradients().get("s.W"), BAR);
    assertArrayEquals(gold.turned("dW", 2, 2), r.gradients().get("s.R"), BAR);
    assertArrayEquals(gold.numbers("db_s"), r.gradients().get("s.b"), BAR);
    assertArrayEquals(gold.turned("dV", 3, 2), r.gradients().get("o.W"), BAR);
    assertArrayEquals(gold.numbers("db_o"), r.gradients().get("o.b"), BAR);
    assertArrayEquals(softmax(r.y()), gold.numbers("o"), BAR);
  }

  @Test void hidden_states_are_those_of_the_example() {
    var values = weights();
    values.keySet().removeIf(name -> name.startsWith("o."));
    var model = new ReferenceModel(new Recurrent("s", "elman", 3, 2, false));
    var r = model.run(Sequences.ofVectors(3, 3), values, new ReferenceLoss.Linear(new double[6], Map.of()));
    assertArrayEquals(gold.numbers("s"), r.y(), BAR);
  }

  /** U x handed in as the input of a layer whose W is the identity: the gradient by it is δ_hidden itself. */
  @Test void hidden_deltas_are_those_of_the_example() {
    var values = weights();
    var u = Map.of("x", values.get("x"), "u.W", values.get("s.W"), "u.b", new double[2]);
    var product = new ReferenceModel(new Dense("u", 3, 2, null)).run(Sequences.ofVectors(3, 3), u,
        new ReferenceLoss.Linear(new double[6], Map.of()));
    values.put("x", product.y());
    values.put("s.W", new double[] {1, 0, 0, 1});
    var model = new ReferenceModel(new Recurrent("s", "elman", 2, 2, false), new Dense("o", 2, 3, null));
    var r = model.run(Sequences.ofVectors(2, 3), values, loss);
    assertArrayEquals(gold.numbers("delta_hidden"), r.gradients().get("x"), BAR);
  }

  private Map<String, double[]> weights() {
    return new LinkedHashMap<>(Map.of("x", gold.numbers("x"), "s.W", gold.turned("U", 2, 3), "s.R", gold.turned("W", 2, 2),
        "s.b", gold.numbers("b_s"), "s.h0", gold.numbers("s_0"), "o.W", gold.turned("V", 3, 2), "o.b", gold.numbers("b_o")));
  }

  private static double[] softmax(double[] y) {
    var p = new double[y.length];
    for (int r = 0; r < y.length; r += 3) {
      double sum = Math.exp(y[r]) + Math.exp(y[r + 1]) + Math.exp(y[r + 2]);
      for (int k = 0; k < 3; k++) p[r + k] = Math.exp(y[r + k]) / sum;
    }
    return p;
  }
}
