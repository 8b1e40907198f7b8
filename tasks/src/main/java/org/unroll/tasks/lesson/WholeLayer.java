package org.unroll.tasks.lesson;

import java.util.LinkedHashMap;
import java.util.Map;
import org.unroll.look.CellWalk;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.Sequences;

/**
 * What reaches one input of a step, and one unit of the state before it, by all units of a layer: of the reference.
 *
 * @param h null with a projection
 */
record WholeLayer(Slope x, Slope h) {
  /** Numbers in matrices up to which differences of the whole layer come soon. */
  private static final long MOST = 3_000_000;

  record Slope(double gradient, double difference) {}

  /** @param dy ∂L/∂y of all units. Null where the layer is too large */
  static WholeLayer of(CellWalk w, OneUnit one, double[] dy) {
    var layer = w.trace().layer();
    long size = (layer.input().ids() ? 1 : layer.W().rows()) * (long) layer.W().cols() + (long) layer.R().rows() * layer.R().cols()
        + (layer.S() == null ? 0 : layer.S().size());
    if (size > MOST) return null;
    var arrays = new LinkedHashMap<String, double[]>();
    var x = Own.arrays(w, 0, arrays);
    var values = new LinkedHashMap<String, double[]>();
    arrays.forEach((name, v) -> values.put("rnn." + name, v));
    values.put("x", LayerNumbers.flat(x));
    var n = Own.reference(w, x[0].length).traced(Sequences.ofVectors(x[0].length, 1), values, new ReferenceLoss.Linear(dy, Map.of()));
    int in = layer.input().ids() ? 0 : one.x();
    var slope = new Slope(n.gradient("x", in), n.difference("x", in));
    if (layer.P() != null) return new WholeLayer(slope, null);
    return new WholeLayer(slope, new Slope(n.gradient("rnn.h0", one.unit()), n.difference("rnn.h0", one.unit())));
  }
}
