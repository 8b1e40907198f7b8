package org.unroll.tasks.lesson;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.unroll.layer.Recurrent;
import org.unroll.layer.State;
import org.unroll.look.CellWalk;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.reference.Traced;
import org.unroll.slab.Grads;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * One unit of a wide layer at the only step of a walk, for the reference a layer of its own: of its inputs and of what R multiplies one
 * each is written out, and what the others add is a number in its bias. Its gates, its state and its weights have the gradients that
 * they have in the whole layer, whose other units it hears but does not move.
 *
 * @param x the input that is written out, the strongest; of symbols the one that is read
 * @param y the row of R that is written out: the unit's own, with a projection the column of P by which most of the loss comes
 * @param rests what the others add
 * @param traced {@code rnn} of one unit; with a projection {@code out} behind it, and y' is its second input
 * @param gap how far the gradients of the kernels are, of the whole layer
 */
record OneUnit(CellWalk walk, int unit, int x, int y, Rests rests, Traced traced, double gap) {

  /**
   * @param xW to x W, for each block of W
   * @param hR to h' R, for each block of R
   * @param mS to the second product
   * @param dm to δ of its input
   * @param dh to δh, with a projection
   * @param out to the projected output y
   */
  record Rests(double[] xW, double[] hR, double mS, double dm, double dh, double out) {}

  /** @param dy ∂L/∂y of the whole layer */
  static OneUnit of(CellWalk w, int unit, double[] dy) {
    var layer = w.trace().layer();
    int x = strongest(w), y = layer.P() == null ? unit : heaviest(w, unit, dy);
    var rests = rests(w, unit, x, y, dy);
    var traced = traced(w, unit, x, y, rests, dy);
    var of = new OneUnit(w, unit, x, y, rests, traced, 0);
    return new OneUnit(w, unit, x, y, rests, traced, of.measured(dy));
  }

  private static Slab weights(CellWalk w, Param p) { return w.trace().run().weights().of(p); }

  private static int strongest(CellWalk w) {
    var x = w.trace().x().x();
    if (w.trace().layer().input().ids()) return (int) x.get(0, 0);
    int best = 0;
    for (int k = 1; k < x.cols(); k++) if (Math.abs(x.get(0, k)) > Math.abs(x.get(0, best))) best = k;
    return best;
  }

  private static int heaviest(CellWalk w, int unit, double[] dy) {
    var P = weights(w, w.trace().layer().P());
    int best = 0;
    for (int j = 1; j < dy.length; j++) if (Math.abs(dy[j] * P.get(unit, j)) > Math.abs(dy[best] * P.get(unit, best))) best = j;
    return best;
  }

  private static Rests rests(CellWalk w, int unit, int x, int y, double[] dy) {
    var layer = w.trace().layer();
    var layout = layer.cell().layout();
    int H = w.units();
    Slab W = weights(w, layer.W()), R = weights(w, layer.R()), in = w.trace().x().x(), fed = w.trace().fed();
    double[] xW = new double[layout.byW()], hR = new double[layout.byR()];
    for (int i = 0; i < xW.length && !layer.input().ids(); i++) {
      for (int k = 0; k < in.cols(); k++) if (k != x) xW[i] += (double) in.get(0, k) * W.get(k, i * H + unit);
    }
    for (int i = 0; i < hR.length; i++) {
      for (int k = 0; k < fed.cols(); k++) if (k != y) hR[i] += (double) fed.get(0, k) * R.get(k, i * H + unit);
    }
    double mS = 0, dm = 0, dh = 0, out = 0;
    for (int k = 0; k < H; k++) {
      if (k != unit && layer.S() != null) mS += (double) w.gate(0, 0, k) * w.before(0, 0, k) * weights(w, layer.S()).get(k, unit);
      if (k != unit && layer.S() != null) dm += candidate(w, k, dy[k]) * weights(w, layer.S()).get(unit, k);
      if (k != unit && layer.P() != null) out += (double) w.after(0, 0, k) * weights(w, layer.P()).get(k, y);
    }
    for (int j = 0; j < dy.length && layer.P() != null; j++) if (j != y) dh += dy[j] * weights(w, layer.P()).get(unit, j);
    return new Rests(xW, hR, mS, dm, dh, out);
  }

  /** δa_n of unit k of a GRU that resets before the product: its (B2). */
  private static double candidate(CellWalk w, int k, double dh) {
    double z = w.gate(w.gate("z"), 0, k), n = w.gate(w.gate("n"), 0, k);
    return dh * (w.cell().endsWith("-write") ? z : 1 - z) * (1 - n * n);
  }

  private static Traced traced(CellWalk w, int unit, int x, int y, Rests rests, double[] dy) {
    var layer = w.trace().layer();
    var layout = layer.cell().layout();
    boolean projected = layer.P() != null;
    var v = new LinkedHashMap<String, double[]>();
    double[] W = column(w, layer.W(), x, unit), R = column(w, layer.R(), y, unit), b = column(w, layer.b(), 0, unit);
    for (int i = 0; i < W.length; i++) b[b.length - W.length + i] += rests.xW[i];
    for (int i = 0; i < R.length; i++) b[i] += rests.hR[i];
    b[b.length - 1] += rests.mS;
    v.put("rnn.W", projected ? IntStream.range(0, 2 * W.length).mapToDouble(i -> i < W.length ? W[i] : R[i - W.length]).toArray() : W);
    v.put("rnn.R", projected ? new double[R.length] : R);
    v.put("rnn.b", b);
    if (layer.p() != null) v.put("rnn.p", column(w, layer.p(), 0, unit));
    if (layer.S() != null) v.put("rnn.S", column(w, layer.S(), unit, unit));
    for (int s = 0; s < w.slots().size(); s++) {
      v.put("rnn." + w.slots().get(s) + "0", new double[] {projected && s == 0 ? 0 : w.before(s, 0, unit)});
    }
    double in = layer.input().ids() ? 1 : w.trace().x().x().get(0, x);
    v.put("x", projected ? new double[] {in, w.trace().fed().get(0, y)} : new double[] {in});
    var one = new ReferenceLayer.Recurrent("rnn", w.cell(), projected ? 2 : 1, 1, false);
    var sequence = Sequences.ofVectors(projected ? 2 : 1, 1);
    if (!projected) {
      var named = layout.secondProduct() ? Map.of("rnn.m[1][1]", rests.dm) : Map.<String, Double>of();
      return new ReferenceModel(one).traced(sequence, v, new ReferenceLoss.Linear(new double[] {dy[unit]}, Map.of(), named));
    }
    v.put("out.W", new double[] {weights(w, layer.P()).get(unit, y)});
    v.put("out.b", new double[] {rests.out});
    return new ReferenceModel(one, new ReferenceLayer.Dense("out", 1, 1, null)).traced(sequence, v,
        new ReferenceLoss.Linear(new double[] {dy[y]}, Map.of(), Map.of("rnn.h[1][1]", rests.dh)));
  }

  /** A row of all blocks of a matrix, at a unit. */
  private static double[] column(CellWalk w, Param p, int row, int unit) {
    var m = weights(w, p);
    return IntStream.range(0, m.cols() / w.units()).mapToDouble(i -> m.get(row, i * w.units() + unit)).toArray();
  }

  // ---- the kernels

  private double measured(double[] dy) {
    var trace = walk.trace();
    Recurrent layer = trace.layer();
    var up = Slab.zeros(1, 1, dy.length);
    for (int j = 0; j < dy.length; j++) up.set(0, j, (float) dy[j]);
    var grads = new Grads(trace.run().weights().params());
    trace.backward(up, State.ZERO, grads);
    boolean projected = layer.P() != null;
    int byW = layer.cell().layout().byW();
    double gap = off(grads, layer.W(), x, "rnn.W", 0);
    gap = Math.max(gap, projected ? off(grads, layer.R(), y, "rnn.W", byW) : off(grads, layer.R(), y, "rnn.R", 0));
    gap = Math.max(gap, off(grads, layer.b(), 0, "rnn.b", 0));
    if (layer.p() != null) gap = Math.max(gap, off(grads, layer.p(), 0, "rnn.p", 0));
    if (layer.S() != null) gap = Math.max(gap, off(grads, layer.S(), unit, "rnn.S", 0));
    for (var slot : walk.slots()) {
      gap = Math.max(gap, LayerNumbers.off(walk.after(walk.slot(slot), 0, unit), traced.value("rnn." + slot + "[1][1]")));
    }
    for (var g : walk.gates()) {
      var name = "rnn." + g + "[1][1]";
      if (!g.equals("a") && traced.names().contains(name)) {
        gap = Math.max(gap, LayerNumbers.off(walk.gate(walk.gate(g), 0, unit), traced.value(name)));
      }
    }
    return gap;
  }

  private double off(Grads grads, Param p, int row, String array, int from) {
    var g = p.of(grads.array());
    double gap = 0;
    for (int i = 0; i < g.cols() / walk.units(); i++) {
      gap = Math.max(gap, LayerNumbers.off(g.get(row, i * walk.units() + unit), traced.gradient(array, from + i)));
    }
    return gap;
  }
}
