package org.unroll.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Activations and softmax over runs of floats: whole vectors by {@link VectorMath}, the rest by {@link ScalarMath}. */
final class VectorPointwise {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  private VectorPointwise() {}

  static void sigmoid(float[] x, int at, int n) {
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) VectorMath.sigmoid(load(x, at + k)).intoArray(x, at + k);
    for (int k = whole; k < n; k++) x[at + k] = ScalarMath.sigmoid(x[at + k]);
  }

  static void tanh(float[] x, int at, float[] y, int to, int n) {
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) VectorMath.tanh(load(x, at + k)).intoArray(y, to + k);
    for (int k = whole; k < n; k++) y[to + k] = ScalarMath.tanh(x[at + k]);
  }

  /** @param lane sixteen floats of scratch, as in {@link #softmax} */
  static float crossEntropy(float[] z, int at, int n, int target, float scale, float[] lane) {
    float max = max(z, at, n);
    float score = z[at + target] - max;
    float sum = exponentials(z, at, n, max, lane);
    divide(z, at, n, sum, scale);
    z[at + target] -= scale;
    return ScalarMath.log(sum) - score;
  }

  static void softmax(float[] z, int at, int n, float[] lane) {
    float sum = exponentials(z, at, n, max(z, at, n), lane);
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) load(z, at + k).div(sum).intoArray(z, at + k);
    for (int k = whole; k < n; k++) z[at + k] /= sum;
  }

  private static void divide(float[] z, int at, int n, float sum, float scale) {
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) load(z, at + k).div(sum).mul(scale).intoArray(z, at + k);
    for (int k = whole; k < n; k++) z[at + k] = z[at + k] / sum * scale;
  }

  /** The largest, in any order: it is one of them. */
  private static float max(float[] z, int at, int n) {
    int whole = n / L * L;
    float max = Float.NEGATIVE_INFINITY;
    if (whole > 0) {
      var most = load(z, at);
      for (int k = L; k < whole; k += L) most = most.max(load(z, at + k));
      for (int l = 0; l < L; l++) max = Math.max(max, most.lane(l));
    }
    for (int k = whole; k < n; k++) max = Math.max(max, z[at + k]);
    return max;
  }

  /** z becomes exp(z − max); returns the sum over 16 virtual lanes, folded by halves. */
  private static float exponentials(float[] z, int at, int n, float max, float[] lane) {
    Arrays.fill(lane, 0f);
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) {
      int l = k % Tiling.LANES;
      var e = VectorMath.exp(load(z, at + k).sub(max));
      e.intoArray(z, at + k);
      load(lane, l).add(e).intoArray(lane, l);
    }
    for (int k = whole; k < n; k++) {
      z[at + k] = ScalarMath.exp(z[at + k] - max);
      lane[k % Tiling.LANES] += z[at + k];
    }
    for (int half = Tiling.LANES / 2; half > 0; half /= 2) for (int l = 0; l < half; l++) lane[l] += lane[l + half];
    return lane[0];
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
