package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.reference.FiniteDifference.Difference;
import org.unroll.reference.ReferenceLayer.Chain;
import org.unroll.reference.ReferenceLayer.Concat;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Dropout;
import org.unroll.reference.ReferenceLayer.Embedding;
import org.unroll.reference.ReferenceLayer.OneHot;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss.At;

/** Gradients of the reference against central differences: every array, ragged rows, initial states that are not zero. */
class ReferenceGradientTest {
  private static final int X = 3;
  private static final int H = 4;
  private static final int K = 5;
  private static final int[] LENGTHS = {4, 6, 1};
  private static final int[][] TARGETS = {{1, 4, 0, 2}, {3, 3, 0, 1, 2, 4}, {2}};
  private static final int[][] LABELS = {{1}, {3}, {2}};

  static Stream<String> cells() { return ReferenceCell.NAMES.stream(); }

  @ParameterizedTest @MethodSource("cells")
  void every_cell_with_a_loss_at_every_step_agrees_with_differences(String cell) {
    check(net(cell, false), vectors(), arrays(cell), new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, TARGETS, 1));
  }

  @ParameterizedTest @MethodSource("cells")
  void every_cell_with_a_loss_at_the_last_step_agrees_with_differences(String cell) {
    check(net(cell, false), vectors(), arrays(cell), new ReferenceLoss.SoftmaxCrossEntropy(At.LAST_STEP, LABELS, 0.5));
  }

  @ParameterizedTest @MethodSource("cells")
  void every_cell_backward_in_time_agrees_with_differences(String cell) {
    var target = Nets.some(99, 6 * 3 * K, 1);
    check(net(cell, true), vectors(), arrays(cell), new ReferenceLoss.SquaredError(At.EVERY_STEP, target, 0.25));
  }

  @ParameterizedTest @MethodSource("cells")
  void every_cell_with_a_gradient_of_its_final_states_agrees_with_differences(String cell) {
    var body = new ReferenceModel(new Recurrent("r", cell, X, H, false));
    var values = Nets.recurrent("r", cell, X, H, 3, 46);
    values.put("x", Nets.some(50, 6 * 3 * X, 1));
    var d = new LinkedHashMap<>(Map.of("r.h", Nets.some(51, 3 * H, 1)));
    var slots = ReferenceCell.named(cell).slots();
    for (int i = 1; i < slots.size(); i++) d.put("r." + slots.get(i), Nets.some(51 + i, 3 * H, 1));
    check(body, vectors(), values, new ReferenceLoss.Linear(Nets.some(63, 6 * 3 * H, 1), d));
  }

  @Test void embedding_dropout_both_directions_and_tied_output_agree_with_differences() {
    var model = new ReferenceModel(new Embedding("e", 7, 4), new Dropout(mask(6 * 3 * 4)),
        new Concat(new Recurrent("f", "lstm", 4, 2, false),
            new Chain(new Recurrent("g", "gru", 4, 2, true), new Dropout(mask(6 * 3 * 2)))),
        new Dense("out", 4, 7, "e.E"));
    var values = Nets.recurrent("f", "lstm", 4, 2, 3, 1);
    values.putAll(Nets.recurrent("g", "gru", 4, 2, 3, 11));
    values.put("e.E", Nets.some(21, 7 * 4, 0.8));
    values.put("out.b", Nets.some(22, 7, 0.5));
    var in = Sequences.ofSymbols(new int[][] {{6, 0, 2, 2}, {1, 5, 3, 2, 2, 0}, {4}});
    check(model, in, values, new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, TARGETS, 1.0 / 11));
  }

  @Test void a_stack_on_one_hot_input_with_squared_error_at_the_last_step_agrees_with_differences() {
    var model = new ReferenceModel(new OneHot(7), new Recurrent("a", "gru-before", 7, 3, false),
        new Recurrent("b", "lstm-peephole", 3, 2, false), new Dense("out", 2, K, null));
    var values = Nets.recurrent("a", "gru-before", 7, 3, 3, 1);
    values.putAll(Nets.recurrent("b", "lstm-peephole", 3, 2, 3, 11));
    values.putAll(Nets.dense("out", 2, K, 31));
    var in = Sequences.ofSymbols(new int[][] {{6, 0, 2, 2}, {1, 5, 3, 2, 2, 0}, {4}});
    check(model, in, values, new ReferenceLoss.SquaredError(At.LAST_STEP, Nets.some(9, 3 * K, 1), 1));
  }

  private static ReferenceModel net(String cell, boolean backward) {
    return new ReferenceModel(new Recurrent("r", cell, X, H, backward), new Dense("out", H, K, null));
  }

  private static Sequences vectors() { return Sequences.ofVectors(X, LENGTHS); }

  private static Map<String, double[]> arrays(String cell) {
    var a = Nets.recurrent("r", cell, X, H, 3, cell.equals("elman-relu") ? 4 : 10);
    a.putAll(Nets.dense("out", H, K, 30));
    a.put("x", Nets.some(50, 6 * 3 * X, 1));
    return a;
  }

  private static double[] mask(int n) {
    var m = new double[n];
    for (int i = 0; i < n; i++) m[i] = i % 3 == 1 ? 0 : 1.5;
    return m;
  }

  /** Every array's gradient against differences of the loss, every array moves the loss, and no relu stands at its kink. */
  private static void check(ReferenceModel model, Sequences in, Map<String, double[]> values, ReferenceLoss loss) {
    var r = model.run(in, values, loss);
    assertEquals(values.keySet(), Set.copyOf(r.gradients().keySet()));
    assertTrue(r.nearestKink() > 10 * FiniteDifference.STEP, "a relu is at its kink: take other weights");
    for (String name : List.copyOf(values.keySet())) {
      double[] expected = model.differences(in, values, loss, name);
      var d = Difference.between(r.gradients().get(name), expected);
      assertTrue(d.isSmall(), name + ": " + d);
      assertTrue(java.util.Arrays.stream(expected).map(Math::abs).max().orElse(0) > 1e-3, name + " does not move the loss");
    }
  }
}
