package org.unroll.model;

import java.util.ArrayList;
import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Tensor;
import org.unroll.file.TensorFile;
import org.unroll.head.Crf;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Dense;
import org.unroll.layer.Embedding;
import org.unroll.layer.Layer;
import org.unroll.layer.Recurrent;
import org.unroll.layer.TiedDense;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * Weights under PyTorch's names, shapes and gate order: outputs × inputs; LSTM i f g o, GRU r z n.
 *
 * <pre>
 *   embedding.weight [V, E]     decoder.weight [V, H]  decoder.bias [V]     dense{i}.weight, dense{i}.bias
 *   rnn.weight_ih_l{k} = Wᵀ     rnn.weight_hh_l{k} = Rᵀ, then Sᵀ           _reverse for the walk backward
 *   rnn.bias_ih_l{k}   = b      rnn.bias_hh_l{k}   = 0, but b_q for blocks that R alone feeds (GRU's candidate)
 *   rnn.weight_peephole_l{k} [perUnit, H]
 *   crf.transitions [K, K], from × to     crf.start_transitions [K]     crf.end_transitions [K]     as torchcrf has them
 * </pre>
 *
 * A cell without R and S has no bias_hh; its weights per unit, the only ones that meet the state, are weight_hh [perUnit, H].
 *
 * Blocks that R alone feeds come last there. When read, bias_hh is added to bias_ih where both feed a block.
 */
final class TorchNames {
  private TorchNames() {}

  /** The network's tensors, copied out of {@code weights}. */
  static List<Tensor> write(Network net, float[] weights) {
    var tensors = new ArrayList<Tensor>();
    each(net, new Writer(weights, tensors));
    return tensors;
  }

  /** Fills {@code weights} from a file. */
  static void read(Network net, TensorFile file, float[] weights) { each(net, new Reader(weights, file)); }

  /** What happens to each tensor: {@code rows × cols} of {@code at}. */
  private interface Visitor {
    /** Tensor [cols, rows] is the matrix turned. */
    default void turned(String name, Slab window) { blocks(name, List.of(window), true); }

    /** The windows' rows (columns, if turned) one after the other. */
    void blocks(String name, List<Slab> windows, boolean turned);

    /** A vector of zeros when written, added to {@code into} when read; null where it must stand for itself. */
    void bias(String name, List<Slab> into, List<Boolean> own);

    float[] weights();
  }

  private static void each(Network net, Visitor v) {
    int k = 0, dense = 0;
    for (var layer : ((Chain) net.body()).layers()) {
      switch (layer) {
        case Embedding e -> v.blocks("embedding.weight", List.of(e.E().of(v.weights())), false);
        case Recurrent r -> recurrent(r, "l" + k++ + (r.direction() == Recurrent.Direction.BACKWARD ? "_reverse" : ""), v);
        case Concat c -> {
          recurrent((Recurrent) c.layers().get(0), "l" + k, v);
          recurrent((Recurrent) c.layers().get(1), "l" + k++ + "_reverse", v);
        }
        case Dense d -> dense(d.W(), d.b(), "dense" + dense++, v);
        default -> { }
      }
    }
    switch (net.output()) {
      case Dense d -> dense(d.W(), d.b(), "decoder", v);
      case TiedDense t -> v.blocks("decoder.bias", List.of(t.b().of(v.weights())), false);
      case Layer other -> throw new AssertionError(other);
    }
    if (net.head() instanceof Crf c) {
      v.blocks("crf.transitions", List.of(c.A().of(v.weights())), false);
      v.blocks("crf.start_transitions", List.of(c.start().of(v.weights())), false);
      v.blocks("crf.end_transitions", List.of(c.end().of(v.weights())), false);
    }
  }

  private static void dense(Param W, Param b, String name, Visitor v) {
    v.turned(name + ".weight", W.of(v.weights()));
    v.blocks(name + ".bias", List.of(b.of(v.weights())), false);
  }

  private static void recurrent(Recurrent r, String suffix, Visitor v) {
    var g = r.cell().layout();
    int H = r.units(), onlyR = g.blocks() - g.byW();
    v.turned("rnn.weight_ih_" + suffix, r.W().of(v.weights()));

    var hh = new ArrayList<Slab>();
    if (g.byR() > onlyR) hh.add(r.R().of(v.weights()).cols(onlyR * H, g.byR() * H));
    if (r.S() != null) hh.add(r.S().of(v.weights()));
    if (onlyR > 0) hh.add(r.R().of(v.weights()).cols(0, onlyR * H));
    if (!hh.isEmpty()) v.blocks("rnn.weight_hh_" + suffix, hh, true);

    var b = r.b().of(v.weights());
    v.blocks("rnn.bias_ih_" + suffix, List.of(b.cols(onlyR * H, g.blocks() * H)), false);
    var into = new ArrayList<Slab>();
    var own = new ArrayList<Boolean>();
    for (int i = 0; i < hh.stream().mapToInt(Slab::cols).sum() / H - onlyR; i++) {
      into.add(b.cols((onlyR + i) * H, (onlyR + i + 1) * H));
      own.add(false);
    }
    if (onlyR > 0) {
      into.add(b.cols(0, onlyR * H));
      own.add(true);
    }
    if (!into.isEmpty()) v.bias("rnn.bias_hh_" + suffix, into, own);
    if (r.p() != null) {
      var p = r.p().of(v.weights());
      var units = new ArrayList<Slab>();
      for (int i = 0; i < g.perUnit(); i++) units.add(p.cols(i * H, (i + 1) * H));
      v.blocks((hh.isEmpty() ? "rnn.weight_hh_" : "rnn.weight_peephole_") + suffix, units, false);
    }
  }

  private record Writer(float[] weights, List<Tensor> tensors) implements Visitor {
    @Override public void blocks(String name, List<Slab> windows, boolean turned) {
      var out = new Flat(windows, turned);
      var to = new float[out.size()];
      out.each((i, w) -> to[i] = w.slab.get(w.row, w.col));
      tensors.add(Tensor.of(name, to, out.shape()));
    }

    @Override public void bias(String name, List<Slab> into, List<Boolean> own) {
      var out = new Flat(into, false);
      var to = new float[out.size()];
      out.each((i, w) -> to[i] = own.get(w.window) ? w.slab.get(w.row, w.col) : 0f);
      tensors.add(Tensor.of(name, to, to.length));
    }
  }

  private record Reader(float[] weights, TensorFile file) implements Visitor {
    @Override public void blocks(String name, List<Slab> windows, boolean turned) {
      var in = new Flat(windows, turned);
      float[] from = take(name, in.shape());
      in.each((i, w) -> w.slab.set(w.row, w.col, from[i]));
    }

    @Override public void bias(String name, List<Slab> into, List<Boolean> own) {
      var in = new Flat(into, false);
      if (file.find(name) == null) return;
      float[] from = take(name, in.size());
      in.each((i, w) -> {
        if (own.get(w.window)) w.slab.set(w.row, w.col, from[i]);
        else if (from[i] != 0f) w.slab.set(w.row, w.col, w.slab.get(w.row, w.col) + from[i]); // −0 + 0 would be +0
      });
    }

    private float[] take(String name, long... shape) {
      var t = file.find(name);
      if (t == null) throw Fault.of(Code.M007, "the tensor is missing").at(name).because("the model has it, of shape %s", java.util.Arrays.toString(shape));
      var want = java.util.Arrays.stream(shape).boxed().toList();
      if (!t.shape().equals(want)) throw Fault.of(Code.M007, "its shape is %s, must be %s", t.shape(), want).at(name);
      return t.floats();
    }
  }

  /** One element of one of several windows. */
  private static final class Place {
    Slab slab;
    int window, row, col;
  }

  private interface Element { void at(int i, Place p); }

  /** Windows seen as one tensor: stacked by rows; or turned and stacked, [Σ cols, rows]. */
  private record Flat(List<Slab> windows, boolean turned) {
    int size() { return windows.stream().mapToInt(w -> w.height() * w.cols()).sum(); }

    long[] shape() {
      var first = windows.getFirst();
      if (turned) return new long[] {windows.stream().mapToInt(Slab::cols).sum(), first.height()};
      int rows = windows.stream().mapToInt(Slab::height).sum();
      return rows == 1 ? new long[] {first.cols()} : new long[] {rows, first.cols()};
    }

    void each(Element e) {
      var p = new Place();
      int i = 0;
      for (p.window = 0; p.window < windows.size(); p.window++) {
        p.slab = windows.get(p.window);
        int outer = turned ? p.slab.cols() : p.slab.height(), inner = turned ? p.slab.height() : p.slab.cols();
        for (int a = 0; a < outer; a++) {
          for (int b = 0; b < inner; b++) {
            p.row = turned ? b : a;
            p.col = turned ? a : b;
            e.at(i++, p);
          }
        }
      }
    }
  }

}
