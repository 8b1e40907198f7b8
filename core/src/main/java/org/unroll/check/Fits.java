package org.unroll.check;

import java.util.Optional;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Crf;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.head.SquaredError;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Dense;
import org.unroll.layer.Embedding;
import org.unroll.layer.Input;
import org.unroll.layer.Jordan;
import org.unroll.layer.Layer;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Recurrent;
import org.unroll.layer.State;
import org.unroll.layer.TiedDense;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** The door of a check: kernels only assert the shapes that they are given. Refuses by C030. */
final class Fits {
  private Fits() {}

  /** Input, first state and the number of samples. */
  static void layer(Layer layer, Batch x, State in, int samples) {
    samples(samples);
    if (x.x().height() == 0) {
      throw Fault.of(Code.C030, "it has %d steps of %d rows", x.x().steps(), x.x().rows()).at("x")
          .because("there must be one of each at least").mend("a batch of one sequence of one step");
    }
    input(layer).ifPresent(i -> {
      if (i.ids()) ids(x.x(), x, i.width(), "x", "symbol");
      else shape(x.x(), x.x().steps(), x.x().rows(), i.width(), "x");
    });
    if (in.isZero()) return;
    var memories = layer.memories();
    if (in.parts().size() != memories.size()) {
      throw Fault.of(Code.C030, "it has %d parts", in.parts().size()).at("in")
          .because("it must have %d, one for each recurrent walk, or none", memories.size()).mend("State.ZERO stands for zeros");
    }
    for (int i = 0; i < memories.size(); i++) {
      shape(in.part(i), memories.get(i).slots(), x.x().rows(), memories.get(i).width(), "in, part " + i);
    }
  }

  static void samples(int samples) {
    if (samples >= 0) return;
    throw Fault.of(Code.C030, "%d samples", samples).at("samples").because("must be at least 0").mend("0 leaves differences out");
  }

  /** Whether the head fits on the body, and the target on both. */
  static void head(Layer body, Head<Slab> head, Batch x, Slab target) {
    var output = outputOf(head);
    output.flatMap(Fits::input).filter(i -> i.width() != body.width()).ifPresent(i -> {
      throw Fault.of(Code.C030, "it takes rows %d wide", i.width()).at("head")
          .because("the body gives rows %d wide", body.width()).mend("an output matrix of %d rows", body.width());
    });
    int T = x.x().steps(), N = x.x().rows();
    switch (head) {
      case Softmax s -> ids(target, x, s.outputs(), "target", "class");
      case Crf c -> ids(target, x, c.outputs(), "target", "label");
      case SquaredError s -> shape(target, T, N, s.outputs(), "target");
      default -> shape(target, T, N, target.cols(), "target");
    }
  }

  /** The output matrix of a head of ours; empty for a user's own. */
  static Optional<Layer> outputOf(Head<Slab> head) {
    return switch (head) {
      case Softmax s -> Optional.of(s.output());
      case SquaredError s -> Optional.of(s.output());
      case Crf c -> Optional.of(c.output());
      default -> Optional.empty();
    };
  }

  /** What a layer is fed; empty where only the layer itself knows. */
  private static Optional<Input> input(Layer layer) {
    return switch (layer) {
      case Chain l -> input(l.layers().getFirst());
      case Concat l -> input(l.layers().getFirst());
      case Recurrent l -> Optional.of(l.input());
      case Jordan l -> Optional.of(l.input());
      case Mlstm l -> Optional.of(l.input());
      case Embedding l -> Optional.of(Input.oneHot(l.E().rows()));
      case Dense l -> Optional.of(Input.of(l.W().rows()));
      case TiedDense l -> Optional.of(Input.of(l.E().cols()));
      default -> Optional.empty();
    };
  }

  private static void shape(Slab s, int steps, int rows, int cols, String where) {
    if (s.steps() == steps && s.rows() == rows && s.cols() == cols) return;
    throw Fault.of(Code.C030, "it is %d × %d × %d", s.steps(), s.rows(), s.cols()).at("%s", where)
        .because("it must be %d × %d × %d", steps, rows, cols).mend("Slab.zeros(%d, %d, %d) has this shape", steps, rows, cols);
  }

  private static void ids(Slab ids, Batch x, int count, String where, String what) {
    int rows = x.x().rows();
    shape(ids, x.x().steps(), rows, 1, where);
    for (int t = 0; t < x.alive().length; t++) {
      for (int n = 0; n < x.alive()[t]; n++) {
        float id = ids.get(t * rows + n, 0);
        if (id >= 0 && id < count && id == (int) id) continue;
        throw Fault.of(Code.C030, "the %s is %s", what, id).at("%s, step %d, row %d", where, t, n)
            .because("it must be a whole number in [0, %d)", count).mend("number them from 0 to %d", count - 1);
      }
    }
  }
}
