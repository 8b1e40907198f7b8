package org.unroll.tasks.lm;

import org.unroll.kernel.Precision;
import org.unroll.model.Model;
import org.unroll.tasks.text.Tokens;

/**
 * What rounding its weights costs a model, measured on a text.
 *
 * @param exact with the weights as they are
 * @param rounded with rounded ones
 * @param logit largest difference of a logit, over the first symbols
 * @param compared how many symbols these are
 */
public record Rounding(Evaluator.Score exact, Evaluator.Score rounded, double logit, int compared) {
  private static final int COMPARED = 2_000;

  /** Reads a text with both; D005 for fewer than two symbols. */
  public static Rounding of(Model model, Precision precision, Tokens text) {
    Model exact = model.with(Precision.FP32), rounded = model.with(precision);
    var score = Evaluator.of(exact, text);
    int compared = Math.min(COMPARED, text.size());
    double worst = 0;
    try (var a = exact.session(); var b = rounded.session()) {
      for (int t = 0; t < compared; t++) {
        float[] x = a.step(text.id(t)), y = b.step(text.id(t));
        for (int k = 0; k < x.length; k++) worst = Math.max(worst, Math.abs((double) x[k] - y[k]));
      }
    }
    return new Rounding(score, Evaluator.of(rounded, text), worst, compared);
  }

  /** By how many per cent the perplexity is higher; below 0 it is lower. */
  public double percent() { return 100 * (StrictMath.exp(rounded.mean() - exact.mean()) - 1); }
}
