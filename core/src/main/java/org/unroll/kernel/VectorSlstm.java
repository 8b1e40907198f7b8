package org.unroll.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/** The twin of {@code cell.Slstm}, whose numbers stand at the lines. */
final class VectorSlstm implements Fused {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, LANES = Tiling.LANES;
  private static final int I = 0, F = 1, G = 2, O = 3;
  private static final int C = 1, N = 2, M = 3, SLOTS = 4;

  @Override public void forward(Operands x, int row, int prev, int next, int rows, int first, int end) {
    var g = x.a();
    float[] a = g.data(), s = x.s().data();
    int stride = g.rowStride(), sStride = x.s().stride(), slot = x.slot();
    for (int k = first; k < end; k++) {
      int i = g.panelAt(row, I, k), f = g.panelAt(row, F, k), in = g.panelAt(row, G, k), o = g.panelAt(row, O, k);
      int h0 = x.s().row(prev) + k * LANES, h = x.s().row(next) + k * LANES, c = h + C * slot, m = h + M * slot;
      PanelLoops.sigmoid(a, f, stride, rows);                                                       // (1)
      before(a, f, stride, s, h0 + N * slot, h0 + M * slot, sStride, s, c, sStride, rows);          // log f + m' waits in c
      largest(a, i, stride, s, c, m, sStride, rows);                                                // (2)
      PanelLoops.exp(a, i, stride, a, i, stride, rows);                                             // (3)
      PanelLoops.exp(s, c, sStride, s, h, sStride, rows);                                           // (4), k waits in h
      PanelLoops.tanh(a, in, stride, rows);                                                         // (5)
      PanelLoops.sigmoid(a, o, stride, rows);                                                       // (8)
      memory(a, i, in, stride, s, h0, h, slot, sStride, rows);
      output(a, o, stride, s, h, slot, sStride, rows);
    }
    if (end == g.panels()) {
      g.clearPadding(row, rows);
      clearPadding(x.s(), next, rows, g.units());
    }
  }

  /** y = log f + m'; −∞ where the memory is empty. */
  private static void before(float[] a, int f, int stride, float[] s, int n0, int m0, int sStride,
      float[] y, int to, int toStride, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int l = 0; l < LANES; l += L) {
        VectorMath.log(FloatVector.fromArray(S, a, f + r * stride + l)).intoArray(y, to + r * toStride + l);
      }
    }
    for (int r = 0; r < rows; r++) {
      int from = r * sStride, at = to + r * toStride;
      for (int l = 0; l < LANES; l += L) {
        var sum = FloatVector.fromArray(S, y, at + l).add(FloatVector.fromArray(S, s, m0 + from + l));
        var empty = FloatVector.fromArray(S, s, n0 + from + l).compare(VectorOperators.EQ, 0f);
        sum.blend(Float.NEGATIVE_INFINITY, empty).intoArray(y, at + l);
      }
    }
  }

  /** m = max(log f + m', a_i), which both lose. */
  private static void largest(float[] a, int i, int stride, float[] s, int c, int m, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = i + r * stride, to = r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var old = FloatVector.fromArray(S, s, c + to + l);
        var in = FloatVector.fromArray(S, a, at + l);
        var most = old.max(in);
        most.intoArray(s, m + to + l);
        in.sub(most).intoArray(a, at + l);
        old.sub(most).intoArray(s, c + to + l);
      }
    }
  }

  private static void memory(float[] a, int i, int g, int stride, float[] s, int h0, int h, int slot, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, from = h0 + r * sStride, to = h + r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var keep = FloatVector.fromArray(S, s, to + l);
        var write = FloatVector.fromArray(S, a, i + at + l);
        var in = write.mul(FloatVector.fromArray(S, a, g + at + l));
        keep.fma(FloatVector.fromArray(S, s, from + C * slot + l), in).intoArray(s, to + C * slot + l);       // (6)
        keep.fma(FloatVector.fromArray(S, s, from + N * slot + l), write).intoArray(s, to + N * slot + l);    // (7)
      }
    }
  }

  private static void output(float[] a, int o, int stride, float[] s, int h, int slot, int sStride, int rows) {
    for (int r = 0; r < rows; r++) {
      int to = h + r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var ratio = FloatVector.fromArray(S, s, to + C * slot + l).div(FloatVector.fromArray(S, s, to + N * slot + l));
        FloatVector.fromArray(S, a, o + r * stride + l).mul(ratio).intoArray(s, to + l);                      // (9)
      }
    }
  }

  @Override public void backward(Operands x, int row, int prev, int next, int n, int rows, int first, int end) {
    Panels g = x.a(), dg = x.da();
    float[] a = g.data(), da = dg.data(), s = x.s().data(), ds = x.ds().data();
    int stride = g.rowStride(), dStride = dg.rowStride(), sStride = x.s().stride(), dsStride = x.ds().stride(), slot = x.slot();
    for (int k = first; k < end; k++) {
      int i = g.panelAt(row, I, k), f = g.panelAt(row, F, k), in = g.panelAt(row, G, k), o = g.panelAt(row, O, k);
      int di = dg.panelAt(row, I, k), df = dg.panelAt(row, F, k), dIn = dg.panelAt(row, G, k), dO = dg.panelAt(row, O, k);
      int h0 = x.s().row(prev) + k * LANES, h = x.s().row(next) + k * LANES, dh = x.ds().row(n) + k * LANES;
      before(a, f, stride, s, h0 + N * slot, h0 + M * slot, sStride, da, df, dStride, rows);
      subtract(s, h + M * slot, sStride, da, df, dStride, rows);                        // 0 where m came from before
      PanelLoops.exp(da, df, dStride, da, di, dStride, rows);                           // k waits in δa_i
      outputBack(a, o, stride, s, h, sStride, da, dO, dStride, ds, dh, dsStride, slot, rows);
      candidateBack(a, i, in, stride, da, dIn, dStride, ds, dh + C * slot, dsStride, rows);
      memoryBack(a, i, f, in, stride, s, h0, sStride, da, di, df, dStride, ds, dh, dsStride, slot, rows);
    }
    if (end == g.panels()) {
      dg.clearPadding(row, rows);
      clearPadding(x.ds(), n, rows, g.units());
    }
  }

  private static void subtract(float[] x, int at, int stride, float[] y, int to, int toStride, int rows) {
    for (int r = 0; r < rows; r++, at += stride, to += toStride) {
      for (int l = 0; l < LANES; l += L) {
        FloatVector.fromArray(S, y, to + l).sub(FloatVector.fromArray(S, x, at + l)).intoArray(y, to + l);
      }
    }
  }

  /** δh to δa_o; δc and δn take what came through h; δh' has no direct part. */
  private static void outputBack(float[] a, int o, int stride, float[] s, int h, int sStride, float[] da, int dO, int dStride,
      float[] ds, int dh, int dsStride, int slot, int rows) {
    for (int r = 0; r < rows; r++) {
      int to = dh + r * dsStride, from = h + r * sStride;
      for (int l = 0; l < LANES; l += L) {
        var d = FloatVector.fromArray(S, ds, to + l);
        var gate = FloatVector.fromArray(S, a, o + r * stride + l);
        var norm = FloatVector.fromArray(S, s, from + N * slot + l);
        var ratio = FloatVector.fromArray(S, s, from + C * slot + l).div(norm);
        d.mul(ratio).mul(gate).mul(FloatVector.broadcast(S, 1f).sub(gate)).intoArray(da, dO + r * dStride + l);   // (B1)
        var each = d.mul(gate).div(norm);
        FloatVector.fromArray(S, ds, to + C * slot + l).add(each).intoArray(ds, to + C * slot + l);           // (B2)
        each.neg().fma(ratio, FloatVector.fromArray(S, ds, to + N * slot + l)).intoArray(ds, to + N * slot + l);  // (B3)
        FloatVector.zero(S).intoArray(ds, to + l);
      }
    }
  }

  private static void candidateBack(float[] a, int i, int g, int stride, float[] da, int dg, int dStride,
      float[] ds, int dc, int dsStride, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int l = 0; l < LANES; l += L) {
        var in = FloatVector.fromArray(S, a, g + r * stride + l);
        var d = FloatVector.fromArray(S, ds, dc + r * dsStride + l).mul(FloatVector.fromArray(S, a, i + r * stride + l));
        d.mul(in.neg().fma(in, FloatVector.broadcast(S, 1f))).intoArray(da, dg + r * dStride + l);            // (B6)
      }
    }
  }

  private static void memoryBack(float[] a, int i, int f, int g, int stride, float[] s, int h0, int sStride,
      float[] da, int di, int df, int dStride, float[] ds, int dh, int dsStride, int slot, int rows) {
    for (int r = 0; r < rows; r++) {
      int at = r * stride, from = h0 + r * sStride, to = r * dStride, d = dh + r * dsStride;
      for (int l = 0; l < LANES; l += L) {
        var keep = FloatVector.fromArray(S, da, di + to + l);
        var old = FloatVector.fromArray(S, da, df + to + l).compare(VectorOperators.EQ, 0f);
        var dC = FloatVector.fromArray(S, ds, d + C * slot + l);
        var dN = FloatVector.fromArray(S, ds, d + N * slot + l);
        var u = dC.fma(FloatVector.fromArray(S, a, g + at + l), dN).mul(FloatVector.fromArray(S, a, i + at + l));   // (B4)
        var sum = dN.mul(FloatVector.fromArray(S, s, from + N * slot + l));
        var v = dC.fma(FloatVector.fromArray(S, s, from + C * slot + l), sum).mul(keep);                      // (B5)
        var w = FloatVector.fromArray(S, ds, d + M * slot + l).sub(u).sub(v);                                 // (B7)
        u.add(w).blend(u, old).intoArray(da, di + to + l);                                                    // (B8)
        var dM = v.blend(v.add(w), old);
        dM.intoArray(ds, d + M * slot + l);                                                                   // (B9)
        var not = FloatVector.broadcast(S, 1f).sub(FloatVector.fromArray(S, a, f + at + l));
        dM.mul(not).intoArray(da, df + to + l);                                                               // (B10)
        dC.mul(keep).intoArray(ds, d + C * slot + l);                                                         // (B11)
        dN.mul(keep).intoArray(ds, d + N * slot + l);                                                         // (B11)
      }
    }
  }

  /** There n would become 1, and c / n undefined. */
  private static void clearPadding(Slab s, int row, int rows, int units) {
    int slot = Tiling.padded(units);
    if (slot == units) return;
    for (int r = row; r < row + rows; r++) {
      for (int i = 0; i < SLOTS; i++) Arrays.fill(s.data(), s.row(r) + i * slot + units, s.row(r) + (i + 1) * slot, 0f);
    }
  }
}
