package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The twins of {@code cell.CoupledLstm} and {@code cell.Lstm1997}: three gates; numbers at the lines are those of the first. */
final class VectorCoupledLstm implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;
  private static final int I = 0, G = 1, O = 2;
  private static final int P_I = 0, P_O = 1;

  private final boolean forgets, peepholes;

  /** @param forgets whether what is written is forgotten; else everything is kept, as in 1997 */
  VectorCoupledLstm(boolean forgets, boolean peepholes) {
    this.forgets = forgets;
    this.peepholes = peepholes;
  }

  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    float[] a = g.data(), s = x.s().data();
    int stride = g.rowStride(), sStride = x.s().stride(), slot = x.slot();
    for (int k = first; k < end; k++) {
      int i = g.panelAt(row, I, k), in = g.panelAt(row, G, k), o = g.panelAt(row, O, k);
      int h = x.s().row(next) + k * LANES, cell = h + slot, before = x.s().row(prev) + slot + k * LANES;
      if (peepholes) Peepholes.look(x, P_I, k, before, i, rows);
      PanelLoops.sigmoid(a, i, stride, rows);                                                       // (1)
      PanelLoops.tanh(a, in, stride, rows);                                                         // (2)
      if (forgets) PanelLoops.write(a, i, a, in, stride, s, before, cell, sStride, rows);           // (3)
      else add(a, i, in, stride, s, before, cell, sStride, rows);
      if (peepholes) Peepholes.look(x, P_O, k, cell, o, rows);
      PanelLoops.sigmoid(a, o, stride, rows);                                                       // (4)
      LstmLoops.output(a, o, stride, s, cell, h, sStride, rows);                                    // (5)
    }
    if (end == g.panels()) g.clearPadding(row, rows);
  }

  /** c = c' + i ⊙ g. */
  private static void add(float[] a, int i, int g, int stride, float[] s, int prev, int c, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var in = FloatVector.fromArray(S, a, g + at + l);
        FloatVector.fromArray(S, a, i + at + l).fma(in, FloatVector.fromArray(S, s, prev + to + l)).intoArray(s, c + to + l);
      }
    }
  }

  @Override public void backward(Operands x, int row, int prev, int next, int n, int rows, int first, int end) {
    Panels g = x.a(), dg = x.da();
    float[] a = g.data(), da = dg.data(), s = x.s().data(), ds = x.ds().data();
    int slot = x.slot(), stride = g.rowStride(), dStride = dg.rowStride(), sStride = x.s().stride(), dsStride = x.ds().stride();
    for (int k = first; k < end; k++) {
      int u = k * LANES, dh = x.ds().row(n) + u, dc = dh + slot, o = g.panelAt(row, O, k), dO = dg.panelAt(row, O, k);
      int i = g.panelAt(row, I, k), in = g.panelAt(row, G, k), di = dg.panelAt(row, I, k), dIn = dg.panelAt(row, G, k);
      int before = x.s().row(prev) + slot + u, cell = x.s().row(next) + slot + u;
      PanelLoops.tanh(s, cell, sStride, da, dO, dStride, rows);
      LstmLoops.outputBack(a, o, stride, da, dO, dStride, ds, dh, dc, dsStride, rows);              // (B1) (B2)
      if (peepholes) Peepholes.join(x, P_O, k, dO, dc, rows);                                       // (B3)
      if (forgets) {
        GruLoops.writeBack(a, i, in, stride, s, before, sStride, da, di, dIn, dStride, ds, dc, dsStride, rows);   // (B4) (B5)
        GruLoops.rest(ds, dc, dsStride, a, i, stride, rows);                                        // (B6)
      } else {
        addBack(a, i, in, stride, da, di, dIn, dStride, ds, dc, dsStride, rows);
      }
      if (peepholes) {
        Peepholes.join(x, P_I, k, di, dc, rows);                                                    // (B6)
        Peepholes.own(x, P_I, k, di, before, n, rows);                                              // (B7)
        Peepholes.own(x, P_O, k, dO, cell, n, rows);                                                // (B7)
      }
    }
  }

  /** δa_i = δc ⊙ g ⊙ i ⊙ (1 − i) and δa_g = δc ⊙ i ⊙ (1 − g²); δc stays. */
  private static void addBack(float[] a, int i, int g, int stride, float[] da, int di, int dg, int dStride,
      float[] ds, int dc, int dsStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * dStride;
      for (int l = 0; l < LANES; l += L) {
        var one = FloatVector.broadcast(S, 1f);
        var d = FloatVector.fromArray(S, ds, dc + r * dsStride + l);
        var gate = FloatVector.fromArray(S, a, i + at + l);
        var in = FloatVector.fromArray(S, a, g + at + l);
        d.mul(in).mul(gate).mul(one.sub(gate)).intoArray(da, di + to + l);
        d.mul(gate).mul(in.neg().fma(in, one)).intoArray(da, dg + to + l);
      }
    }
  }
}
