package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/** The twin of {@code cell.MinGru}, whose numbers stand at the lines. */
final class VectorMinGru implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;
  private static final int Z = 0, N = 1;

  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    float[] a = g.data();
    for (int k = first; k < end; k++) {
      int z = g.panelAt(row, Z, k), n = g.panelAt(row, N, k), h0 = x.s().row(prev) + k * LANES, h = x.s().row(next) + k * LANES;
      PanelLoops.sigmoid(a, z, g.rowStride(), rows);                                                // (1)
      PanelLoops.write(a, z, a, n, g.rowStride(), x.s().data(), h0, h, x.s().stride(), rows);       // (2) (3)
    }
    if (end == g.panels()) g.clearPadding(row, rows);
  }

  @Override public void backward(Operands x, int row, int prev, int next, int n, int rows, int first, int end) {
    Panels g = x.a(), dg = x.da();
    Slab s = x.s(), ds = x.ds();
    for (int k = first; k < end; k++) {
      int u = k * LANES, z = g.panelAt(row, Z, k), in = g.panelAt(row, N, k);
      back(g.data(), z, in, g.rowStride(), s.data(), s.row(prev) + u, s.stride(),
          dg.data(), dg.panelAt(row, Z, k), dg.panelAt(row, N, k), dg.rowStride(), ds.data(), ds.row(n) + u, ds.stride(), rows);
    }
  }

  private static void back(float[] a, int z, int n, int stride, float[] s, int h0, int sStride,
      float[] da, int dz, int dn, int dStride, float[] ds, int dh, int dsStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, to = r * dStride;
      for (int l = 0; l < LANES; l += L) {
        var d = FloatVector.fromArray(S, ds, dh + r * dsStride + l);
        var gate = FloatVector.fromArray(S, a, z + at + l);
        var not = FloatVector.broadcast(S, 1f).sub(gate);
        var change = FloatVector.fromArray(S, a, n + at + l).sub(FloatVector.fromArray(S, s, h0 + r * sStride + l));
        d.mul(change).mul(gate).mul(not).intoArray(da, dz + to + l);                                // (B1)
        d.mul(gate).intoArray(da, dn + to + l);                                                     // (B2)
        d.mul(not).intoArray(ds, dh + r * dsStride + l);                                            // (B3)
      }
    }
  }
}
