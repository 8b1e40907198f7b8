package org.unroll.reference;

import java.util.ArrayList;
import java.util.List;

/** What each {@link ReferenceLoss} computes, as a variable. */
final class LossEquations {
  private LossEquations() {}

  static int of(ReferenceLoss loss, int[][][] y, Graph g) {
    return switch (loss) {
      case ReferenceLoss.SoftmaxCrossEntropy l -> total(g, l.at(), l.scale(), (t, n) ->
          crossEntropy(g.tape, y[t][n], l.targets()[n][l.at() == ReferenceLoss.At.LAST_STEP ? 0 : t]));
      case ReferenceLoss.SquaredError l -> total(g, l.at(), l.scale(), (t, n) ->
          squares(g.tape, y[t][n], l.targets(), l.at() == ReferenceLoss.At.LAST_STEP ? n : t * g.in.rows() + n));
      case ReferenceLoss.Crf l -> field(l, y, g);
      case ReferenceLoss.Linear l -> linear(l, y, g);
    };
  }

  private interface StepLoss { int at(int t, int n); }

  private static int total(Graph g, ReferenceLoss.At at, double scale, StepLoss f) {
    var terms = new ArrayList<Integer>();
    for (int n = 0; n < g.in.rows(); n++) {
      int last = g.in.lengths()[n] - 1;
      for (int t = at == ReferenceLoss.At.LAST_STEP ? Math.max(last, 0) : 0; t <= last; t++) {
        g.tape.at("loss", t);
        terms.add(g.tape.named("L", 0, f.at(t, n)));
      }
    }
    return g.tape.scaled(sum(g.tape, terms), scale);
  }

  /**
   * log Σ_j e^(y_j − m) − (y_target − m) with m = max y, which is −log softmax(y)[target]; m is a constant: moving it
   * changes nothing.
   */
  static int crossEntropy(Tape t, int[] y, int target) {
    double m = Double.NEGATIVE_INFINITY;
    for (int v : y) m = Math.max(m, t.value(v));
    int shift = t.leaf(m);
    var e = new int[y.length];
    for (int j = 0; j < y.length; j++) e[j] = t.exp(t.minus(y[j], shift));
    return t.minus(t.log(t.sum(e)), t.minus(y[target], shift));
  }

  private static int squares(Tape t, int[] y, double[] targets, int row) {
    var e = new int[y.length];
    for (int k = 0; k < y.length; k++) {
      int d = t.minus(y[k], t.leaf(targets[row * y.length + k]));
      e[k] = t.times(d, d);
    }
    return t.scaled(t.sum(e), 0.5);
  }

  private static int field(ReferenceLoss.Crf l, int[][][] y, Graph g) {
    var crf = CrfEquations.of(l, g);
    var terms = new ArrayList<Integer>();
    for (int n = 0; n < g.in.rows(); n++) {
      var B = new int[g.in.lengths()[n]][];
      for (int t = 0; t < B.length; t++) B[t] = y[t][n];
      if (B.length > 0) terms.add(crf.loss(B, l.targets()[n]));
    }
    return g.tape.scaled(sum(g.tape, terms), l.scale());
  }

  private static int linear(ReferenceLoss.Linear l, int[][][] y, Graph g) {
    var terms = new ArrayList<Integer>();
    for (int t = 0; t < y.length; t++) {
      for (int n = 0; n < y[t].length; n++) {
        if (!g.in.alive(t, n)) continue;
        int K = y[t][n].length;
        for (int k = 0; k < K; k++) terms.add(g.tape.scaled(y[t][n][k], l.dy()[(t * g.in.rows() + n) * K + k]));
      }
    }
    l.dStates().forEach((name, d) -> {
      int[] s = g.states.get(name);
      if (s == null) throw new IllegalArgumentException("reference " + name + ": no layer has this state");
      for (int i = 0; i < s.length; i++) terms.add(g.tape.scaled(s[i], d[i]));
    });
    l.dNamed().forEach((name, d) -> terms.add(g.tape.scaled(g.tape.place(name), d)));
    return sum(g.tape, terms);
  }

  /** Before the layers run: lets names be remembered where the loss asks for some. */
  static Graph names(ReferenceLoss loss, Graph g) {
    if (loss instanceof ReferenceLoss.Linear l && !l.dNamed().isEmpty()) g.tape.look(new Marks("", 0));
    return g;
  }

  private static int sum(Tape t, List<Integer> terms) { return t.sum(terms.stream().mapToInt(Integer::intValue).toArray()); }
}
