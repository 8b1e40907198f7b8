package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/**
 * The twins of {@code cell.Elman} and, with weights p, of {@code cell.IndRnn}, whose numbers stand at the lines: a function of the
 * net input, and of the unit's own past where there is a p.
 */
final class VectorElman implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;

  private final Activation activation;
  private final boolean alone;

  /** @param alone whether a unit sees itself alone, by its own weight: an IndRNN */
  VectorElman(Activation activation, boolean alone) {
    this.activation = activation;
    this.alone = alone;
  }

  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    Panels g = x.a();
    float[] a = g.data(), s = x.s().data();
    int stride = g.rowStride(), sStride = x.s().stride();
    for (int k = first; k < end; k++) {
      int at = g.panelAt(row, 0, k), h0 = x.s().row(prev) + k * LANES, h = x.s().row(next) + k * LANES;
      if (alone) PanelLoops.fma(x.p().data(), x.p().offset() + k * LANES, 0, s, h0, sStride, a, at, stride, rows);   // (1)
      switch (activation) {                                                                         // (1)
        case TANH -> PanelLoops.tanh(a, at, stride, s, h, sStride, rows);
        case RELU -> relu(a, at, stride, s, h, sStride, rows);
        default -> copy(a, at, stride, s, h, sStride, rows);
      }
    }
  }

  private static void relu(float[] a, int at, int stride, float[] s, int h, int sStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, h += sStride) {
      for (int l = 0; l < LANES; l += L) {
        FloatVector.fromArray(S, a, at + l).max(FloatVector.zero(S)).intoArray(s, h + l);
      }
    }
  }

  private static void copy(float[] a, int at, int stride, float[] s, int h, int sStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, h += sStride) {
      for (int l = 0; l < LANES; l += L) FloatVector.fromArray(S, a, at + l).intoArray(s, h + l);
    }
  }

  @Override public void backward(Operands x, int row, int prev, int next, int n, int rows, int first, int end) {
    Panels g = x.da();
    float[] da = g.data(), s = x.s().data(), ds = x.ds().data();
    int stride = g.rowStride(), sStride = x.s().stride(), dsStride = x.ds().stride();
    for (int k = first; k < end; k++) {
      int at = g.panelAt(row, 0, k), u = k * LANES, h0 = x.s().row(prev) + u, h = x.s().row(next) + u, dh = x.ds().row(n) + u;
      switch (activation) {                                                                         // (B1)
        case TANH -> tanhBack(s, h, sStride, ds, dh, dsStride, da, at, stride, rows);
        case RELU -> reluBack(s, h, sStride, ds, dh, dsStride, da, at, stride, rows);
        default -> copy(ds, dh, dsStride, da, at, stride, rows);
      }
      if (!alone) {
        PanelLoops.zero(ds, dh, dsStride, rows);
        continue;
      }
      Slab dp = x.dp();
      PanelLoops.multiply(da, at, stride, x.p().data(), x.p().offset() + u, 0, ds, dh, dsStride, rows);              // (B2)
      PanelLoops.fma(da, at, stride, s, h0, sStride, dp.data(), dp.row(n) + u, dp.stride(), rows);                   // (B3)
    }
  }

  private static void tanhBack(float[] s, int h, int sStride, float[] ds, int dh, int dsStride,
      float[] da, int at, int stride, int rows) {
    for (int r = 0; r < rows; r++, h += sStride, dh += dsStride, at += stride) {
      for (int l = 0; l < LANES; l += L) {
        var y = FloatVector.fromArray(S, s, h + l);
        FloatVector.fromArray(S, ds, dh + l).mul(y.neg().fma(y, FloatVector.broadcast(S, 1f))).intoArray(da, at + l);
      }
    }
  }

  private static void reluBack(float[] s, int h, int sStride, float[] ds, int dh, int dsStride,
      float[] da, int at, int stride, int rows) {
    for (int r = 0; r < rows; r++, h += sStride, dh += dsStride, at += stride) {
      for (int l = 0; l < LANES; l += L) {
        var y = FloatVector.fromArray(S, s, h + l);
        var slope = FloatVector.zero(S).blend(1f, y.compare(VectorOperators.GT, 0f));
        FloatVector.fromArray(S, ds, dh + l).mul(slope).intoArray(da, at + l);
      }
    }
  }
}
