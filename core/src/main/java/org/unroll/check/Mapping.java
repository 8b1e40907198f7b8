package org.unroll.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.unroll.cell.Cells;
import org.unroll.layer.Activate;
import org.unroll.layer.Activity;
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
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Residual;
import org.unroll.layer.State;
import org.unroll.layer.TiedDense;
import org.unroll.reference.ReferenceCell;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.Sequences;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * A layer of ours as the reference has it: the same kinds, the same names of arrays.
 *
 * @param layer in the reference
 * @param params the windows that it uses
 * @param recurrences in the order of the parts of the state
 * @param symbols whether the input is ids
 * @param hot how wide the one-hot rows are that ids stand for: there they are the input, so that it has a gradient; 0 for none
 */
record Mapping(ReferenceLayer layer, Set<Param> params, List<Memory> recurrences, boolean symbols, int hot) {

  /** A part of the state: the layer's name, and its slots' names. */
  record Memory(String name, List<String> slots) {}

  /**
   * @param pass one run of the layer: it holds the masks of dropout
   * @return empty if a part of the layer has no reference, such as a user's own cell
   */
  static Optional<Mapping> of(Layer layer, Pass pass) {
    var builder = new Builder(true);
    var mapped = builder.map(layer, pass);
    if (builder.symbols && builder.hot > 0) {                 // beside a table ids stay ids
      builder = new Builder(false);
      mapped = builder.map(layer, pass);
    }
    return mapped == null ? Optional.empty()
        : Optional.of(new Mapping(mapped, builder.params, List.copyOf(builder.recurrences), builder.symbols, builder.hot));
  }

  /** This layer with another on top. */
  Mapping then(Mapping top) {
    var both = new LinkedHashSet<>(params);
    both.addAll(top.params);
    return new Mapping(new ReferenceLayer.Chain(layer, top.layer), both, recurrences, symbols, hot);
  }

  /** This layer with more windows, which a head has besides its output. */
  Mapping with(Param... windows) {
    var all = new LinkedHashSet<>(params);
    all.addAll(List.of(windows));
    return new Mapping(layer, all, recurrences, symbols, hot);
  }

  /** The numbers that go in; null where they are ids. */
  Slab numbers(Batch x) { return symbols ? null : hot > 0 ? OneHot.rows(x, hot) : x.x(); }

  /** The batch's lengths, and its ids if the input is ids. */
  Sequences sequences(Batch x) {
    int N = x.x().rows();
    var lengths = new int[N];
    var ids = new int[N][];
    for (int n = 0; n < N; n++) {
      lengths[n] = x.length(n);
      ids[n] = new int[lengths[n]];
      for (int t = 0; t < lengths[n] && symbols; t++) ids[n][t] = (int) x.x().get(t * N + n, 0);
    }
    return symbols ? Sequences.ofSymbols(ids) : Sequences.ofVectors(hot > 0 ? hot : x.x().cols(), lengths);
  }

  /** Weights, input and first states, by name. */
  Map<String, double[]> values(Params ps, Batch x, State in) {
    var values = new LinkedHashMap<String, double[]>();
    for (var p : params) values.put(p.name(), Slabs.flat(p.of(ps.array())));
    if (!symbols) values.put("x", Slabs.alive(numbers(x), x));
    states(in, "0", values);
    return values;
  }

  /** The slots of a state, {@code name.h} and {@code name.c} with {@code suffix}. */
  Map<String, double[]> states(State s, String suffix) {
    var values = new LinkedHashMap<String, double[]>();
    states(s, suffix, values);
    return values;
  }

  private void states(State s, String suffix, Map<String, double[]> values) {
    for (int i = 0; i < recurrences.size(); i++) {
      Slab part = s.part(i);
      if (part == null) continue;
      var slots = recurrences.get(i).slots();
      for (int j = 0; j < slots.size(); j++) {
        values.put(recurrences.get(i).name() + "." + slots.get(j) + suffix, Slabs.flat(part.step(j)));
      }
    }
  }

  /** The layer's name: what stands before the last dot of its windows' names. */
  static String stem(Param p) { return p.name().substring(0, p.name().lastIndexOf('.')); }

  private static final class Builder {
    final Set<Param> params = new LinkedHashSet<>();
    final List<Memory> recurrences = new ArrayList<>();
    private final boolean spread;
    boolean symbols;
    int hot;

    /** @param spread whether ids become the one-hot rows that they stand for */
    Builder(boolean spread) { this.spread = spread; }

    /** Null where there is no reference. */
    ReferenceLayer map(Layer layer, Pass pass) {
      return switch (layer) {
        case Chain l -> {
          var all = all(l.layers(), ((Chain.Trace) pass).passes());
          yield all == null ? null : new ReferenceLayer.Chain(all);
        }
        case Concat l -> {
          var all = all(l.layers(), ((Concat.Trace) pass).passes());
          yield all == null ? null : new ReferenceLayer.Concat(all);
        }
        case Recurrent l -> recurrent(l, (Recurrent.Trace) pass);
        case Embedding l -> {
          symbols = true;
          use(l.E());
          yield new ReferenceLayer.Embedding(stem(l.E()), l.E().rows(), l.E().cols());
        }
        case Dense l -> {
          use(l.W(), l.b());
          yield new ReferenceLayer.Dense(stem(l.W()), l.W().rows(), l.W().cols(), null);
        }
        case TiedDense l -> {
          use(l.E(), l.b());
          yield new ReferenceLayer.Dense(stem(l.b()), l.E().cols(), l.E().rows(), l.E().name());
        }
        case Activate l -> new ReferenceLayer.Activation(ReferenceLayer.Function.valueOf(l.f().name()));
        case Jordan l -> jordan(l);
        case Mlstm l -> mlstm(l);
        case Residual l -> {
          var body = map(l.body(), ((Residual.Trace) pass).f());
          yield body == null ? null : new ReferenceLayer.Residual(body);
        }
        case Highway l -> {
          var body = map(l.body(), ((Highway.Trace) pass).f());
          use(l.gate().W(), l.gate().b());
          yield body == null ? null : new ReferenceLayer.Highway(stem(l.gate().W()), l.width(), body);
        }
        case Activity l -> pass instanceof Activity.Trace
            ? new ReferenceLayer.Activity(l.l2(), l.temporal()) : new ReferenceLayer.Chain();
        case Dropout _ -> pass instanceof Dropout.Trace t
            ? new ReferenceLayer.Dropout(Slabs.alive(t.m(), t.x())) : new ReferenceLayer.Chain();
        default -> null;
      };
    }

    private List<ReferenceLayer> all(List<Layer> layers, List<Pass> passes) {
      var all = new ArrayList<ReferenceLayer>();
      for (int i = 0; i < layers.size(); i++) {
        var mapped = map(layers.get(i), passes.get(i));
        if (mapped == null) return null;
        all.add(mapped);
      }
      return all;
    }

    private ReferenceLayer recurrent(Recurrent l, Recurrent.Trace pass) {
      String cell = Cells.nameOf(l.cell());
      if (cell == null || !ReferenceCell.knows(cell)) return null;
      use(l.W(), l.R(), l.b(), l.p(), l.S(), l.P());
      recurrences.add(new Memory(stem(l.W()), l.cell().slots()));
      boolean backward = l.direction() == Recurrent.Direction.BACKWARD;
      var mapped = new ReferenceLayer.Recurrent(stem(l.W()), cell, l.input().width(), l.units(), backward,
          l.P() == null ? 0 : l.width(), masks(pass));
      return oneHot(l.input(), mapped);
    }

    /** The masks of that run, and zoneout's means. */
    private static ReferenceLayer.Masks masks(Recurrent.Trace pass) {
      var m = pass.masks();
      return new ReferenceLayer.Masks(m.state() == null ? null : Slabs.flat(m.state().step(0)),
          m.candidate() == null ? null : Slabs.alive(m.candidate(), pass.x()), m.zone() == null ? null : zone(pass),
          m.R() == null ? null : Slabs.flat(m.R().mask()), m.S() == null ? null : Slabs.flat(m.S().mask()));
    }

    /** Without padding; means once for each row. */
    private static double[] zone(Recurrent.Trace pass) {
      var z = pass.masks().zone();
      int rows = pass.x().x().height(), H = pass.layer().units(), S = pass.layer().cell().layout().states();
      var flat = new double[rows * S * H];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = z.get(z.height() == 1 ? 0 : i / H / S, i / H % S * (z.cols() / S) + i % H);
      }
      return flat;
    }

    private ReferenceLayer jordan(Jordan l) {
      use(l.W(), l.U(), l.b(), l.V(), l.c());
      recurrences.add(new Memory(stem(l.W()), List.of("p")));
      return oneHot(l.input(), new ReferenceLayer.Jordan(stem(l.W()), stem(l.V()), l.input().width(), l.width(), l.outputs(),
          ReferenceLayer.Function.valueOf(l.feedback().name())));
    }

    private ReferenceLayer mlstm(Mlstm l) {
      use(l.W(), l.b(), l.M(), l.c());
      recurrences.add(new Memory(stem(l.W()), List.of("s")));
      boolean backward = l.direction() == Recurrent.Direction.BACKWARD;
      return oneHot(l.input(), new ReferenceLayer.Mlstm(stem(l.W()), l.input().width(), l.width(), l.heads(), backward));
    }

    private ReferenceLayer oneHot(Input input, ReferenceLayer on) {
      if (!input.ids()) return on;
      if (spread) {
        hot = input.width();
        return on;
      }
      symbols = true;
      return new ReferenceLayer.Chain(new ReferenceLayer.OneHot(input.width()), on);
    }

    private void use(Param... windows) {
      for (var p : windows) if (p != null) params.add(p);
    }
  }
}
