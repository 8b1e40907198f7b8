package org.unroll.optim;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1).
 * <pre>
 *   (1) m ← β₁ m + (1 − β₁) g
 *   (2) v ← β₂ v + (1 − β₂) g²
 *   (3) m̂ = m / (1 − β₁^t)
 *   (4) v̂ = v / (1 − β₂^t)
 *   (5) w ← w − η m̂ / (√v̂ + ε)
 * </pre>
 * η takes up the divisor of (3), √v the root of that of (4).
 *
 * @param beta1 β₁ in [0, 1), usually 0.9
 * @param beta2 β₂ in [0, 1), usually 0.999
 * @param epsilon ε, usually 1e-8
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
  public Adam {
    Setting.share("adam", "beta1", beta1);
    Setting.share("adam", "beta2", beta2);
    Setting.divisor("adam", epsilon);
  }

  /** β₁ 0.9, β₂ 0.999, ε 1e-8. */
  public static Adam usual() { return new Adam(0.9, 0.999, 1e-8); }

  @Override public List<String> slots() { return List.of("m", "v"); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    move(w, g, s, step, rate, 0, from, to);
  }

  /**
   * The step of Adam and AdamW. The powers are taken in double with StrictMath; decay = 0 leaves w as it is, bit for bit.
   *
   * @param decay share of w that is taken away first
   */
  void move(float[] w, float[] g, float[][] s, long step, double rate, double decay, int from, int to) {
    float[] m = s[0];
    float[] v = s[1];
    float keep = (float) (1 - decay);
    float b1 = (float) beta1;
    float a1 = (float) (1 - beta1);
    float b2 = (float) beta2;
    float a2 = (float) (1 - beta2);
    float eta = (float) (rate / (1 - StrictMath.pow(beta1, step)));                             // (3)
    float root = (float) (1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, step)));           // (4)
    float eps = (float) epsilon;
    for (int k = from; k < to; k++) {
      m[k] = Math.fma(a1, g[k], b1 * m[k]);                                                    // (1)
      v[k] = Math.fma(a2 * g[k], g[k], b2 * v[k]);                                             // (2)
      w[k] = keep * w[k] - eta * m[k] / Math.fma((float) Math.sqrt(v[k]), root, eps);          // (5)
    }
  }
}
