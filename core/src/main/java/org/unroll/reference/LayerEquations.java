package org.unroll.reference;

import java.util.ArrayList;
import java.util.Arrays;

/** What each {@link ReferenceLayer} computes. Sequences of variables are [T][N][K], null where a sequence has ended. */
final class LayerEquations {
  private LayerEquations() {}

  static int[][][] forward(ReferenceLayer layer, int[][][] x, Graph g) {
    return switch (layer) {
      case ReferenceLayer.OneHot l -> oneHot(l, g);
      case ReferenceLayer.Embedding l -> embedding(l, g);
      case ReferenceLayer.Recurrent l -> recurrent(l, x, g);
      case ReferenceLayer.Dense l -> dense(l, x, g);
      case ReferenceLayer.Dropout l -> dropout(l, x, g);
      case ReferenceLayer.Activity l -> activity(l, x, g);
      case ReferenceLayer.Activation l -> everywhere(g, (t, n) -> FeedEquations.of(l.f(), g.tape, x[t][n]));
      case ReferenceLayer.Jordan l -> FeedEquations.jordan(l, x, g);
      case ReferenceLayer.Mlstm l -> MlstmEquations.forward(l, x, g);
      case ReferenceLayer.Chain l -> {
        int[][][] y = x;
        for (var next : l.layers()) y = forward(next, y, g);
        yield y;
      }
      case ReferenceLayer.Concat l -> concat(l, x, g);
      case ReferenceLayer.Residual l -> {
        var f = forward(l.body(), x, g);
        yield everywhere(g, (t, n) -> ConnectionEquations.residual(g.tape, x[t][n], f[t][n]));
      }
      case ReferenceLayer.Highway l -> highway(l, x, g);
    };
  }

  /** What a layer makes of row n at step t. */
  private interface Step { int[] at(int t, int n); }

  private static int[][][] everywhere(Graph g, Step f) {
    var y = new int[g.in.steps()][g.in.rows()][];
    for (int t = 0; t < y.length; t++) {
      for (int n = 0; n < y[t].length; n++) if (g.in.alive(t, n)) y[t][n] = f.at(t, n);
    }
    return y;
  }

  private static int symbol(Graph g, int n, int t, int symbols) {
    if (g.in.symbols() == null) throw new IllegalArgumentException("reference input: is vectors, must be symbols");
    int v = g.in.symbols()[n][t];
    if (v >= 0 && v < symbols) return v;
    throw new IllegalArgumentException("reference input: symbol is " + v + ", must be below " + symbols);
  }

  private static int[][][] oneHot(ReferenceLayer.OneHot l, Graph g) {
    return everywhere(g, (t, n) -> {
      var unit = new double[l.symbols()];
      unit[symbol(g, n, t, l.symbols())] = 1;
      return Graph.range(g.tape.leaves(unit), l.symbols());
    });
  }

  private static int[][][] embedding(ReferenceLayer.Embedding l, Graph g) {
    int table = g.array(l.name() + ".E", l.symbols() * l.width());
    return everywhere(g, (t, n) -> Graph.range(table + symbol(g, n, t, l.symbols()) * l.width(), l.width()));
  }

  private static int[][][] recurrent(ReferenceLayer.Recurrent l, int[][][] x, Graph g) {
    ReferenceCell cell = ReferenceCell.named(l.cell());
    CellWeights w = weights(l, cell, g);
    var slots = cell.slots();
    var first = slots.stream().map(slot -> g.initial(l.name() + "." + slot + "0", l.units())).toList();
    var y = new int[g.in.steps()][g.in.rows()][];
    for (int n = 0; n < g.in.rows(); n++) {
      int row = n;
      int[][] s = first.stream().map(slot -> slot[row]).toArray(int[][]::new);
      for (int i = 0; i < g.in.lengths()[n]; i++) {
        int t = l.backward() ? g.in.lengths()[n] - 1 - i : i;
        g.tape.at(l.name(), t);
        s = zoned(l, t * g.in.rows() + n, s, cell.step(disturbed(l, w, t, n, s[0], g), wide(x[t][n], l.inputs(), l.name()), s), g);
        y[t][n] = output(l, s[0], g);
      }
      for (int i = 0; i < s.length; i++) keep(g, l.name() + "." + slots.get(i), n, s[i]);
    }
    return y;
  }

  /** The weights as row n meets them at step t, with y' and the masks. */
  private static CellWeights disturbed(ReferenceLayer.Recurrent l, CellWeights w, int t, int n, int[] h, Graph g) {
    var m = l.masks();
    int[] y = output(l, h, g);
    double[] state = m.state() == null ? null : Arrays.copyOfRange(m.state(), n * y.length, (n + 1) * y.length);
    int at = (t * g.in.rows() + n) * l.units();
    double[] drop = m.candidate() == null ? null : Arrays.copyOfRange(m.candidate(), at, at + l.units());
    if (state == null) return w.masked(drop, null).feeding(l.projection() == 0 ? null : y);
    var left = new int[y.length];
    for (int k = 0; k < left.length; k++) left[k] = g.tape.scaled(y[k], state[k]);
    return w.masked(drop, state).feeding(left);
  }

  /** z ⊙ s' + (1 − z) ⊙ ŝ for row r = t · N + n. */
  private static int[][] zoned(ReferenceLayer.Recurrent l, int r, int[][] before, int[][] made, Graph g) {
    if (l.masks().zone() == null) return made;
    int H = l.units();
    var s = new int[made.length][H];
    for (int i = 0; i < s.length; i++) {
      for (int k = 0; k < H; k++) {
        double z = l.masks().zone()[(r * s.length + i) * H + k];
        s[i][k] = g.tape.plus(g.tape.scaled(before[i][k], z), g.tape.scaled(made[i][k], 1 - z));
      }
    }
    return s;
  }

  private static int[][][] activity(ReferenceLayer.Activity l, int[][][] x, Graph g) {
    Tape t = g.tape;
    var squares = new ArrayList<Integer>();
    var changes = new ArrayList<Integer>();
    for (int n = 0; n < g.in.rows(); n++) {
      for (int step = 0; step < g.in.lengths()[n]; step++) {
        for (int k = 0; k < x[step][n].length; k++) {
          squares.add(t.times(x[step][n][k], x[step][n][k]));
          if (step == 0) continue;
          int d = t.minus(x[step][n][k], x[step - 1][n][k]);
          changes.add(t.times(d, d));
        }
      }
    }
    g.penalty(squares, l.l2());
    g.penalty(changes, l.temporal());
    return x;
  }

  /** h, or h P. */
  private static int[] output(ReferenceLayer.Recurrent l, int[] h, Graph g) {
    if (l.projection() == 0) return h;
    int P = g.array(l.name() + ".P", l.units() * l.projection());
    var y = new int[l.projection()];
    for (int j = 0; j < y.length; j++) y[j] = g.tape.dot(h, P + j, l.projection());
    return y;
  }

  private static void keep(Graph g, String name, int n, int[] state) {
    int[] all = g.states.computeIfAbsent(name, _ -> new int[g.in.rows() * state.length]);
    System.arraycopy(state, 0, all, n * state.length, state.length);
  }

  private static CellWeights weights(ReferenceLayer.Recurrent l, ReferenceCell cell, Graph g) {
    int H = l.units();
    var sizes = cell.sizes();
    int w = g.array(l.name() + ".W", l.inputs() * sizes.byW() * H);
    int fed = l.projection() == 0 ? H : l.projection();
    int r = sizes.byR() == 0 ? 0 : g.array(l.name() + ".R", fed * sizes.byR() * H);
    int b = sizes.blocks() == 0 ? 0 : g.array(l.name() + ".b", sizes.blocks() * H);
    int p = cell.own(H) == 0 ? 0 : g.array(l.name() + ".p", cell.own(H));
    int s = sizes.second() ? g.array(l.name() + ".S", H * H) : 0;
    return new CellWeights(g.tape, H, sizes, w, thinned(r, l.masks().recurrent(), g), b, p, thinned(s, l.masks().second(), g));
  }

  /** Where the leaves from {@code first} on stand that a mask has multiplied. */
  private static int thinned(int first, double[] mask, Graph g) {
    if (mask == null) return first;
    int start = g.tape.size();
    for (int i = 0; i < mask.length; i++) g.tape.scaled(first + i, mask[i]);
    return start;
  }

  private static int[][][] dense(ReferenceLayer.Dense l, int[][][] x, Graph g) {
    int in = l.inputs();
    int out = l.outputs();
    int w = g.array(l.tied() == null ? l.name() + ".W" : l.tied(), in * out);
    int b = g.array(l.name() + ".b", out);
    return everywhere(g, (t, n) -> {
      int[] v = wide(x[t][n], in, l.name());
      g.tape.at(l.name(), t);
      var y = new int[out];
      for (int j = 0; j < out; j++) {
        int product = l.tied() == null ? g.tape.dot(v, w + j, out) : g.tape.dot(v, w + j * in, 1);
        y[j] = g.tape.named("z", j, g.tape.plus(product, b + j));
      }
      return y;
    });
  }

  private static int[][][] dropout(ReferenceLayer.Dropout l, int[][][] x, Graph g) {
    return everywhere(g, (t, n) -> {
      var y = new int[x[t][n].length];
      for (int k = 0; k < y.length; k++) {
        y[k] = g.tape.scaled(x[t][n][k], l.mask()[(t * g.in.rows() + n) * y.length + k]);
      }
      return y;
    });
  }

  private static int[][][] concat(ReferenceLayer.Concat l, int[][][] x, Graph g) {
    var parts = l.branches().stream().map(branch -> forward(branch, x, g)).toList();
    return everywhere(g, (t, n) -> parts.stream().flatMapToInt(part -> Arrays.stream(part[t][n])).toArray());
  }

  private static int[][][] highway(ReferenceLayer.Highway l, int[][][] x, Graph g) {
    var f = forward(l.body(), x, g);
    int w = g.array(l.name() + ".W", l.width() * l.width());
    int b = g.array(l.name() + ".b", l.width());
    return everywhere(g, (t, n) -> ConnectionEquations.highway(g.tape, w, b, wide(x[t][n], l.width(), l.name()), f[t][n]));
  }

  private static int[] wide(int[] x, int width, String name) {
    if (x.length == width) return x;
    throw new IllegalArgumentException("reference " + name + ": width of the input is " + x.length + ", must be " + width);
  }
}
