package org.unroll.tasks.lesson;

import java.util.LinkedHashMap;
import org.unroll.look.Walk;
import org.unroll.slab.Slab;

/**
 * One unit of a wide layer at the only step of a walk. What it hears of the input and of the other units are numbers of their own here, so
 * that no matrix has to be written out or differentiated: the step of one unit depends on nothing else.
 *
 * @param xW unit's share of x W, for each block of W
 * @param hR of h' R, for each block of R
 * @param b of b, for each block
 * @param numbers the unit as a layer of its own, whose b is the sum of the three
 */
record OneUnit(double[] xW, double[] hR, double[] b, LayerNumbers numbers) {

  /** @param dh ∂L/∂h of all units */
  static OneUnit of(Walk w, int unit, double[] dh) {
    var layer = w.trace().layer();
    var layout = layer.cell().layout();
    var weights = w.trace().run().weights();
    int G = layout.blocks(), H = w.units();
    double[] xW = new double[layout.byW()], hR = new double[layout.byR()], b = new double[G], all = new double[G];
    Slab W = weights.of(layer.W()), R = weights.of(layer.R()), x = w.trace().x().x();
    for (int i = 0; i < xW.length; i++) {
      if (layer.input().ids()) xW[i] = W.get((int) x.get(0, 0), i * H + unit);
      for (int k = 0; k < x.cols() && !layer.input().ids(); k++) xW[i] += (double) x.get(0, k) * W.get(k, i * H + unit);
      all[G - xW.length + i] += xW[i];
    }
    for (int i = 0; i < hR.length; i++) {
      for (int k = 0; k < H; k++) hR[i] += (double) w.before(0, 0, k) * R.get(k, i * H + unit);
      all[i] += hR[i];
    }
    for (int i = 0; i < G; i++) {
      b[i] = weights.of(layer.b()).get(0, i * H + unit);
      all[i] += b[i];
    }
    var arrays = new LinkedHashMap<String, double[]>();
    arrays.put("W", new double[layout.byW()]);
    arrays.put("R", new double[layout.byR()]);
    arrays.put("b", all);
    for (int s = 0; s < w.slots().size(); s++) arrays.put(w.slots().get(s) + "0", new double[] {w.before(s, 0, unit)});
    var n = LayerNumbers.of(w.cell(), new double[1][1], 1, arrays, null, new double[] {dh[unit]});
    double gap = n.gap();
    for (int g = 0; g < w.gates().size(); g++) gap = Math.max(gap, LayerNumbers.off(w.gate(g, 0, unit), n.kernels().gate(g, 0, 0)));
    gap = Math.max(gap, LayerNumbers.off(w.after(0, 0, unit), n.value("h", 0)));
    return new OneUnit(xW, hR, b, new LayerNumbers(n.cell(), n.x(), 1, n.traced(), n.kernels(), gap));
  }
}
