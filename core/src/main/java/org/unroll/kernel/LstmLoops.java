package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The output of an LSTM, common to its variants: h = o ⊙ tanh c, and the way back. */
final class LstmLoops {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;

  private LstmLoops() {}

  /** h = o ⊙ tanh c. */
  static void output(float[] a, int o, int stride, float[] s, int c, int h, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var gate = FloatVector.fromArray(S, a, o + at + l);
        gate.mul(VectorMath.tanh(FloatVector.fromArray(S, s, c + to + l))).intoArray(s, h + to + l);
      }
    }
  }

  /** δh and tanh c, which waits in δa_o, to δa_o; δc takes what came through h; δh' has no direct part. */
  static void outputBack(float[] a, int o, int stride, float[] da, int dO, int dStride, float[] ds, int dh, int dc, int dsStride,
      int rows) {
    for (int r = 0; r < rows; r++) {
      int at = dO + r * dStride, to = r * dsStride;
      for (int l = 0; l < LANES; l += L) {
        var one = FloatVector.broadcast(S, 1f);
        var t = FloatVector.fromArray(S, da, at + l);
        var gate = FloatVector.fromArray(S, a, o + r * stride + l);
        var d = FloatVector.fromArray(S, ds, dh + to + l);
        var c = FloatVector.fromArray(S, ds, dc + to + l);
        d.mul(t).mul(gate).mul(one.sub(gate)).intoArray(da, at + l);
        d.mul(gate).fma(t.neg().fma(t, one), c).intoArray(ds, dc + to + l);
        FloatVector.zero(S).intoArray(ds, dh + to + l);
      }
    }
  }
}
