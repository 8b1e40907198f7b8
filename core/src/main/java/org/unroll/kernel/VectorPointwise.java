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

  static void exp(float[] x, int at, float[] y, int to, int n) {
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) VectorMath.exp(load(x, at + k)).intoArray(y, to + k);
    for (int k = whole; k < n; k++) y[to + k] = ScalarMath.exp(x[at + k]);
  }

  static void log(float[] x, int at, float[] y, int to, int n) {
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) VectorMath.log(load(x, at + k)).intoArray(y, to + k);
    for (int k = whole; k < n; k++) y[to + k] = ScalarMath.log(x[at + k]);
  }

  /** @param lanes scratch for a {@link LaneSum} */
  static float crossEntropy(float[] z, int at, int n, int target, float scale, float[] lanes) {
    float max = max(z, at, n, lanes);
    float score = z[at + target] - max;
    float sum = exponentials(z, at, n, max, lanes);
    divide(z, at, n, sum, scale);
    z[at + target] -= scale;
    return ScalarMath.log(sum) - score;
  }

  /** @param lanes scratch for a {@link LaneSum} */
  static void softmax(float[] z, int at, int n, float[] lanes) {
    divide(z, at, n, exponentials(z, at, n, max(z, at, n, lanes), lanes), 1f);
  }

  /** z becomes z / sum · scale. Loads need no method of ours: what C2 inlines after much else must be forced, or it boxes. */
  private static void divide(float[] z, int at, int n, float sum, float scale) {
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) FloatVector.fromArray(S, z, at + k).div(sum).mul(scale).intoArray(z, at + k);
    for (int k = whole; k < n; k++) z[at + k] = z[at + k] / sum * scale;
  }

  /**
   * The largest, in any order: it is one of them. Lanes are told apart in memory: a lane by a number that is not a constant is
   * a call where C2 has not unrolled the loop. The vector that goes around is an argument, not what is asked: of what kind it is,
   * C2 does not know before it has seen the loop's end. Either way every vector of this method became an object.
   */
  private static float max(float[] z, int at, int n, float[] lanes) {
    int whole = n / L * L;
    float max = Float.NEGATIVE_INFINITY;
    if (whole > 0) {
      var most = load(z, at);
      for (int k = L; k < whole; k += L) most = load(z, at + k).max(most);
      most.intoArray(lanes, 0);
      for (int l = 0; l < L; l++) max = Math.max(max, lanes[l]);
    }
    for (int k = whole; k < n; k++) max = Math.max(max, z[at + k]);
    return max;
  }

  /** z becomes exp(z − max); returns the sum. */
  private static float exponentials(float[] z, int at, int n, float max, float[] lanes) {
    Arrays.fill(lanes, 0f);
    int whole = n / L * L;
    for (int k = 0; k < whole; k += L) {
      int l = k % Tiling.LANES;
      var e = VectorMath.exp(load(z, at + k).sub(max));
      e.intoArray(z, at + k);
      add(lanes, l, e);
    }
    for (int k = whole; k < n; k++) {
      z[at + k] = ScalarMath.exp(z[at + k] - max);
      LaneSum.add(lanes, k % Tiling.LANES, z[at + k]);
    }
    return LaneSum.total(lanes);
  }

  /** {@link LaneSum#add} on the lanes from {@code l} on. */
  private static void add(float[] lanes, int l, FloatVector x) {
    var before = load(lanes, l);
    var after = before.add(x);
    var part = after.sub(before);
    after.intoArray(lanes, l);
    var lost = before.sub(after.sub(part)).add(x.sub(part));
    load(lanes, Tiling.LANES + l).add(lost).intoArray(lanes, Tiling.LANES + l);
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
