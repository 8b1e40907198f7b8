package org.unroll.cli;

import java.util.List;
import org.unroll.model.Spec;

/**
 * A network of the same equations in a small size: the reference computes numbers one at a time, and an error of a formula
 * shows at eight units as well as at a thousand.
 */
final class Small {
  private static final int SYMBOLS = 11, UNITS = 8, WIDTH = 6;

  private Small() {}

  static Spec of(Spec spec) {
    boolean tied = spec.head() instanceof Spec.Softmax s && s.tied();
    var layers = spec.layers().stream().map(l -> layer(l, tied)).toList();
    var input = switch (spec.input()) {
      case Spec.Symbols s -> new Spec.Symbols(Math.min(s.count(), SYMBOLS));
      case Spec.Vectors v -> new Spec.Vectors(Math.min(v.width(), WIDTH));
    };
    var head = switch (spec.head()) {
      case Spec.Softmax s -> new Spec.Softmax(Math.min(s.classes(), SYMBOLS), s.tied(), s.at(), s.start());
      case Spec.SquaredError s -> new Spec.SquaredError(Math.min(s.outputs(), WIDTH), s.at(), s.start());
      case Spec.Crf c -> new Spec.Crf(Math.min(c.labels(), WIDTH), c.start(), c.transitions());
    };
    return new Spec(input, List.copyOf(layers), head);
  }

  private static Spec.Layer layer(Spec.Layer layer, boolean tied) {
    return switch (layer) {
      case Spec.Embedding e -> new Spec.Embedding(Math.min(e.width(), tied ? UNITS : WIDTH), e.start());
      case Spec.Recurrent r -> new Spec.Recurrent(r.cell(), Math.min(r.units(), r.projection() > 0 ? 2 * UNITS : UNITS),
          r.direction(), r.forget(), r.inputStart(), r.recurrentStart(), Math.min(r.projection(), UNITS));
      case Spec.Dropout d -> d;
      case Spec.Dense d -> new Spec.Dense(Math.min(d.width(), WIDTH), d.activation(), d.start());
      case Spec.Jordan j -> new Spec.Jordan(Math.min(j.units(), UNITS), j.feedback(), j.inputStart(), j.recurrentStart());
    };
  }
}
