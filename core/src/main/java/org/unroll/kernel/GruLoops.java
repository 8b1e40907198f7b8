package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The way back through what the GRUs have in common: a state mixed of the old one and a candidate by one gate z. */
final class GruLoops {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;

  private GruLoops() {}

  /** δa_z = δh ⊙ (h' − n) ⊙ z ⊙ (1 − z) and δa_n = δh ⊙ (1 − z) ⊙ (1 − n²); δh stays. */
  static void keepBack(float[] a, int z, int n, int stride, float[] s, int h0, int sStride,
      float[] da, int dz, int dn, int dStride, float[] ds, int dh, int dsStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * dStride;
      for (int l = 0; l < LANES; l += L) {
        var one = FloatVector.broadcast(S, 1f);
        var d = FloatVector.fromArray(S, ds, dh + r * dsStride + l);
        var gate = FloatVector.fromArray(S, a, z + at + l);
        var in = FloatVector.fromArray(S, a, n + at + l);
        var before = FloatVector.fromArray(S, s, h0 + r * sStride + l);
        var not = one.sub(gate);
        d.mul(before.sub(in)).mul(gate).mul(not).intoArray(da, dz + to + l);
        d.mul(not).mul(in.neg().fma(in, one)).intoArray(da, dn + to + l);
      }
    }
  }

  /** δa_z = δh ⊙ (n − h') ⊙ z ⊙ (1 − z) and δa_n = δh ⊙ z ⊙ (1 − n²); δh stays. */
  static void writeBack(float[] a, int z, int n, int stride, float[] s, int h0, int sStride,
      float[] da, int dz, int dn, int dStride, float[] ds, int dh, int dsStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * dStride;
      for (int l = 0; l < LANES; l += L) {
        var one = FloatVector.broadcast(S, 1f);
        var d = FloatVector.fromArray(S, ds, dh + r * dsStride + l);
        var gate = FloatVector.fromArray(S, a, z + at + l);
        var in = FloatVector.fromArray(S, a, n + at + l);
        var before = FloatVector.fromArray(S, s, h0 + r * sStride + l);
        d.mul(in.sub(before)).mul(gate).mul(one.sub(gate)).intoArray(da, dz + to + l);
        d.mul(gate).mul(in.neg().fma(in, one)).intoArray(da, dn + to + l);
      }
    }
  }

  /** x = x ⊙ (1 − z). */
  static void rest(float[] x, int at, int stride, float[] z, int zAt, int zStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, zAt += zStride) {
      for (int l = 0; l < LANES; l += L) {
        var not = FloatVector.broadcast(S, 1f).sub(FloatVector.fromArray(S, z, zAt + l));
        FloatVector.fromArray(S, x, at + l).mul(not).intoArray(x, at + l);
      }
    }
  }

  /** d = d ⊙ g ⊙ (1 − g): from a gate to its net input. */
  static void gate(float[] a, int g, int stride, float[] da, int d, int dStride, int rows) {
    for (int r = 0; r < rows; r++, g += stride, d += dStride) {
      for (int l = 0; l < LANES; l += L) {
        var gate = FloatVector.fromArray(S, a, g + l);
        var not = FloatVector.broadcast(S, 1f).sub(gate);
        FloatVector.fromArray(S, da, d + l).mul(gate).mul(not).intoArray(da, d + l);
      }
    }
  }
}
