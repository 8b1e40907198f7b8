package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What fused cells have in common: one small thing done to the same 16 units of some rows. Arrays come with the place of the first
 * row and the distance between rows.
 *
 * <p>One loop does one small thing. C2 keeps vectors in registers only while a method stays below some hundred vector
 * operations; a single loop over a whole cell forward, with an exponential for each gate, would put every one of them on the heap. The
 * longer loops call the vector interface directly for the same reason: a helper of ours is no longer inlined once a method has grown.
 */
final class PanelLoops {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;

  private PanelLoops() {}

  /** x = σ(x). */
  static void sigmoid(float[] x, int at, int stride, int rows) {
    for (int r = 0; r < rows; r++, at += stride) {
      for (int l = 0; l < LANES; l += L) VectorMath.sigmoid(FloatVector.fromArray(S, x, at + l)).intoArray(x, at + l);
    }
  }

  /** x = tanh x. */
  static void tanh(float[] x, int at, int stride, int rows) { tanh(x, at, stride, x, at, stride, rows); }

  /** y = tanh x. */
  static void tanh(float[] x, int at, int stride, float[] y, int to, int toStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, to += toStride) {
      for (int l = 0; l < LANES; l += L) VectorMath.tanh(FloatVector.fromArray(S, x, at + l)).intoArray(y, to + l);
    }
  }

  /** y = e^x. */
  static void exp(float[] x, int at, int stride, float[] y, int to, int toStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, to += toStride) {
      for (int l = 0; l < LANES; l += L) VectorMath.exp(FloatVector.fromArray(S, x, at + l)).intoArray(y, to + l);
    }
  }

  /** y = x ⊙ z. */
  static void multiply(float[] x, int at, int stride, float[] z, int zAt, int zStride, float[] y, int to, int toStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, zAt += zStride, to += toStride) {
      for (int l = 0; l < LANES; l += L) {
        FloatVector.fromArray(S, x, at + l).mul(FloatVector.fromArray(S, z, zAt + l)).intoArray(y, to + l);
      }
    }
  }

  /** y += x ⊙ z, by one fma; rows of x {@code stride} apart, 0 for one row that serves all. */
  static void fma(float[] x, int at, int stride, float[] z, int zAt, int zStride, float[] y, int to, int toStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, zAt += zStride, to += toStride) {
      for (int l = 0; l < LANES; l += L) {
        var sum = FloatVector.fromArray(S, y, to + l);
        FloatVector.fromArray(S, x, at + l).fma(FloatVector.fromArray(S, z, zAt + l), sum).intoArray(y, to + l);
      }
    }
  }

  /** x = 0. */
  static void zero(float[] x, int at, int stride, int rows) {
    for (int r = 0; r < rows; r++, at += stride) {
      for (int l = 0; l < LANES; l += L) FloatVector.zero(S).intoArray(x, at + l);
    }
  }

  /** y = z ⊙ x + (1 − z) ⊙ y', as fma(z, x − y', y'). */
  static void write(float[] z, int zAt, float[] x, int at, int stride, float[] y, int prev, int next, int yStride, int rows) {
    for (int r = 0; r < rows; r++, zAt += stride, at += stride, prev += yStride, next += yStride) {
      for (int l = 0; l < LANES; l += L) {
        var before = FloatVector.fromArray(S, y, prev + l);
        var in = FloatVector.fromArray(S, x, at + l);
        FloatVector.fromArray(S, z, zAt + l).fma(in.sub(before), before).intoArray(y, next + l);
      }
    }
  }

  /** y = (1 − z) ⊙ x + z ⊙ y', as fma(z, y' − x, x). */
  static void keep(float[] z, int zAt, float[] x, int at, int stride, float[] y, int prev, int next, int yStride, int rows) {
    for (int r = 0; r < rows; r++, zAt += stride, at += stride, prev += yStride, next += yStride) {
      for (int l = 0; l < LANES; l += L) {
        var before = FloatVector.fromArray(S, y, prev + l);
        var in = FloatVector.fromArray(S, x, at + l);
        FloatVector.fromArray(S, z, zAt + l).fma(before.sub(in), in).intoArray(y, next + l);
      }
    }
  }
}
