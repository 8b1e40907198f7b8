package org.unroll.model;

import java.util.ArrayList;
import java.util.List;
import org.unroll.cell.LayerNormed;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Tensor;
import org.unroll.file.TensorFile;
import org.unroll.head.Crf;
import org.unroll.layer.Activate;
import org.unroll.layer.Activity;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Dense;
import org.unroll.layer.Dropout;
import org.unroll.layer.Embedding;
import org.unroll.layer.Highway;
import org.unroll.layer.Jordan;
import org.unroll.layer.Layer;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Residual;
import org.unroll.layer.TiedDense;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * Weights under PyTorch's names, shapes and gate order: outputs × inputs; LSTM i f g o, GRU r z n. A table, made for one
 * network and one array of weights: each row a tensor of the file and the windows on the weights that it is made of.
 *
 * <pre>
 *   embedding.weight [V, E]     decoder.weight [V, H]  decoder.bias [V]     dense{i}.weight, dense{i}.bias
 *   highway{i}.weight, highway{i}.bias of the gate; a way around layers changes no other name
 *   rnn.weight_ih_l{k} = Wᵀ     rnn.weight_hh_l{k} = Rᵀ, then Sᵀ           _reverse for the walk backward
 *   rnn.bias_ih_l{k}   = b      rnn.bias_hh_l{k}   = 0, but b_q for blocks that R alone feeds (GRU's candidate)
 *   rnn.weight_peephole_l{k} [perUnit, H]   rnn.layer_norm_l{k}: own weights of a normalised cell, as it deals them out
 *   rnn.weight_hr_l{k} = Pᵀ
 *   rnn.weight_qkvo_l{k}, bias_qkvo_l{k}; rnn.weight_if_l{k}, bias_if_l{k}: of an mLSTM
 *   crf.transitions [K, K], from × to     crf.start_transitions [K]     crf.end_transitions [K]     as torchcrf has them
 * </pre>
 *
 * A cell without R and S has no bias_hh; its weights per unit, the only ones that meet the state, are weight_hh [perUnit, H].
 *
 * Blocks that R alone feeds come last there, with us first. When read, bias_hh is added to bias_ih where both feed a block.
 */
final class TorchNames {
  private final float[] weights;
  private final List<Row> table = new ArrayList<>();
  private int rnn, dense, highway;

  private TorchNames(Network net, float[] weights) {
    this.weights = weights;
    layer(net.body());
    switch (net.output()) {
      case Dense d -> dense(d, "decoder");
      case TiedDense t -> row("decoder.bias", List.of(t.b().cols()), plain(t.b()));
      case Layer other -> throw new AssertionError(other);
    }
    if (net.head() instanceof Crf c) {
      row("crf.transitions", List.of(c.A().rows(), c.A().cols()), plain(c.A()));
      row("crf.start_transitions", List.of(c.start().cols()), plain(c.start()));
      row("crf.end_transitions", List.of(c.end().cols()), plain(c.end()));
    }
    requireAll(net.shape());
  }

  /** No weight is left out of files, and none is in two rows. */
  private void requireAll(Params shape) {
    long named = table.stream().flatMap(r -> r.windows.stream()).filter(w -> w.form != Form.ADDED).mapToLong(Window::size).sum();
    if (named != shape.size()) throw new AssertionError(named + " of " + shape.size() + " weights have a name in files");
  }

  private void layer(Layer layer) {
    switch (layer) {
      case Embedding e -> row("embedding.weight", List.of(e.E().rows(), e.E().cols()), plain(e.E()));
      case Recurrent r -> recurrent(r, "_l" + rnn++ + (r.direction() == Recurrent.Direction.BACKWARD ? "_reverse" : ""));
      case Mlstm m -> mlstm(m, "_l" + rnn++ + (m.direction() == Recurrent.Direction.BACKWARD ? "_reverse" : ""));
      case Concat c -> {
        walk(c.layers().get(0), "_l" + rnn);
        walk(c.layers().get(1), "_l" + rnn++ + "_reverse");
      }
      case Jordan j -> jordan(j, "_l" + rnn++);
      case Dense d -> dense(d, "dense" + dense++);
      case Chain c -> c.layers().forEach(this::layer);
      case Residual r -> layer(r.body());
      case Highway h -> {
        layer(h.body());
        dense(h.gate(), "highway" + highway++);
      }
      case Activate _, Activity _, Dropout _ -> { }                     // no weights
      default -> throw new AssertionError(layer);
    }
  }

  /** The network's tensors, copied out of {@code weights}. */
  static List<Tensor> write(Network net, float[] weights) {
    return new TorchNames(net, weights).table.stream().map(Row::write).toList();
  }

  /** Fills {@code weights} from a file; M007 where a tensor is missing or has another shape. */
  static void read(Network net, TensorFile file, float[] weights) {
    for (var row : new TorchNames(net, weights).table) row.read(file);
  }

  // ---- the table

  private void dense(Dense d, String name) {
    row(name + ".weight", List.of(d.W().cols(), d.W().rows()), turned(d.W()));
    row(name + ".bias", List.of(d.b().cols()), plain(d.b()));
  }

  /** V and c are the decoder's. */
  private void jordan(Jordan j, String suffix) {
    row("rnn.weight_ih" + suffix, List.of(j.W().cols(), j.W().rows()), turned(j.W()));
    row("rnn.weight_hh" + suffix, List.of(j.U().cols(), j.U().rows()), turned(j.U()));
    row("rnn.bias_ih" + suffix, List.of(j.b().cols()), plain(j.b()));
  }

  /** One of the two directions of a layer. */
  private void walk(Layer layer, String suffix) {
    if (layer instanceof Mlstm m) mlstm(m, suffix);
    else recurrent((Recurrent) layer, suffix);
  }

  private void mlstm(Mlstm m, String suffix) {
    row("rnn.weight_qkvo" + suffix, List.of(m.W().cols(), m.W().rows()), turned(m.W()));
    row("rnn.bias_qkvo" + suffix, List.of(m.b().cols()), plain(m.b()));
    row("rnn.weight_if" + suffix, List.of(m.M().cols(), m.M().rows()), turned(m.M()));
    row("rnn.bias_if" + suffix, List.of(m.c().cols()), plain(m.c()));
  }

  private void recurrent(Recurrent r, String suffix) {
    var g = r.cell() instanceof LayerNormed n ? n.in() : r.cell().layout();
    int H = r.units();
    int onlyR = g.blocks() - g.byW();                                   // blocks 0 … onlyR − 1: W does not feed them
    int hh = g.byR() + (r.S() == null ? 0 : 1);                         // blocks that a product with h' feeds
    row("rnn.weight_ih" + suffix, List.of(g.byW() * H, r.W().rows()), turned(r.W()));

    var fromH = new ArrayList<Window>();
    if (g.byR() > onlyR) fromH.add(turned(r.R(), onlyR * H, g.byR() * H));
    if (r.S() != null) fromH.add(turned(r.S()));
    if (onlyR > 0) fromH.add(turned(r.R(), 0, onlyR * H));
    if (hh > 0) row("rnn.weight_hh" + suffix, List.of(hh * H, r.width()), fromH.toArray(Window[]::new));

    if (r.P() != null) row("rnn.weight_hr" + suffix, List.of(r.width(), H), turned(r.P()));
    if (r.b() == null) {
      row("rnn.layer_norm" + suffix, List.of(r.p().cols()), plain(r.p()));
      return;
    }
    row("rnn.bias_ih" + suffix, List.of(g.byW() * H), plain(r.b(), onlyR * H, g.blocks() * H));
    if (hh > 0) row("rnn.bias_hh" + suffix, List.of(hh * H), added(r.b(), onlyR * H, hh * H), plain(r.b(), 0, onlyR * H));
    if (r.p() != null) row((hh > 0 ? "rnn.weight_peephole" : "rnn.weight_hh") + suffix, List.of(g.perUnit(), H), plain(r.p()));
  }

  private void row(String name, List<Integer> shape, Window... windows) {
    table.add(new Row(name, shape.stream().map(Integer::longValue).toList(), List.of(windows)));
  }

  private Window plain(Param p) { return plain(p, 0, p.cols()); }

  private Window plain(Param p, int from, int to) { return window(p, from, to, Form.PLAIN); }

  private Window turned(Param p) { return turned(p, 0, p.cols()); }

  private Window turned(Param p, int from, int to) { return window(p, from, to, Form.TURNED); }

  private Window added(Param p, int from, int to) { return window(p, from, to, Form.ADDED); }

  /** Columns {@code from} (inclusive) to {@code to} (exclusive). */
  private Window window(Param p, int from, int to, Form form) { return new Window(p.of(weights).cols(from, to), form); }

  // ---- its rows

  /** How a window stands in its tensor: row by row; column by column; or as zeros, which are added to it when read. */
  private enum Form { PLAIN, TURNED, ADDED }

  /** A window on the weights; its elements are numbered in the order of the tensor. */
  private record Window(Slab slab, Form form) {
    int size() { return slab.height() * slab.cols(); }

    float get(int i) { return form == Form.ADDED ? 0f : slab.get(row(i), col(i)); }

    void set(int i, float v) {
      if (form != Form.ADDED) slab.set(row(i), col(i), v);
      else if (v != 0f) slab.set(row(i), col(i), slab.get(row(i), col(i)) + v); // −0 + 0 would be +0
    }

    private int row(int i) { return form == Form.TURNED ? i % slab.height() : i / slab.cols(); }

    private int col(int i) { return form == Form.TURNED ? i / slab.height() : i % slab.cols(); }
  }

  /** A tensor of the file: the elements of its windows one after the other. */
  private record Row(String name, List<Long> shape, List<Window> windows) {
    Tensor write() {
      var values = new float[windows.stream().mapToInt(Window::size).sum()];
      int at = 0;
      for (var w : windows) for (int i = 0; i < w.size(); i++) values[at++] = w.get(i);
      return Tensor.of(name, values, shape.stream().mapToLong(n -> n).toArray());
    }

    void read(TensorFile file) {
      var t = file.find(name);
      if (t == null && windows.getFirst().form == Form.ADDED) return; // bias_hh: not every network written elsewhere has one
      if (t == null) throw Fault.of(Code.M007, "the tensor is missing").at(name).because("the model has it, of shape %s", shape);
      if (!t.shape().equals(shape)) throw Fault.of(Code.M007, "its shape is %s, must be %s", t.shape(), shape).at(name);
      float[] values = t.floats();
      int at = 0;
      for (var w : windows) for (int i = 0; i < w.size(); i++) w.set(i, values[at++]);
    }
  }
}
