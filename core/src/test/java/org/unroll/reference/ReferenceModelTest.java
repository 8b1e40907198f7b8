package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.reference.ReferenceLayer.Concat;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Dropout;
import org.unroll.reference.ReferenceLayer.Embedding;
import org.unroll.reference.ReferenceLayer.OneHot;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss.At;

class ReferenceModelTest {
  private static final ReferenceLoss NOTHING = new ReferenceLoss.Linear(new double[64], Map.of());
  private static final int[][] TWO = {{1, 0}, {2}};

  @Test void one_hot_before_a_dense_layer_is_an_embedding() {
    double[] table = {1, 2, 3, 4, 5, 6};
    var in = Sequences.ofSymbols(TWO);
    double[] y = {3, 4, 5, 6, 1, 2, 0, 0};                                      // step 0: rows 1 and 2; step 1: row 0, ended
    assertArrayEquals(y, new ReferenceModel(new Embedding("e", 3, 2)).run(in, Map.of("e.E", table), NOTHING).y());
    var dense = new ReferenceModel(new OneHot(3), new Dense("d", 3, 2, null));
    assertArrayEquals(y, dense.run(in, Map.of("d.W", table, "d.b", new double[2]), NOTHING).y());
  }

  @Test void dense_is_x_W_plus_b_and_tied_uses_the_transpose() {
    var in = Sequences.ofVectors(2, 1);
    var v = Map.of("x", new double[] {1, 10}, "d.W", new double[] {1, 2, 3, 4, 5, 6}, "d.b", new double[] {.1, .2, .3});
    var own = new ReferenceModel(new Dense("d", 2, 3, null));
    assertArrayEquals(new double[] {41.1, 52.2, 63.3}, own.run(in, v, NOTHING).y(), 1e-12);
    var tied = new ReferenceModel(new Dense("d", 2, 3, "d.W"));
    assertArrayEquals(new double[] {21.1, 43.2, 65.3}, tied.run(in, v, NOTHING).y(), 1e-12);
  }

  @Test void dropout_multiplies_by_its_mask() {
    var r = new ReferenceModel(new Dropout(new double[] {0, 2, 2, 0})).run(Sequences.ofVectors(2, 2),
        Map.of("x", new double[] {1, 2, 3, 4}), new ReferenceLoss.Linear(new double[] {1, 1, 1, 1}, Map.of()));
    assertArrayEquals(new double[] {0, 4, 6, 0}, r.y());
    assertArrayEquals(new double[] {0, 2, 2, 0}, r.gradients().get("x"));
  }

  @Test void concat_puts_outputs_side_by_side() {
    var model = new ReferenceModel(new Concat(new Dense("a", 1, 1, null), new Dense("b", 1, 2, null)));
    var v = Map.of("x", new double[] {2}, "a.W", new double[] {3}, "a.b", new double[1], "b.W", new double[] {4, 5},
        "b.b", new double[2]);
    assertArrayEquals(new double[] {6, 8, 10}, model.run(Sequences.ofVectors(1, 1), v, NOTHING).y());
  }

  /** E08: the backward direction takes h_t from h_{t+1}. */
  @Test void E08_a_backward_layer_on_a_reversed_sequence_is_a_forward_one() {
    var v = Nets.recurrent("r", "lstm", 1, 2, 2, 3);
    v.put("x", new double[] {.1, .9, .2, .8, .3, -7});                          // rows .1 .2 .3 and .9 .8
    var forward = new ReferenceModel(new Recurrent("r", "lstm", 1, 2, false)).run(Sequences.ofVectors(1, 3, 2), v, NOTHING);
    v.put("x", new double[] {.3, .8, .2, .9, .1, -7});
    var backward = new ReferenceModel(new Recurrent("r", "lstm", 1, 2, true)).run(Sequences.ofVectors(1, 3, 2), v, NOTHING);
    int[] went = {4, 3, 2, 1, 0};                                               // where (t, n) = i / 2, i % 2 stands now
    for (int i = 0; i < 5; i++) {
      for (int k = 0; k < 2; k++) assertEquals(forward.y()[2 * i + k], backward.y()[2 * went[i] + k]);
    }
    assertArrayEquals(forward.states().get("r.h"), backward.states().get("r.h"));
    assertArrayEquals(forward.states().get("r.c"), backward.states().get("r.c"));
  }

  @Test void initial_states_that_are_not_given_are_zero() {
    var v = Nets.recurrent("r", "lstm", 1, 2, 3, 3);
    v.put("x", Nets.some(50, 6, 1));
    v.put("r.h0", new double[6]);
    v.put("r.c0", new double[6]);
    var model = new ReferenceModel(new Recurrent("r", "lstm", 1, 2, false));
    var given = model.run(Sequences.ofVectors(1, 2, 2, 1), v, NOTHING);
    v.keySet().removeAll(java.util.List.of("r.h0", "r.c0"));
    assertArrayEquals(given.y(), model.run(Sequences.ofVectors(1, 2, 2, 1), v, NOTHING).y());
  }

  @Test void losses_have_their_values_at_every_step_and_at_the_last() {
    var id = new ReferenceModel(new Dropout(new double[] {1, 1, 1, 1, 1, 1, 1, 1}));
    var in = Sequences.ofVectors(2, 2, 1);
    var v = Map.of("x", new double[] {1, 2, 3, 5, -1, 4, 99, 99});              // rows (1,2)(−1,4) and (3,5)
    double a = Math.log(Math.exp(1) + Math.exp(2)) - 1;
    double b = Math.log(Math.exp(-1) + Math.exp(4)) - 4;
    double c = Math.log(Math.exp(3) + Math.exp(5)) - 5;
    var everyStep = new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, new int[][] {{0, 1}, {1}}, 2);
    var lastStep = new ReferenceLoss.SoftmaxCrossEntropy(At.LAST_STEP, new int[][] {{1}, {1}}, 1);
    assertEquals(2 * (a + b + c), loss(id, in, v, everyStep), 1e-14);
    assertEquals(b + c, loss(id, in, v, lastStep), 1e-14);
    double[] every = {0, 0, 1, 1, 0, 1, 0, 0};
    assertEquals(0.25 * (1 + 4 + 4 + 16 + 1 + 9), loss(id, in, v, new ReferenceLoss.SquaredError(At.EVERY_STEP, every, 0.5)));
    double[] last = {0, 1, 1, 1};
    assertEquals(0.5 * (1 + 9 + 4 + 16), loss(id, in, v, new ReferenceLoss.SquaredError(At.LAST_STEP, last, 1)));
    assertEquals(1 * 2 + 3 * 4 - 1, loss(id, in, v, new ReferenceLoss.Linear(new double[] {2, 0, 4, 0, 1, 0, 9, 9}, Map.of())));
  }

  @Test void cross_entropy_of_huge_outputs_is_finite() {
    var id = new ReferenceModel(new Dropout(new double[] {1, 1}));
    var r = id.run(Sequences.ofVectors(2, 1), Map.of("x", new double[] {2000, -2000}),
        new ReferenceLoss.SoftmaxCrossEntropy(At.LAST_STEP, new int[][] {{1}}, 1));
    assertEquals(4000, r.loss());
    assertArrayEquals(new double[] {1, -1}, r.gradients().get("x"));
  }

  @Test void wrong_arrays_are_refused_by_name() {
    var model = new ReferenceModel(new Dense("d", 2, 3, null));
    var in = Sequences.ofVectors(2, 1);
    var v = new LinkedHashMap<>(Map.of("x", new double[2], "d.W", new double[6]));
    assertRefused("reference d.b: is missing, must have 3 values", model, in, v);
    v.put("d.b", new double[2]);
    assertRefused("reference d.b: size is 2, must be 3", model, in, v);
    v.put("d.b", new double[3]);
    v.put("d.c", new double[3]);
    assertRefused("reference [d.c]: given, but no layer has them", model, in, v);
    assertRefused("reference d: width of the input is 1, must be 2", model, Sequences.ofVectors(1, 1),
        Map.of("x", new double[1], "d.W", new double[6], "d.b", new double[3]));
    var embedding = new ReferenceModel(new Embedding("e", 3, 1));
    assertRefused("reference input: symbol is 3, must be below 3", embedding, Sequences.ofSymbols(new int[][] {{3}}),
        Map.of("e.E", new double[3]));
    assertRefused("reference input: is vectors, must be symbols", embedding, in,
        Map.of("x", new double[2], "e.E", new double[3]));
    var states = new ReferenceLoss.Linear(new double[3], Map.of("d.h", new double[3]));
    v.remove("d.c");
    var e = assertThrows(IllegalArgumentException.class, () -> model.run(in, v, states));
    assertEquals("reference d.h: no layer has this state", e.getMessage());
  }

  private static void assertRefused(String message, ReferenceModel model, Sequences in, Map<String, double[]> v) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, () -> model.run(in, v, NOTHING)).getMessage());
  }

  private static double loss(ReferenceModel model, Sequences in, Map<String, double[]> v, ReferenceLoss loss) {
    double l = model.run(in, v, loss).loss();
    assertEquals(l, model.loss(in, v, loss));
    return l;
  }
}
