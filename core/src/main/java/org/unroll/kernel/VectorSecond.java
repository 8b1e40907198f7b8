package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/**
 * The twins of {@code cell.ResetBeforeGru} and {@code cell.Mgu}, whose second product comes between. Blocks r, z, n; in an MGU one
 * gate f is both r and z, and it writes.
 */
final class VectorSecond implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;

  private final boolean keeps;
  private final int r, z, n;

  private VectorSecond(boolean keeps, int r, int z, int n) {
    this.keeps = keeps;
    this.r = r;
    this.z = z;
    this.n = n;
  }

  /** @param keeps whether z keeps the old state, or writes the candidate */
  static VectorSecond gru(boolean keeps) { return new VectorSecond(keeps, 0, 1, 2); }

  static VectorSecond mgu() { return new VectorSecond(false, 0, 0, 1); }

  /** σ of the gates, m = r ⊙ h'. */
  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    Slab s = x.s(), m = x.m();
    for (int k = first; k < end; k++) {
      int reset = g.panelAt(row, r, k), h0 = s.row(prev) + k * LANES, to = m.row(row) + k * LANES;
      PanelLoops.sigmoid(g.data(), reset, g.rowStride(), rows);
      if (z != r) PanelLoops.sigmoid(g.data(), g.panelAt(row, z, k), g.rowStride(), rows);
      PanelLoops.multiply(g.data(), reset, g.rowStride(), s.data(), h0, s.stride(), m.data(), to, m.stride(), rows);
    }
  }

  /** n = tanh a_n, and the next state. */
  @Override public void forward2(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    float[] a = g.data(), s = x.s().data();
    int stride = g.rowStride(), sStride = x.s().stride();
    for (int k = first; k < end; k++) {
      int gate = g.panelAt(row, z, k), in = g.panelAt(row, n, k);
      int h0 = x.s().row(prev) + k * LANES, h = x.s().row(next) + k * LANES;
      PanelLoops.tanh(a, in, stride, rows);
      if (keeps) PanelLoops.keep(a, gate, a, in, stride, s, h0, h, sStride, rows);
      else PanelLoops.write(a, gate, a, in, stride, s, h0, h, sStride, rows);
    }
    if (end == g.panels()) g.clearPadding(row, rows);
  }

  /** δa_n, and δa_z; in an MGU what of it does not come through m, not yet times f ⊙ (1 − f). */
  @Override public void backward(Operands x, int row, int prev, int next, int top, int rows, int first, int end) {
    Panels g = x.a(), dg = x.da();
    float[] a = g.data(), da = dg.data(), s = x.s().data(), ds = x.ds().data();
    int stride = g.rowStride(), dStride = dg.rowStride(), sStride = x.s().stride(), dsStride = x.ds().stride();
    for (int k = first; k < end; k++) {
      int gate = g.panelAt(row, z, k), in = g.panelAt(row, n, k), dGate = dg.panelAt(row, z, k), dn = dg.panelAt(row, n, k);
      int h0 = x.s().row(prev) + k * LANES, dh = x.ds().row(top) + k * LANES;
      if (z == r) openBack(a, gate, in, stride, s, h0, sStride, da, dGate, dn, dStride, ds, dh, dsStride, rows);
      else if (keeps) GruLoops.keepBack(a, gate, in, stride, s, h0, sStride, da, dGate, dn, dStride, ds, dh, dsStride, rows);
      else GruLoops.writeBack(a, gate, in, stride, s, h0, sStride, da, dGate, dn, dStride, ds, dh, dsStride, rows);
    }
  }

  /** δf = δh ⊙ (n − h') and δa_n = δh ⊙ f ⊙ (1 − n²). */
  private static void openBack(float[] a, int f, int n, int stride, float[] s, int h0, int sStride,
      float[] da, int df, int dn, int dStride, float[] ds, int dh, int dsStride, int rows) {
    for (int i = 0; i < rows; i++) {
      int at = i * stride, to = i * dStride;
      for (int l = 0; l < LANES; l += L) {
        var d = FloatVector.fromArray(S, ds, dh + i * dsStride + l);
        var in = FloatVector.fromArray(S, a, n + at + l);
        d.mul(in.sub(FloatVector.fromArray(S, s, h0 + i * sStride + l))).intoArray(da, df + to + l);
        var slope = in.neg().fma(in, FloatVector.broadcast(S, 1f));
        d.mul(FloatVector.fromArray(S, a, f + at + l)).mul(slope).intoArray(da, dn + to + l);
      }
    }
  }

  /** δa_r, or δa_f, and the direct part of δh'. */
  @Override public void backward2(Operands x, int row, int prev, int next, int top, int rows, int first, int end) {
    Panels g = x.a(), dg = x.da();
    Slab s = x.s(), ds = x.ds(), dm = x.dm();
    for (int k = first; k < end; k++) {
      int u = k * LANES, reset = g.panelAt(row, r, k), gate = g.panelAt(row, z, k), dr = dg.panelAt(row, r, k);
      int h0 = s.row(prev) + u, dh = ds.row(top) + u, at = dm.row(top) + u;
      if (z == r) PanelLoops.fma(dm.data(), at, dm.stride(), s.data(), h0, s.stride(), dg.data(), dr, dg.rowStride(), rows);
      else PanelLoops.multiply(dm.data(), at, dm.stride(), s.data(), h0, s.stride(), dg.data(), dr, dg.rowStride(), rows);
      GruLoops.gate(g.data(), reset, g.rowStride(), dg.data(), dr, dg.rowStride(), rows);
      if (keeps) PanelLoops.multiply(ds.data(), dh, ds.stride(), g.data(), gate, g.rowStride(), ds.data(), dh, ds.stride(), rows);
      else GruLoops.rest(ds.data(), dh, ds.stride(), g.data(), gate, g.rowStride(), rows);
      PanelLoops.fma(dm.data(), at, dm.stride(), g.data(), reset, g.rowStride(), ds.data(), dh, ds.stride(), rows);
    }
  }
}
