package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Crf;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * How much of a step's loss, or score, reaches the states before it, by lag k.
 * <pre>
 *   (1) mean over t of ‖∂L_t/∂s_{t−k}‖
 * </pre>
 * The state is cut between two steps, so a slot's figure is the derivative by that slot with the others held: for an LSTM, h is
 * the way through R alone and c the way through the memory. In a layer that walks backward the state comes from what follows:
 * there it is ‖∂L_t/∂s_{t+k}‖. An mLSTM hands on no h: its slots are C, n and m of all heads as the layer keeps them, C and n in
 * the scale of m. A Jordan layer hands on p, the model's output.
 *
 * @param lags K
 * @param positions how many t were averaged, the same for every lag
 * @param start mean ‖∂L_t/∂y_t‖, y_t what the head is given
 * @param curves one for each slot of each walk
 */
public record GradientFlow(int lags, int positions, double start, List<Curve> curves) {
  /** What is left at the end of a window of the suggested length. */
  public static final double LEFT = 0.01;
  /** A line that explains less of the logarithm's variance is not followed beyond the lags that were measured. */
  public static final double FIT = 0.5;
  /** A line is followed to so many times the lags that were measured. */
  public static final int FAR = 4;

  /** Why a curve has no reach. */
  public enum Open {
    /** Fewer lags with a gradient than a line takes. */
    FEW,
    /** The line does not fall. */
    LEVEL,
    /** Its r² is below {@link #FIT}. */
    LOOSE,
    /** It reaches beyond {@link #FAR} times the lags. */
    BEYOND
  }

  /**
   * @param walk the layer's name
   * @param slot of its state
   * @param norms at lag 1, 2, …, K
   */
  public record Curve(String walk, String slot, double[] norms, Decay decay) {

    /**
     * First lag from which on no norm is above {@link #LEFT} of that at lag 1; by the fitted line beyond K; 0 where that never
     * falls, or is not to be trusted there: {@link #open}.
     */
    public int reach() {
      int k = measured();
      return k > 0 ? k : open().isPresent() ? 0 : Math.max(norms.length + 1, (int) Math.ceil(line()));
    }

    /** Why there is no reach; empty where there is one. */
    public Optional<Open> open() {
      if (measured() > 0) return Optional.empty();
      if (!decay.fitted()) return Optional.of(Open.FEW);
      if (!(decay.rate() < 1)) return Optional.of(Open.LEVEL);
      if (!(decay.r2() >= FIT)) return Optional.of(Open.LOOSE);
      return line() <= FAR * norms.length ? Optional.empty() : Optional.of(Open.BEYOND);
    }

    /** The lag at which the line has fallen to {@link #LEFT} of that at lag 1. */
    public double line() { return 1 + Math.log(LEFT) / Math.log(decay.rate()); }

    /** The reach where it lies within the lags, else 0. */
    private int measured() {
      int k = norms.length;
      while (k > 0 && norms[k - 1] <= LEFT * norms[0]) k--;
      return k < norms.length ? k + 1 : 0;
    }
  }

  /**
   * Steps of truncated backpropagation that lose little: the longest {@link Curve#reach} of all, extrapolated where it is above K; 0
   * where one of them is.
   */
  public int window() {
    int longest = 0;
    for (var c : curves) {
      if (c.reach() == 0) return 0;
      longest = Math.max(longest, c.reach());
    }
    return longest;
  }

  /**
   * Measures a model on a sequence, with L_t the loss of step t alone.
   *
   * @param x [T, 1, ·] the input, read from a state of zeros
   * @param target [T, 1, ·] what each step is to predict
   * @param lags K, at most T
   * @param most positions to average over; they are spread evenly over those that have K steps before them in the order of the
   *     walk
   * @throws Fault D005 for more lags than steps, M009 for a model that no layer of walks over time, or whose loss is one of the
   *     whole sequence
   */
  public static GradientFlow of(Model model, Slab x, Slab target, int lags, int most) {
    if (model.network().head() instanceof Crf) {
      throw Fault.of(Code.M009, "the loss of a crf is one of the whole sequence").because("the flow by lag is that of one step")
          .mend("ask for the flow of its scores");
    }
    return of(model, x, lags, most, () -> dh(model, x, target));
  }

  /**
   * The same of scores: L_t is one score of step t, before softmax or transitions.
   *
   * @param scores which one, for each step
   */
  public static GradientFlow ofScores(Model model, Slab x, int[] scores, int lags, int most) {
    return of(model, x, lags, most, () -> dh(model, x, scores));
  }

  private static GradientFlow of(Model model, Slab x, int lags, int most, Supplier<Slab> seeds) {
    int T = x.steps();
    if (lags < 1 || lags > T) throw Fault.of(Code.D005, "%d lags of %d steps", lags, T)
        .because("there are no more lags than steps");
    var first = Reading.of(model, x.steps(0, 1), State.ZERO);
    first.requireWalks();
    int M = Math.min(most, T - lags + 1);
    var at = new int[M];                                     // falling is of no use here: every row lives for all lags
    for (int m = 0; m < M; m++) at[m] = M == 1 ? T - 1 : lags - 1 + (int) ((long) m * (T - lags) / (M - 1));
    if (first.walks().stream().allMatch(Walk::forward)) return new Chain(model, x, states(model, x)).run(first, seeds.get(), at,
        lags);
    return everyWay(model, x, seeds.get(), at, lags);
  }

  /** Where layers walk backward. */
  static GradientFlow everyWay(Model model, Slab x, Slab dh, int[] at, int lags) {
    double start = 0;
    for (int t : at) start += StateFlow.norm(dh, t) / at.length;
    return new GradientFlow(lags, at.length, start,
        curves(Reading.of(model, x.steps(0, 1), State.ZERO).walks(), new StateFlow(model, x).norms(dh, at, lags)));
  }

  private static List<Curve> curves(List<Walk> walks, List<double[]> norms) {
    var curves = new ArrayList<Curve>();
    for (var w : walks) {
      for (var slot : w.slots()) {
        double[] n = norms.get(curves.size());
        curves.add(new Curve(w.name(), slot, n, Decay.of(n)));
      }
    }
    return List.copyOf(curves);
  }

  /** The state before each step. */
  private static List<State> states(Model model, Slab x) {
    var ws = new Workspace();
    var states = new ArrayList<State>();
    var s = State.ZERO;
    for (int t = 0; t < x.steps(); t++) {
      states.add(s);
      ws.reset();
      s = model.read(Batch.full(x.step(t), new long[1]), s, ws).out().copy();
    }
    return states;
  }

  /** ∂L_t/∂h_t of the top layer [T, 1, H], L_t the score of step t. */
  private static Slab dh(Model model, Slab x, int[] scores) {
    var ws = new Workspace();
    var run = model.run(ws);
    var pass = model.network().output().forward(model.read(Batch.full(x, new long[1]), State.ZERO, ws).y(), State.ZERO, run);
    var dz = Slab.zeros(x.steps(), 1, pass.y().x().cols());
    for (int t = 0; t < x.steps(); t++) dz.set(t, scores[t], 1);
    return pass.backward(dz, State.ZERO, new Grads(model.network().shape())).dx();
  }

  /** ∂L_t/∂h_t of the top layer [T, 1, H], L_t the loss of step t alone. */
  static Slab dh(Model model, Slab x, Slab target) {
    var ws = new Workspace();
    var batch = Batch.full(x, new long[1]);
    var run = model.run(ws);
    var loss = model.network().head().loss(model.read(batch, State.ZERO, ws).y(), target, run);
    var mean = loss.backward(new Grads(model.network().shape()));
    var dh = Slab.zeros(x.steps(), 1, mean.cols());
    for (int t = 0; t < x.steps(); t++) {
      for (int k = 0; k < mean.cols(); k++) dh.set(t, k, mean.get(t, k) * loss.count());
    }
    return dh;
  }

  /** Backward passes of one step each, handed on from lag to lag; all positions are rows of one batch. */
  private record Chain(Model model, Slab x, List<State> states) {

    GradientFlow run(Reading first, Slab dh, int[] at, int lags) {
      int M = at.length, width = dh.cols();
      var ws = new Workspace();
      var grads = new Grads(model.network().shape());
      var dy = Slab.zeros(1, M, width);
      for (int m = 0; m < M; m++) dy.setRow(m, dh, at[m]);
      double start = 0;
      for (int t : at) start += StateFlow.norm(dh, t) / M;
      var norms = new ArrayList<double[]>();
      for (var w : first.walks()) for (var _ : w.slots()) norms.add(new double[lags]);
      var d = State.ZERO;
      for (int k = 0; k < lags; k++) {
        ws.reset();
        d = step(model.run(ws), at, k, dy, d, grads).copy();
        dy = Slab.zeros(1, M, width);
        int curve = 0;
        for (int i = 0; i < first.walks().size(); i++) {       // a part of the state for each walk
          var w = first.walks().get(i);
          for (int s = 0; s < w.slots().size(); s++) norms.get(curve++)[k] = meanNorm(w, s, d.part(i), M);
        }
      }
      return new GradientFlow(lags, M, start, curves(first.walks(), norms));
    }

    /** Row m steps at at[m] − k. */
    private State step(Run run, int[] at, int k, Slab dy, State d, Grads grads) {
      int M = at.length;
      var xs = Slab.zeros(1, M, x.cols());
      for (int m = 0; m < M; m++) xs.setRow(m, x, at[m] - k);
      var pass = model.network().body().forward(Batch.full(xs, new long[M]), before(at, k), run);
      return pass.backward(dy, d, grads).dIn();
    }

    private State before(int[] at, int k) {
      var shape = states.getLast();
      if (shape.isZero()) return State.ZERO;                 // one step alone
      var parts = new ArrayList<Slab>();
      for (int i = 0; i < shape.parts().size(); i++) {
        int S = shape.part(i).steps();
        var part = Slab.zeros(S, at.length, shape.part(i).cols());
        for (int m = 0; m < at.length; m++) {
          var one = states.get(at[m] - k).part(i);
          for (int s = 0; one != null && s < S; s++) part.setRow(s * at.length + m, one, s);
        }
        parts.add(part);
      }
      return new State(parts);
    }

    private static double meanNorm(Walk w, int slot, Slab d, int rows) {
      double sum = 0;
      for (int m = 0; m < rows; m++) sum += StateFlow.norm(w, slot, d, m);
      return sum / rows;                                                                                   // (1)
    }
  }
}
