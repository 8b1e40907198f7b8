package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The twin of {@code cell.Gru}, whose numbers stand at the lines. */
final class VectorGru implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;
  private static final int Q = 0, R = 1, Z = 2, N = 3;

  private final boolean keeps;

  /** @param keeps whether z keeps the old state, or writes the candidate */
  VectorGru(boolean keeps) { this.keeps = keeps; }

  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    if (rows == 1) forward(x, row, prev, next, end - first, first, first + 1, g.panelStride(), LANES);
    else forward(x, row, prev, next, rows, first, end, g.rowStride(), x.s().stride());
    if (end == g.panels()) g.clearPadding(row, rows);
  }

  /** The panels of a single row are taken like the rows of a panel: nothing waits for the one before. */
  private void forward(Operands x, int row, int prev, int next, int rows, int first, int end, int stride, int sStride) {
    var g = x.a();
    float[] a = g.data(), s = x.s().data();
    for (int k = first; k < end; k++) {
      int q = g.panelAt(row, Q, k), r = g.panelAt(row, R, k), z = g.panelAt(row, Z, k), n = g.panelAt(row, N, k);
      int h0 = x.s().row(prev) + k * LANES, h = x.s().row(next) + k * LANES;
      PanelLoops.sigmoid(a, r, stride, rows);                                                       // (1)
      PanelLoops.sigmoid(a, z, stride, rows);                                                       // (2)
      candidate(a, q, r, n, stride, rows);                                                          // (3)
      if (keeps) PanelLoops.keep(a, z, a, n, stride, s, h0, h, sStride, rows);                      // (4)
      else PanelLoops.write(a, z, a, n, stride, s, h0, h, sStride, rows);                           // (4)
    }
  }

  private static void candidate(float[] a, int q, int r, int n, int stride, int rows) {
    for (int i = 0, at = 0; i < rows; i++, at += stride) {
      for (int l = 0; l < LANES; l += L) {
        var own = FloatVector.fromArray(S, a, q + at + l);
        var net = FloatVector.fromArray(S, a, r + at + l).fma(own, FloatVector.fromArray(S, a, n + at + l));
        VectorMath.tanh(net).intoArray(a, n + at + l);
      }
    }
  }

  @Override public void backward(Operands x, int row, int prev, int next, int top, int rows, int first, int end) {
    Panels g = x.a(), dg = x.da();
    float[] a = g.data(), da = dg.data(), s = x.s().data(), ds = x.ds().data();
    int stride = g.rowStride(), dStride = dg.rowStride(), sStride = x.s().stride(), dsStride = x.ds().stride();
    for (int k = first; k < end; k++) {
      int z = g.panelAt(row, Z, k), n = g.panelAt(row, N, k), dz = dg.panelAt(row, Z, k), dn = dg.panelAt(row, N, k);
      int h0 = x.s().row(prev) + k * LANES, dh = x.ds().row(top) + k * LANES;
      if (keeps) GruLoops.keepBack(a, z, n, stride, s, h0, sStride, da, dz, dn, dStride, ds, dh, dsStride, rows);
      else GruLoops.writeBack(a, z, n, stride, s, h0, sStride, da, dz, dn, dStride, ds, dh, dsStride, rows);   // (B1) (B2)
      int q = g.panelAt(row, Q, k), r = g.panelAt(row, R, k);
      reset(a, q, r, stride, da, dn, dg.panelAt(row, Q, k), dg.panelAt(row, R, k), dStride, rows);
      if (keeps) PanelLoops.multiply(ds, dh, dsStride, a, z, stride, ds, dh, dsStride, rows);       // (B5)
      else GruLoops.rest(ds, dh, dsStride, a, z, stride, rows);                                     // (B5)
    }
  }

  /** δa_n to δa_r and δa_q. */
  private static void reset(float[] a, int q, int r, int stride, float[] da, int dn, int dq, int dr, int dStride, int rows) {
    for (int i = 0; i < rows; i++) {
      int at = i * stride, to = i * dStride;
      for (int l = 0; l < LANES; l += L) {
        var one = FloatVector.broadcast(S, 1f);
        var d = FloatVector.fromArray(S, da, dn + to + l);
        var gate = FloatVector.fromArray(S, a, r + at + l);
        d.mul(FloatVector.fromArray(S, a, q + at + l)).mul(gate).mul(one.sub(gate)).intoArray(da, dr + to + l);   // (B3)
        d.mul(gate).intoArray(da, dq + to + l);                                                     // (B4)
      }
    }
  }
}
