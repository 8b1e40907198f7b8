package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/**
 * The pointwise part of the LSTM without peepholes, panel by panel, all rows of a panel at once: what the product has just
 * written is still in the first cache. The numbers are those of the equations of {@code cell.Lstm}, each computed in the
 * same order, so the bits are the same.
 *
 * <p>One loop does one small thing. C2 keeps vectors in registers only while a method stays below some hundred vector
 * operations; a single loop over the whole cell would put every one of them on the heap. The longer loops call the vector
 * interface directly for the same reason: a helper of ours is no longer inlined once a method has grown.
 */
final class VectorLstm implements Kernels.Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;
  private static final int I = 0, F = 1, G = 2, O = 3;

  @Override public void forward(Panels g, int row, Slab s, int prev, int next, int rows, int first, int end) {
    float[] a = g.data();
    int stride = g.rowStride(), slot = Tiling.padded(g.units());
    for (int p = first; p < end; p++) {
      int i = g.panelAt(row, I, p), f = g.panelAt(row, F, p), c = g.panelAt(row, G, p), o = g.panelAt(row, O, p);
      int hAt = s.row(next) + p * LANES, cAt = hAt + slot, cPrev = s.row(prev) + slot + p * LANES;
      sigmoid(a, i, stride, rows);                                                                  // (1)
      sigmoid(a, f, stride, rows);                                                                  // (2)
      tanh(a, c, stride, rows);                                                                     // (3)
      cell(a, i, f, c, stride, s.data(), cPrev, cAt, s.stride(), rows);                             // (4)
      sigmoid(a, o, stride, rows);                                                                  // (5)
      output(a, o, stride, s.data(), cAt, hAt, s.stride(), rows);                                   // (6)
    }
    if (end == g.panels()) g.clearPadding(row, rows);         // sigmoid of 0 is not 0: padding lanes of the gates are to stay so
  }

  private static void sigmoid(float[] a, int at, int stride, int rows) {
    for (int r = 0; r < rows; r++, at += stride) {
      for (int l = 0; l < LANES; l += L) VectorMath.sigmoid(load(a, at + l)).intoArray(a, at + l);
    }
  }

  private static void tanh(float[] a, int at, int stride, int rows) {
    for (int r = 0; r < rows; r++, at += stride) {
      for (int l = 0; l < LANES; l += L) VectorMath.tanh(load(a, at + l)).intoArray(a, at + l);
    }
  }

  private static void cell(float[] a, int i, int f, int g, int stride, float[] s, int prev, int c, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var in = load(a, i + at + l).mul(load(a, g + at + l));
        load(a, f + at + l).fma(load(s, prev + to + l), in).intoArray(s, c + to + l);
      }
    }
  }

  private static void output(float[] a, int o, int stride, float[] s, int c, int h, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * sStride;
      for (int l = 0; l < LANES; l += L) {
        load(a, o + at + l).mul(VectorMath.tanh(load(s, c + to + l))).intoArray(s, h + to + l);
      }
    }
  }

  @Override public void backward(Panels g, Panels dg, int row, Slab s, int prev, int next, Slab ds, int dsRow, int rows) {
    int slot = Tiling.padded(g.units());
    for (int p = 0; p < g.panels(); p++) {
      int u = p * LANES, dh = ds.row(dsRow) + u, dc = dh + slot;
      tanh(s.data(), s.row(next) + slot + u, s.stride(), dg.data(), dg.panelAt(row, O, p), dg.rowStride(), rows);
      outputBack(g.data(), g.panelAt(row, O, p), g.rowStride(), dg.data(), dg.panelAt(row, O, p), dg.rowStride(),
          ds.data(), dh, dc, ds.stride(), rows);                                                    // (B1) (B2)
      gatesBack(g, dg, row, p, s.data(), s.row(prev) + slot + u, s.stride(), ds.data(), dc, ds.stride(), rows);
    }
  }

  /** tanh c waits in δa_o until (B1) writes over it. */
  private static void tanh(float[] s, int c, int sStride, float[] da, int at, int stride, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int l = 0; l < LANES; l += L) VectorMath.tanh(load(s, c + r * sStride + l)).intoArray(da, at + r * stride + l);
    }
  }

  /** δh and tanh c to δa_o; δc takes what came through h; δh' has no direct part. */
  private static void outputBack(float[] a, int o, int stride, float[] da, int dO, int dStride,
      float[] ds, int dh, int dc, int dsStride, int rows) {
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

  /** δc to δa_i, δa_f, δa_g and δc'. */
  private static void gatesBack(Panels g, Panels dg, int row, int p, float[] s, int cPrev, int sStride,
      float[] ds, int dc, int dsStride, int rows) {
    float[] a = g.data(), da = dg.data();
    int i = g.panelAt(row, I, p), f = g.panelAt(row, F, p), c = g.panelAt(row, G, p), stride = g.rowStride();
    int di = dg.panelAt(row, I, p), df = dg.panelAt(row, F, p), dG = dg.panelAt(row, G, p), dStride = dg.rowStride();
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * dStride;
      for (int l = 0; l < LANES; l += L) {
        var one = FloatVector.broadcast(S, 1f);
        var d = FloatVector.fromArray(S, ds, dc + r * dsStride + l);
        var before = FloatVector.fromArray(S, s, cPrev + r * sStride + l);
        var gi = FloatVector.fromArray(S, a, i + at + l);
        var gf = FloatVector.fromArray(S, a, f + at + l);
        var gg = FloatVector.fromArray(S, a, c + at + l);
        d.mul(gg).mul(gi).mul(one.sub(gi)).intoArray(da, di + to + l);                              // (B4)
        d.mul(before).mul(gf).mul(one.sub(gf)).intoArray(da, df + to + l);                          // (B5)
        d.mul(gi).mul(gg.neg().fma(gg, one)).intoArray(da, dG + to + l);                            // (B6)
        d.mul(gf).intoArray(ds, dc + r * dsStride + l);                                             // (B7)
      }
    }
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
