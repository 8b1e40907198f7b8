package org.unroll.kernel;

/**
 * A sum over sixteen virtual lanes, each beside what its additions have rounded away, which is found exactly (TwoSum; Knuth, The
 * Art of Computer Programming 2, 4.2.2, theorem B). Without it the sum of a softmax that stands at 1 swallows every term below
 * 2^−24: among 50,000 symbols they come to 1e-3. Lanes stand at 0, what they lost at {@link Tiling#LANES}.
 */
final class LaneSum {
  static final int SIZE = 2 * Tiling.LANES;

  private LaneSum() {}

  /** Adds x to a lane; {@code VectorPointwise} does the same to a vector of them. */
  static void add(float[] lanes, int l, float x) {
    float before = lanes[l], after = before + x, part = after - before;
    lanes[l] = after;
    lanes[Tiling.LANES + l] += (before - (after - part)) + (x - part);
  }

  /** The sum of all, folded by halves. */
  static float total(float[] lanes) {
    for (int half = Tiling.LANES / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        lanes[Tiling.LANES + l] += lanes[Tiling.LANES + l + half];
        add(lanes, l, lanes[l + half]);
      }
    }
    return lanes[0] + lanes[Tiling.LANES];
  }
}
