package org.unroll.reference;

import java.util.Map;

/** What a model's output is judged by. Always a sum over steps and sequences, times {@code scale}. */
public sealed interface ReferenceLoss {
  /** Which steps of a sequence are judged. */
  enum At { EVERY_STEP, LAST_STEP }

  /**
   * −log softmax(y)[target], natural logarithm.
   *
   * @param targets [N][length], or [N][1] at the last step only
   */
  record SoftmaxCrossEntropy(At at, int[][] targets, double scale) implements ReferenceLoss {}

  /**
   * ½ Σ_k (y_k − target_k)².
   *
   * @param targets [T, N, K], or [N, K] at the last step only
   */
  record SquaredError(At at, double[] targets, double scale) implements ReferenceLoss {}

  /**
   * −log p(target | x) of whole sequences, the output being the emissions of a linear-chain CRF. The transitions are the arrays
   * {@code name.A} [K, K], {@code name.start} [K] and {@code name.end} [K]. Sequences without steps are not judged.
   *
   * @param labels K
   * @param targets [N][length]
   */
  record Crf(String name, int labels, int[][] targets, double scale) implements ReferenceLoss {}

  /**
   * Σ dy ⊙ y + Σ dState ⊙ state + Σ d · named: a loss whose gradient by the output, by the final states and by what lies within is
   * given. Shows what a backward pass makes of any gradient that comes from above.
   *
   * @param dy [T, N, K]
   * @param dStates by name, {@code name.h} and {@code name.c}, each N × H; may be empty
   * @param dNamed by the names of {@link Traced}; may be empty
   */
  record Linear(double[] dy, Map<String, double[]> dStates, Map<String, Double> dNamed) implements ReferenceLoss {
    public Linear(double[] dy, Map<String, double[]> dStates) { this(dy, dStates, Map.of()); }
  }
}
