package org.unroll.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Crf;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.head.SquaredError;
import org.unroll.kernel.Activation;
import org.unroll.layer.Activate;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Dense;
import org.unroll.layer.Dropout;
import org.unroll.layer.Embedding;
import org.unroll.layer.Highway;
import org.unroll.layer.Input;
import org.unroll.layer.Jordan;
import org.unroll.layer.Layer;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.Residual;
import org.unroll.layer.TiedDense;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * A {@link Spec} as layers. Holds no weights: {@code shape} declares their windows, and any copy of it can run.
 *
 * @param body from the input to the last hidden states
 * @param output the head's output matrix, for streaming
 * @param head the loss
 */
public record Network(Spec spec, Layer body, Layer output, Head<Slab> head, Params shape) {

  /** The only place where specs become layers. */
  public static Network build(Spec spec) { return new Builder(spec).build(); }

  private static final class Builder {
    private final Spec spec;
    private final Params ps = new Params();
    private Input input;
    private Param table;
    private int recurrent, dense, dropout, highway, walks;

    Builder(Spec spec) {
      this.spec = spec;
      this.input = switch (spec.input()) {
        case Spec.Symbols s -> Input.oneHot(s.count());
        case Spec.Vectors v -> Input.of(v.width());
      };
    }

    Network build() {
      var layers = layers(spec.layers(), "layers");
      if (layers.isEmpty()) layers.add(new Activate(vectors("head"), Activation.IDENTITY)); // a perceptron: the head alone
      var output = layers.getLast() instanceof Jordan j ? j.output() : output();
      Head<Slab> head = switch (spec.head()) {
        case Spec.Softmax s -> new Softmax(output, s.at());
        case Spec.SquaredError s -> new SquaredError(output, s.at());
        case Spec.Crf c -> Crf.of("head", output, c.transitions().init(c.labels(), c.labels()), ps);
      };
      return new Network(spec, new Chain(layers), output, head, ps);
    }

    /** @param where the list stands in the spec */
    private List<Layer> layers(List<Spec.Layer> specs, String where) {
      var layers = new ArrayList<Layer>();
      for (int i = 0; i < specs.size(); i++) {
        var l = specs.get(i);
        layers.add(layer(l, where + "[" + i + "]"));
        input = Input.of(layers.getLast().width());
        if (l instanceof Spec.Dense d && d.activation() != Activation.IDENTITY) layers.add(new Activate(d.width(), d.activation()));
      }
      return layers;
    }

    private Layer layer(Spec.Layer l, String where) {
      return switch (l) {
        case Spec.Embedding e -> embedding(e);
        case Spec.Recurrent r -> recurrent(r);
        case Spec.Dropout d -> new Dropout(vectors("dropout"), d.rate(), d.over(), dropout++);
        case Spec.Jordan j -> jordan(j);
        case Spec.Mlstm m -> mlstm(m);
        case Spec.Residual r -> {
          int width = vectors("a residual connection");
          var body = new Chain(layers(r.body(), where + ".body"));
          yield fitting(where, () -> new Residual(width, body));
        }
        case Spec.Highway h -> {
          int width = vectors("a highway connection");
          var body = new Chain(layers(h.body(), where + ".body"));
          var init = h.start().init(width, width);
          yield fitting(where, () -> Highway.of("highway" + highway++, width, body, init, (float) h.bias(), ps));
        }
        case Spec.Dense d -> Dense.of("dense" + dense++, vectors("dense"), d.width(), d.start().init(input.width(), d.width()), ps);
      };
    }

    /** A layer that has to fit what is below it; where it does not, the fault says which one it is. */
    private static Layer fitting(String where, Supplier<Layer> layer) {
      try {
        return layer.get();
      } catch (Fault f) {
        throw f.at(where);
      }
    }

    private Layer embedding(Spec.Embedding e) {
      if (!input.ids()) throw Fault.of(Code.C014, "an embedding takes symbols, not vectors").at("layers").mend("put it first");
      var layer = Embedding.of("embedding", input.width(), e.width(), e.start().init(input.width(), e.width()), ps);
      table = layer.E();
      return layer;
    }

    private Layer recurrent(Spec.Recurrent r) { return directed(r.direction(), (name, d) -> walk(name, r, d)); }

    private Layer mlstm(Spec.Mlstm m) { return directed(m.direction(), (name, d) -> mlstm(name, m, d)); }

    /** One walk, or two side by side, under the next name. */
    private Layer directed(Spec.Direction direction, BiFunction<String, Direction, Layer> walk) {
      String name = "rnn" + recurrent++;
      return switch (direction) {
        case FORWARD -> walk.apply(name, Direction.FORWARD);
        case BACKWARD -> walk.apply(name, Direction.BACKWARD);
        case BOTH -> new Concat(List.of(walk.apply(name + ".forward", Direction.FORWARD),
            walk.apply(name + ".backward", Direction.BACKWARD)));
      };
    }

    private Layer walk(String name, Spec.Recurrent r, Direction direction) {
      int units = r.units();
      var inits = new Recurrent.Inits(r.inputStart().init(input.width(), units), r.recurrentStart().init(units, units), (float) r.forget());
      var layer = Recurrent.of(name, Cells.find(r.cell()), input, units, r.projection(), direction, inits, ps);
      return layer.with(r.noise(), walks++).scanned(r.scan());
    }

    private Layer mlstm(String name, Spec.Mlstm m, Direction direction) {
      return Mlstm.of(name, input, m.units(), m.heads(), direction, m.start().init(input.width(), m.units()), (float) m.forget(), ps);
    }

    /** Its output matrix is the head's. */
    private Layer jordan(Spec.Jordan j) {
      if (spec.layers().getLast() != j) {
        throw Fault.of(Code.C014, "a layer stands on a jordan layer").at("layers")
            .because("it feeds back the model's output, so it must be the last")
            .mend("put it last, or use a recurrent layer with cell: elman");
      }
      if (spec.head() instanceof Spec.Softmax s && s.tied()) {
        throw Fault.of(Code.C014, "a jordan layer under a tied head").at("head.tied").because("the layer and the head share their matrix")
            .mend("tie: false");
      }
      int outputs = spec.head().outputs();
      var inits = new Recurrent.Inits(j.inputStart().init(input.width(), j.units()), j.recurrentStart().init(outputs, j.units()), 0);
      return Jordan.of("rnn" + recurrent++, "head", input, j.units(), outputs, j.feedback(), inits, start().init(j.units(), outputs), ps);
    }

    private Layer output() {
      int width = vectors("head");
      if (spec.head() instanceof Spec.Softmax s && s.tied()) return tied(s, width);
      int outputs = spec.head().outputs();
      return Dense.of("head", width, outputs, start().init(width, outputs), ps);
    }

    private Start start() {
      return switch (spec.head()) {
        case Spec.Softmax s -> s.start();
        case Spec.SquaredError s -> s.start();
        case Spec.Crf c -> c.start();
      };
    }

    private Layer tied(Spec.Softmax s, int width) {
      if (table == null) throw Fault.of(Code.C014, "a tied head needs an embedding").at("head.tied")
          .mend("set embed above 0, or tie: false");
      if (table.cols() != width || table.rows() != s.classes()) {
        throw Fault.of(Code.C014, "the embedding is %d × %d and the last layer %d wide", table.rows(), table.cols(), width)
            .at("head.tied").because("a tied head needs them equally wide").mend("make the embedding %d wide", width);
      }
      return TiedDense.of("head", table, ps);
    }

    private int vectors(String who) {
      if (input.ids()) throw Fault.of(Code.C014, "%s takes vectors, not symbols", who).at("layers")
          .mend("put an embedding or a recurrent layer before it");
      return input.width();
    }
  }
}
