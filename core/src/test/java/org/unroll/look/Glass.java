package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.unroll.cell.Cells;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Noise;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** Small models to look into. */
final class Glass {
  static final int SYMBOLS = 9;
  static final int[] TEXT = {3, 1, 4, 1, 5, 8, 2, 6, 5, 3, 5, 0, 7};
  static final int[] BEFORE = {2, 7, 1};
  private static final Start SMALL = new Start(Start.Kind.UNIFORM, 0.4);

  private Glass() {}

  /** @param embed 0 for one-hot input */
  static Spec spec(String cell, int embed, int units, int layers, Spec.Direction direction) {
    var list = new ArrayList<Spec.Layer>();
    if (embed > 0) list.add(new Spec.Embedding(embed, SMALL));
    for (int i = 0; i < layers; i++) {
      list.add(new Spec.Recurrent(cell, units, direction, 1, SMALL, SMALL));
      list.add(new Spec.Dropout(0.2));
    }
    return new Spec(new Spec.Symbols(SYMBOLS), list, new Spec.Softmax(SYMBOLS, false, Head.At.EVERY_STEP, SMALL));
  }

  /** One layer with zoneout of h, and of the memory where it has one of its own. */
  static Model zoned(String cell) {
    var noise = new Noise(0, 0, 0.2, Cells.find(cell).layout().states() == 2 ? 0.4 : 0, 0);
    var layer = new Spec.Recurrent(cell, 5, Spec.Direction.FORWARD, 1, SMALL, SMALL, 0, noise);
    return model(new Spec(new Spec.Symbols(SYMBOLS), List.of(layer), new Spec.Softmax(SYMBOLS, false, Head.At.EVERY_STEP, SMALL)), _ -> { });
  }

  static Model model(Spec spec, Consumer<Params> change) {
    var net = Network.build(spec);
    var ps = net.shape().copy();
    float[] w = ps.array();
    var rng = new Philox(3, Philox.Stream.INIT);
    for (int i = 0; i < w.length; i++) w[i] = 1.2f * rng.uniform(0, 0, 0, i) - 0.6f;
    change.accept(ps);
    ps.touch();
    return Model.of(net, ps, Kernels.scalar(), Map.of());
  }

  /** One layer of two heads of 3 units. */
  static Spec mlstm(Spec.Direction direction) {
    return new Spec(new Spec.Symbols(SYMBOLS), List.of(new Spec.Embedding(4, SMALL), new Spec.Mlstm(6, 2, direction, 1, SMALL)),
        new Spec.Softmax(SYMBOLS, false, Head.At.EVERY_STEP, SMALL));
  }

  /** Of {@link #mlstm}: in the first head e^−m is the larger, in the second q · n. */
  static Model matrices(Spec.Direction direction) { return model(mlstm(direction), Glass::keysAlike); }

  /** Queries and keys of the upper half of the heads point the same way. */
  static void keysAlike(Params ps) {
    for (var M : ps.all()) {
      if (!M.name().endsWith(".M")) continue;
      var b = ps.find(M.name().replace(".M", ".b"));
      var c = ps.find(M.name().replace(".M", ".c"));
      for (int f = c.cols() / 2; f < c.cols(); f++) ps.array()[c.offset() + f] = 3;         // more is kept than is written
      int units = b.cols() / 4;
      for (int u = units / 2; u < units; u++) ps.array()[b.offset() + u] = ps.array()[b.offset() + units + u] = 1.8f;
    }
  }

  /** @param embed 0 for one-hot input */
  static Spec jordan(int embed, Activation feedback) {
    var list = new ArrayList<Spec.Layer>();
    if (embed > 0) list.add(new Spec.Embedding(embed, SMALL));
    list.add(new Spec.Jordan(5, feedback, SMALL, SMALL));
    return new Spec(new Spec.Symbols(SYMBOLS), list, new Spec.Softmax(SYMBOLS, false, Head.At.EVERY_STEP, SMALL));
  }

  /** Two layers that walk both ways, the upper one an mLSTM with a way around it, under a CRF of 3 labels. */
  static Model tagger(String cell) {
    var upper = new Spec.Residual(List.of(new Spec.Mlstm(4, 2, Spec.Direction.BOTH, 1, SMALL)));
    return model(new Spec(new Spec.Symbols(SYMBOLS), List.of(new Spec.Embedding(4, SMALL),
        new Spec.Recurrent(cell, 4, Spec.Direction.BOTH, 1, SMALL, SMALL), upper), new Spec.Crf(3, SMALL, SMALL)),
            Glass::keysAlike);
  }

  static Model model(String cell, int layers) { return model(spec(cell, 4, 5, layers, Spec.Direction.FORWARD), _ -> { }); }

  /** Every weight of a window. */
  static void fill(Params ps, String name, float... values) {
    var w = ps.find(name);
    for (int i = 0; i < w.size(); i++) ps.array()[w.offset() + i] = values[i % values.length];
  }

  /** H identity units on vectors of H numbers: h = x + r h'. */
  static Model linear(int units, float r) {
    var spec = new Spec(new Spec.Vectors(units), List.of(new Spec.Recurrent("elman-identity", units, Spec.Direction.FORWARD, 0,
        SMALL, SMALL)),
        new Spec.SquaredError(1, Head.At.EVERY_STEP, SMALL));
    return model(spec, ps -> {
      fill(ps, "rnn0.W", 0);
      fill(ps, "rnn0.R", 0);
      fill(ps, "rnn0.b", 0);
      for (int u = 0; u < units; u++) {
        ps.array()[ps.find("rnn0.W").offset() + u * units + u] = 1;
        ps.array()[ps.find("rnn0.R").offset() + u * units + u] = r;
      }
    });
  }

  /** Rows of numbers as [T, 1, K]. */
  static Slab vectors(float[]... rows) {
    var x = Slab.zeros(rows.length, 1, rows[0].length);
    for (int t = 0; t < rows.length; t++) for (int k = 0; k < rows[t].length; k++) x.set(t, k, rows[t][k]);
    return x;
  }
}
