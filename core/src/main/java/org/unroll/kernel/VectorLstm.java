package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/** The twin of {@code cell.Lstm}, whose numbers stand at the lines. */
final class VectorLstm implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;
  private static final int I = 0, F = 1, G = 2, O = 3;
  private static final int P_I = 0, P_F = 1, P_O = 2;

  private final boolean peepholes;

  VectorLstm(boolean peepholes) { this.peepholes = peepholes; }

  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    if (rows == 1 && !peepholes) forward(x, row, prev, next, end - first, first, first + 1, g.panelStride(), LANES);
    else forward(x, row, prev, next, rows, first, end, g.rowStride(), x.s().stride());
    if (end == g.panels()) g.clearPadding(row, rows);         // sigmoid of 0 is not 0: padding lanes of the gates are to stay so
  }

  /** The panels of a single row are taken like the rows of a panel: nothing waits for the one before. */
  private void forward(Operands x, int row, int prev, int next, int rows, int first, int end, int stride, int sStride) {
    var g = x.a();
    float[] a = g.data(), s = x.s().data();
    int slot = x.slot();
    for (int k = first; k < end; k++) {
      int i = g.panelAt(row, I, k), f = g.panelAt(row, F, k), c = g.panelAt(row, G, k), o = g.panelAt(row, O, k);
      int h = x.s().row(next) + k * LANES, cell = h + slot, before = x.s().row(prev) + slot + k * LANES;
      if (peepholes) Peepholes.look(x, P_I, k, before, i, rows);
      if (peepholes) Peepholes.look(x, P_F, k, before, f, rows);
      PanelLoops.sigmoid(a, i, stride, rows);                                                       // (1)
      PanelLoops.sigmoid(a, f, stride, rows);                                                       // (2)
      PanelLoops.tanh(a, c, stride, rows);                                                          // (3)
      cell(a, i, f, c, stride, s, before, cell, sStride, rows);                                     // (4)
      if (peepholes) Peepholes.look(x, P_O, k, cell, o, rows);
      PanelLoops.sigmoid(a, o, stride, rows);                                                       // (5)
      LstmLoops.output(a, o, stride, s, cell, h, sStride, rows);                                    // (6)
    }
  }

  private static void cell(float[] a, int i, int f, int g, int stride, float[] s, int prev, int c, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var in = FloatVector.fromArray(S, a, i + at + l).mul(FloatVector.fromArray(S, a, g + at + l));
        var before = FloatVector.fromArray(S, s, prev + to + l);
        FloatVector.fromArray(S, a, f + at + l).fma(before, in).intoArray(s, c + to + l);
      }
    }
  }

  @Override public void backward(Operands x, int row, int prev, int next, int n, int rows, int first, int end) {
    for (int k = first; k < end; k++) {
      int u = k * LANES, before = x.s().row(prev) + x.slot() + u, cell = x.s().row(next) + x.slot() + u, dh = x.ds().row(n) + u;
      if (peepholes) looking(x, row, k, before, cell, dh, n, rows);
      else panel(x.a(), x.da(), row, k, x.s(), before, cell, x.ds(), dh, dh + x.slot(), rows);
    }
  }

  /** One panel of {@link #backward}, where the cell's own weights join between its parts. */
  private static void looking(Operands x, int row, int k, int before, int cell, int dh, int n, int rows) {
    Panels g = x.a(), dg = x.da();
    float[] s = x.s().data(), ds = x.ds().data();
    int dc = dh + x.slot(), dsStride = x.ds().stride(), sStride = x.s().stride(), dStride = dg.rowStride();
    int o = g.panelAt(row, O, k), di = dg.panelAt(row, I, k), df = dg.panelAt(row, F, k), dO = dg.panelAt(row, O, k);
    PanelLoops.tanh(s, cell, sStride, dg.data(), dO, dStride, rows);
    LstmLoops.outputBack(g.data(), o, g.rowStride(), dg.data(), dO, dStride, ds, dh, dc, dsStride, rows);     // (B1) (B2)
    Peepholes.join(x, P_O, k, dO, dc, rows);                                                                  // (B3)
    gatesBack(g, dg, row, k, s, before, sStride, ds, dc, dsStride, rows);
    Peepholes.join(x, P_I, k, di, dc, rows);                                                                  // (B7)
    Peepholes.join(x, P_F, k, df, dc, rows);                                                                  // (B7)
    Peepholes.own(x, P_I, k, di, before, n, rows);                                                            // (B8)
    Peepholes.own(x, P_F, k, df, before, n, rows);                                                            // (B8)
    Peepholes.own(x, P_O, k, dO, cell, n, rows);                                                              // (B8)
  }

  /** One panel of {@link #backward} without them: whatever is read comes from afar, so it is read once, and all of a row together. */
  private static void panel(Panels g, Panels dg, int row, int p, Slab states, int before, int cell, Slab gradients, int dh, int dc,
      int rows) {
    float[] a = g.data(), da = dg.data(), s = states.data(), ds = gradients.data();
    int i = g.panelAt(row, I, p), f = g.panelAt(row, F, p), c = g.panelAt(row, G, p), o = g.panelAt(row, O, p);
    int di = dg.panelAt(row, I, p), df = dg.panelAt(row, F, p), dG = dg.panelAt(row, G, p), dO = dg.panelAt(row, O, p);
    for (int r = 0; r < rows; r++) {
      int at = r * g.rowStride(), to = r * dg.rowStride(), from = r * states.stride(), d = r * gradients.stride();
      for (int l = 0; l < LANES; l += L) {
        var t = VectorMath.tanh(FloatVector.fromArray(S, s, cell + from + l));
        var one = FloatVector.broadcast(S, 1f);
        var go = FloatVector.fromArray(S, a, o + at + l);
        var h = FloatVector.fromArray(S, ds, dh + d + l);
        h.mul(t).mul(go).mul(one.sub(go)).intoArray(da, dO + to + l);                               // (B1)
        var y = h.mul(go).fma(t.neg().fma(t, one), FloatVector.fromArray(S, ds, dc + d + l));       // (B2)
        FloatVector.zero(S).intoArray(ds, dh + d + l);
        var gi = FloatVector.fromArray(S, a, i + at + l);
        var gf = FloatVector.fromArray(S, a, f + at + l);
        var gg = FloatVector.fromArray(S, a, c + at + l);
        y.mul(gg).mul(gi).mul(one.sub(gi)).intoArray(da, di + to + l);                              // (B4)
        y.mul(FloatVector.fromArray(S, s, before + from + l)).mul(gf).mul(one.sub(gf)).intoArray(da, df + to + l); // (B5)
        y.mul(gi).mul(gg.neg().fma(gg, one)).intoArray(da, dG + to + l);                            // (B6)
        y.mul(gf).intoArray(ds, dc + d + l);                                                        // (B7)
      }
    }
  }

  /**
   * δc to δa_i, δa_f, δa_g and δc': the lower half of {@link #panel}, for peepholes, which change δc between the halves. The equations
   * stand in both: a method of one vector that both would call is compiled by itself before its callers are; C2 then does not inline
   * it ("already compiled into a big method"), and the vectors that go in and out become objects.
   */
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
}
