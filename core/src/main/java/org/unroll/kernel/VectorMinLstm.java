package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The twin of {@code cell.MinLstm}, whose numbers stand at the lines. */
final class VectorMinLstm implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;
  private static final int F = 0, I = 1, N = 2;

  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    var s = x.s();
    float[] a = g.data();
    for (int k = first; k < end; k++) {
      int f = g.panelAt(row, F, k), i = g.panelAt(row, I, k), n = g.panelAt(row, N, k);
      PanelLoops.sigmoid(a, f, g.rowStride(), rows);                                                // (1)
      PanelLoops.sigmoid(a, i, g.rowStride(), rows);                                                // (2)
      state(a, f, i, n, g.rowStride(), s.data(), s.row(prev) + k * LANES, s.row(next) + k * LANES, s.stride(), rows);
    }
    if (end == g.panels()) g.clearPadding(row, rows);
  }

  private static void state(float[] a, int f, int i, int n, int stride, float[] s, int h0, int h, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var forget = FloatVector.fromArray(S, a, f + at + l).max(FloatVector.broadcast(S, Float.MIN_NORMAL));
        var write = FloatVector.fromArray(S, a, i + at + l).max(FloatVector.broadcast(S, Float.MIN_NORMAL));
        var keep = forget.div(forget.add(write));                                                   // (3)
        var in = FloatVector.fromArray(S, a, n + at + l);
        keep.fma(FloatVector.fromArray(S, s, h0 + to + l).sub(in), in).intoArray(s, h + to + l);    // (4)
      }
    }
  }

  @Override public void backward(Operands x, int row, int prev, int next, int n, int rows, int first, int end) {
    Panels g = x.a(), dg = x.da();
    float[] a = g.data(), da = dg.data(), ds = x.ds().data();
    int stride = g.rowStride(), dStride = dg.rowStride(), dsStride = x.ds().stride();
    for (int k = first; k < end; k++) {
      int f = g.panelAt(row, F, k), i = g.panelAt(row, I, k), in = g.panelAt(row, N, k), dh = x.ds().row(n) + k * LANES;
      int df = dg.panelAt(row, F, k), di = dg.panelAt(row, I, k), dn = dg.panelAt(row, N, k);
      keep(a, f, i, stride, da, df, dStride, rows);
      int h0 = x.s().row(prev) + k * LANES;
      stateBack(a, in, stride, x.s().data(), h0, x.s().stride(), da, df, dn, dStride, ds, dh, dsStride, rows);
      gatesBack(a, f, i, stride, da, df, di, dStride, rows);
    }
    if (end == g.panels()) dg.clearPadding(row, rows);        // −0
  }

  /** k waits in δa_f. */
  private static void keep(float[] a, int f, int i, int stride, float[] da, int df, int dStride, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int l = 0; l < LANES; l += L) {
        var forget = FloatVector.fromArray(S, a, f + r * stride + l).max(FloatVector.broadcast(S, Float.MIN_NORMAL));
        var write = FloatVector.fromArray(S, a, i + r * stride + l).max(FloatVector.broadcast(S, Float.MIN_NORMAL));
        forget.div(forget.add(write)).intoArray(da, df + r * dStride + l);                          // (3)
      }
    }
  }

  /** δk ⊙ k ⊙ (1 − k) takes k's place. */
  private static void stateBack(float[] a, int n, int stride, float[] s, int h0, int sStride,
      float[] da, int df, int dn, int dStride, float[] ds, int dh, int dsStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int to = r * dStride;
      for (int l = 0; l < LANES; l += L) {
        var keep = FloatVector.fromArray(S, da, df + to + l);
        var not = FloatVector.broadcast(S, 1f).sub(keep);
        var d = FloatVector.fromArray(S, ds, dh + r * dsStride + l);
        var change = FloatVector.fromArray(S, s, h0 + r * sStride + l).sub(FloatVector.fromArray(S, a, n + r * stride + l));
        d.mul(change).mul(keep).mul(not).intoArray(da, df + to + l);                                // (B1)
        d.mul(not).intoArray(da, dn + to + l);                                                      // (B4)
        d.mul(keep).intoArray(ds, dh + r * dsStride + l);                                           // (B5)
      }
    }
  }

  private static void gatesBack(float[] a, int f, int i, int stride, float[] da, int df, int di, int dStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * dStride;
      for (int l = 0; l < LANES; l += L) {
        var one = FloatVector.broadcast(S, 1f);
        var dk = FloatVector.fromArray(S, da, df + to + l);
        dk.mul(one.sub(FloatVector.fromArray(S, a, f + at + l))).intoArray(da, df + to + l);        // (B2)
        dk.neg().mul(one.sub(FloatVector.fromArray(S, a, i + at + l))).intoArray(da, di + to + l);  // (B3)
      }
    }
  }
}
