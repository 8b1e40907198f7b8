package org.unroll.cli;

import java.util.ArrayList;
import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.cell.LayerNormed;
import org.unroll.model.Spec;

/**
 * A network of the same equations in a small size: the reference computes numbers one at a time, and an error of a formula
 * shows at eight units as well as at a thousand. What has a way around it stays as wide as what it is given.
 */
final class Small {
  private static final int SYMBOLS = 11, UNITS = 8, WIDTH = 6;

  /** Steps of a chunk of a scan: sequences are short here, and have several all the same. */
  private static final int CHUNK = 2;

  private final boolean tied;
  /** Units of a layer that is normalised: the variance of a few is often near 0, and rounding is then divided by it. */
  private static final int NORMALISED = 24;

  /** Columns of what the next layer is given; 0 for symbols. */
  private int width;

  private Small(boolean tied, int width) {
    this.tied = tied;
    this.width = width;
  }

  static Spec of(Spec spec) {
    boolean tied = spec.head() instanceof Spec.Softmax s && s.tied();
    var input = switch (spec.input()) {
      case Spec.Symbols s -> new Spec.Symbols(Math.min(s.count(), SYMBOLS));
      case Spec.Vectors v -> new Spec.Vectors(Math.min(v.width(), WIDTH));
    };
    var head = switch (spec.head()) {
      case Spec.Softmax s -> new Spec.Softmax(Math.min(s.classes(), SYMBOLS), s.tied(), s.at(), s.start());
      case Spec.SquaredError s -> new Spec.SquaredError(Math.min(s.outputs(), WIDTH), s.at(), s.start());
      case Spec.Crf c -> new Spec.Crf(Math.min(c.labels(), WIDTH), c.start(), c.transitions());
    };
    var small = new Small(tied, input instanceof Spec.Vectors v ? v.width() : 0);
    return new Spec(input, small.layers(spec.layers(), 0), head);
  }

  /** @param last how wide the last layer that has a width of its own must be; 0 for any */
  private List<Spec.Layer> layers(List<Spec.Layer> layers, int last) {
    int sizing = layers.size() - 1;
    while (sizing >= 0 && (layers.get(sizing) instanceof Spec.Dropout || isAround(layers.get(sizing)))) sizing--;
    var small = new ArrayList<Spec.Layer>();
    for (int i = 0; i < layers.size(); i++) small.add(layer(layers.get(i), i == sizing ? last : 0));
    return List.copyOf(small);
  }

  private static boolean isAround(Spec.Layer l) { return l instanceof Spec.Residual || l instanceof Spec.Highway; }

  /** @param must how wide; 0 for any */
  private Spec.Layer layer(Spec.Layer layer, int must) {
    return switch (layer) {
      case Spec.Embedding e -> new Spec.Embedding(width = Math.min(e.width(), tied ? UNITS : WIDTH), e.start());
      case Spec.Recurrent r -> recurrent(r, must);
      case Spec.Dropout d -> d;
      case Spec.Dense d -> new Spec.Dense(width = must > 0 ? must : Math.min(d.width(), WIDTH), d.activation(), d.start());
      case Spec.Mlstm m -> mlstm(m, must);
      case Spec.Jordan j -> new Spec.Jordan(width = Math.min(j.units(), UNITS), j.feedback(), j.inputStart(), j.recurrentStart());
      case Spec.Residual r -> new Spec.Residual(layers(r.body(), width));
      case Spec.Highway h -> new Spec.Highway(layers(h.body(), width), h.bias(), h.start());
    };
  }

  /** As many heads as divide the units, and no more than there were. */
  private Spec.Mlstm mlstm(Spec.Mlstm m, int must) {
    int walks = m.direction() == Spec.Direction.BOTH ? 2 : 1, heads = m.heads();
    int each = must > 0 ? must / walks : Math.min(m.units(), UNITS);
    while (each % heads != 0) heads--;
    width = each * walks;
    return new Spec.Mlstm(each, heads, m.direction(), m.forget(), m.start());
  }

  private Spec.Recurrent recurrent(Spec.Recurrent r, int must) {
    int walks = r.direction() == Spec.Direction.BOTH ? 2 : 1;
    boolean projected = r.projection() > 0;
    int each = must > 0 ? must / walks : Math.min(projected ? r.projection() : r.units(), most(r.cell()));
    int units = projected ? Math.min(r.units(), Math.max(2 * UNITS, each + 1)) : each;
    width = each * walks;
    return new Spec.Recurrent(r.cell(), units, r.direction(), r.forget(), r.inputStart(), r.recurrentStart(), projected ? each : 0,
        r.noise(), r.scan() > 0 ? Math.min(r.scan(), CHUNK) : 0);
  }

  private static int most(String cell) { return Cells.find(cell) instanceof LayerNormed ? NORMALISED : UNITS; }
}
