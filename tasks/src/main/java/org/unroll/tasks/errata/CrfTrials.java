package org.unroll.tasks.errata;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.unroll.reference.ReferenceLayer.Activation;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Function;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;

/** E09: the score of a conditional random field, four steps, three labels. */
final class CrfTrials {
  private static final int K = 3, T = 4;
  private static final int[] GOLD = {1, 0, 2, 2};
  private static final double[] A = Nets.some(1, K * K, 1), B = Nets.some(4, T * K, 1);
  private static final double[] START = Nets.some(2, K, 1), END = Nets.some(3, K, 1);

  private CrfTrials() {}

  static List<Trial> score() {
    double wanted = logSum(CrfTrials::right);
    double right = model().loss(in(), arrays(), loss()) + right(GOLD);          // log Z of the forward algorithm
    double printed = logSum(CrfTrials::printed);
    double p = StrictMath.exp(right(GOLD) - wanted);
    return List.of(Trial.of("sum", Row.of("logZ", printed, right, wanted),
        Row.of("p", StrictMath.exp(printed(GOLD) - printed), StrictMath.exp(right(GOLD) - right), p)), Trial.of("tied", tied()));
  }

  /** Emissions that do not come from h give h no gradient. */
  private static Row tied() {
    var v = new LinkedHashMap<>(arrays());
    v.putAll(Nets.dense("o", K, K, 5));
    var tied = new ReferenceModel(new Dense("o", K, K, null));
    double[] right = tied.run(in(), v, loss()).gradients().get("x");
    return Row.of("δh", new double[T * K], right, tied.differences(in(), v, loss(), "x"));
  }

  private static ReferenceModel model() { return new ReferenceModel(new Activation(Function.IDENTITY)); }

  private static Sequences in() { return Sequences.ofVectors(K, T); }

  private static ReferenceLoss loss() { return new ReferenceLoss.Crf("crf", K, new int[][] {GOLD}, 1); }

  private static Map<String, double[]> arrays() { return Map.of("x", B, "crf.A", A, "crf.start", START, "crf.end", END); }

  /** start(y_1) + Σ_t B_t(y_t) + Σ_{t≥2} A(y_{t−1}, y_t) + end(y_T). */
  private static double right(int[] y) {
    double s = START[y[0]] + END[y[T - 1]];
    for (int t = 0; t < T; t++) s += B[t * K + y[t]] + (t > 0 ? A[y[t - 1] * K + y[t]] : 0);
    return s;
  }

  /** Σ_{t≥1} A[y_t, y_{t−1}] + Σ_t B_t(y_t), with the first label for y_0, which the page does not define; A is turned back. */
  private static double printed(int[] y) {
    double s = 0;
    for (int t = 0; t < T; t++) s += B[t * K + y[t]] + A[(t > 0 ? y[t - 1] : 0) * K + y[t]];
    return s;
  }

  /** log Σ exp(score) over all K^T labellings. */
  private static double logSum(ToDoubleFunction<int[]> score) {
    double z = 0;
    for (int c = 0; c < K * K * K * K; c++) {
      z += StrictMath.exp(score.applyAsDouble(new int[] {c % K, c / K % K, c / K / K % K, c / K / K / K}));
    }
    return StrictMath.log(z);
  }
}
