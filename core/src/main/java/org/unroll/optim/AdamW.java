package org.unroll.optim;

import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2).
 * <pre>
 *   (1) w ← (1 − η λ) w, then the step of {@link Adam}
 * </pre>
 * The paper's schedule multiplier and rate α are one η here, and η multiplies λ (as in PyTorch).
 *
 * <p>It has Adam's slots: to spare biases the decay, step the matrices with AdamW and the rest with Adam.
 *
 * @param beta1 β₁ in [0, 1), usually 0.9
 * @param beta2 β₂ in [0, 1), usually 0.999
 * @param epsilon ε, usually 1e-8
 * @param decay λ, usually 0.01
 */
public record AdamW(double beta1, double beta2, double epsilon, double decay) implements Optimizer {
  public AdamW {
    Setting.share("adamw", "beta1", beta1);
    Setting.share("adamw", "beta2", beta2);
    Setting.divisor("adamw", epsilon);
    Setting.notNegative("adamw", "decay", decay);
  }

  @Override public List<String> slots() { return List.of("m", "v"); }

  @Override public void update(float[] w, float[] g, float[][] s, long step, double rate, int from, int to) {
    new Adam(beta1, beta2, epsilon).move(w, g, s, step, rate, rate * decay, from, to);    // (1)
  }
}
