package org.unroll.reference;

/**
 * Simple recurrent network (Elman 1990, "Finding structure in time").
 * One block in W, R and b.
 * <pre>
 *   (1) a = x W + h' R + b
 *   (2) h = φ(a),  φ = tanh, max(0, ·) or identity
 * </pre>
 */
public record ElmanEquations(Activation activation) implements ReferenceCell {
  /** φ. */
  public enum Activation { TANH, RELU, IDENTITY }

  @Override public CellWeights.Sizes sizes() { return new CellWeights.Sizes(1, 1, 1, 0, false); }

  @Override public int states() { return 1; }

  @Override public int[][] step(CellWeights w, int[] x, int[][] before) {
    Tape t = w.tape();
    var h = new int[w.units()];
    for (int k = 0; k < h.length; k++) {
      int a = w.preActivation(x, before[0], 0, k);                              // (1)
      h[k] = t.named("h", k, phi(t, a));                                        // (2)
    }
    return new int[][] {h};
  }

  int phi(Tape t, int a) {
    return switch (activation) {
      case TANH -> t.tanh(a);
      case RELU -> t.relu(a);
      case IDENTITY -> a;
    };
  }
}
