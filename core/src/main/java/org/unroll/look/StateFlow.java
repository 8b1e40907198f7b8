package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Highway;
import org.unroll.layer.Jordan;
import org.unroll.layer.Layer;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Residual;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;
import org.unroll.model.Model;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * The flow of {@link GradientFlow} where layers walk both ways: there is no step between which the whole network could be cut.
 * One backward run for all positions, a row each, hears what reaches the output of every walk at every step; then each walk is
 * gone back alone, a step at a time, with what it hears.
 */
final class StateFlow {
  private final Model model;
  private final Slab x;
  private final List<Walk> walks;

  StateFlow(Model model, Slab x) {
    this.model = model;
    this.x = x;
    this.walks = Reading.of(model, x, State.ZERO).walks();
  }

  /**
   * @param seeds ∂(what is followed of step t)/∂y_t of the body [T, 1, width]
   * @param at positions for a walk that goes forward; for one that goes backward they count from the end
   * @return norms of each walk's slots, one after the other, at lag 1 … {@code lags}
   */
  List<double[]> norms(Slab seeds, int[] at, int lags) {
    var forward = heard(seeds, at);
    int[] mirrored = new int[at.length];
    for (int m = 0; m < at.length; m++) mirrored[m] = x.steps() - 1 - at[m];
    var backward = walks.stream().allMatch(Walk::forward) ? forward : heard(seeds, mirrored);
    var norms = new ArrayList<double[]>();
    for (int w = 0; w < walks.size(); w++) {
      norms.addAll(back(walks.get(w), (walks.get(w).forward() ? forward : backward).get(w), at, lags));
    }
    return norms;
  }

  /** ∂(what is followed)/∂y of each walk [T, M, width], row m for position m. */
  private List<Slab> heard(Slab seeds, int[] at) {
    int T = x.steps(), M = at.length;
    var heard = new ArrayList<Slab>();
    for (var _ : walks) heard.add(null);
    var run = model.run(new Workspace());
    var number = new int[1];
    var body = mapped(model.network().body(), l -> new Tap(l, number[0]++, heard));
    var dy = Slab.zeros(T, M, seeds.cols());
    for (int m = 0; m < M; m++) dy.setRow(at[m] * M + m, seeds, at[m]);
    var many = Slab.zeros(T, M, x.cols());
    for (int t = 0; t < T; t++) for (int m = 0; m < M; m++) many.setRow(t * M + m, x, t);
    body.forward(Batch.full(many, new long[M]), State.ZERO, run).backward(dy, State.ZERO, new Grads(model.network().shape()));
    return heard;
  }

  /** The same layers, with every one that walks over time in another's hands. */
  private static Layer mapped(Layer layer, UnaryOperator<Layer> walk) {
    return switch (layer) {
      case Chain l -> new Chain(l.layers().stream().map(each -> mapped(each, walk)).toList());
      case Concat l -> new Concat(l.layers().stream().map(each -> mapped(each, walk)).toList());
      case Residual l -> new Residual(l.inputs(), mapped(l.body(), walk));
      case Highway l -> new Highway(mapped(l.body(), walk), l.gate());
      case Recurrent l -> walk.apply(l);
      case Mlstm l -> walk.apply(l);
      case Jordan l -> walk.apply(l);
      default -> layer;
    };
  }

  /** A layer whose passes tell what reaches their output. */
  private record Tap(Layer layer, int number, List<Slab> heard) implements Layer {
    @Override public int width() { return layer.width(); }

    @Override public List<Memory> memories() { return layer.memories(); }

    @Override public Pass forward(Batch x, State in, Run run) { return new Tapped(layer.forward(x, in, run), number, heard); }

    @Override public Stepper open(Slab x, Run run) { return layer.open(x, run); }
  }

  private record Tapped(Pass pass, int number, List<Slab> heard) implements Pass {
    @Override public Batch y() { return pass.y(); }

    @Override public State out() { return pass.out(); }

    @Override public Gradient backward(Slab dy, State dOut, Grads into) {
      var own = Slab.zeros(dy.steps(), dy.rows(), dy.cols());
      for (int r = 0; r < own.height(); r++) own.setRow(r, dy, r);
      heard.set(number, own);
      return pass.backward(dy, dOut, into);
    }
  }

  /** Back through one walk: norms of its slots. Step i of the walk hands its state on to step i + 1. */
  private List<double[]> back(Walk w, Slab heard, int[] at, int lags) {
    int T = x.steps(), M = at.length;
    var ws = new Workspace();
    var layer = layer(w);
    var grads = new Grads(model.network().shape());
    var states = states(w, layer, ws);
    var norms = new ArrayList<double[]>();
    for (var _ : w.slots()) norms.add(new double[lags]);
    var d = State.ZERO;
    for (int i = T - 1; i >= 0; i--) {
      ws.reset();
      int t = w.time(i);
      var pass = layer.forward(Batch.full(repeated(input(w).step(t), M), new long[M]), wide(states.get(i), M), model.run(ws));
      d = pass.backward(heard.step(t), d, grads).dIn().copy();
      for (int m = 0; m < M; m++) {
        int lag = at[m] - i + 1;
        if (lag < 1 || lag > lags) continue;
        for (int s = 0; s < norms.size(); s++) norms.get(s)[lag - 1] += norm(w, s, d.part(0), m) / M;
      }
    }
    return norms;
  }

  /** The state before each step of the walk. */
  private List<State> states(Walk w, Layer layer, Workspace ws) {
    var states = new ArrayList<State>();
    var s = State.ZERO;
    for (int i = 0; i < w.steps(); i++) {
      states.add(s);
      ws.reset();
      s = layer.forward(Batch.full(input(w).step(w.time(i)), new long[1]), s, model.run(ws)).out().copy();
    }
    return states;
  }

  private static Layer layer(Walk w) {
    return switch (w) {
      case CellWalk c -> c.trace().layer();
      case MatrixWalk m -> m.trace().layer();
      case FeedbackWalk f -> f.trace().layer();
    };
  }

  private static Slab input(Walk w) {
    return switch (w) {
      case CellWalk c -> c.trace().x().x();
      case MatrixWalk m -> m.trace().x().x();
      case FeedbackWalk f -> f.trace().x().x();
    };
  }

  /** [S, 1, ·] as [S, M, ·]. */
  private static Slab repeated(Slab x, int rows) {
    var many = Slab.zeros(x.steps(), rows, x.cols());
    for (int s = 0; s < x.steps(); s++) for (int m = 0; m < rows; m++) many.setRow(s * rows + m, x, s);
    return many;
  }

  private static State wide(State s, int rows) { return s.isZero() ? s : new State(List.of(repeated(s.part(0), rows))); }

  /**
   * ‖∂·/∂slot‖ of a row of a part of a state's gradient, over all units, or heads: the state of a cell has a step for each
   * slot; that of an mLSTM has C, n and m of a head one behind the other.
   */
  static double norm(Walk w, int slot, Slab d, int row) {
    if (w instanceof MatrixWalk m) {
      double squares = 0;
      int[] from = {0, m.d() * m.d(), m.d() * m.d() + m.d(), m.d() * m.d() + m.d() + 1};
      for (int head = 0; head < m.count(); head++) {
        for (int c = from[slot]; c < from[slot + 1]; c++) squares += square(d, row, head * from[3] + c);
      }
      return Math.sqrt(squares);
    }
    return norm(d, slot * d.rows() + row);
  }

  /** ‖·‖ of a row. */
  static double norm(Slab d, int row) {
    double squares = 0;
    for (int u = 0; u < d.cols(); u++) squares += square(d, row, u);
    return Math.sqrt(squares);
  }

  private static double square(Slab d, int row, int column) { return (double) d.get(row, column) * d.get(row, column); }
}
