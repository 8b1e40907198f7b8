package org.unroll.head;

import java.util.ArrayList;
import java.util.List;

/**
 * The labellings of highest score: Viterbi's algorithm (Viterbi 1967), with the n best ways to each label instead of the one (the
 * list Viterbi algorithm of Seshadri and Sundberg 1994). With n = 1 it is Viterbi's own.
 * <pre>
 *   (1) v_1(j) = start(j) + B_1(j)
 *   (2) v_t(j) = B_t(j) + the n largest of v_{t−1}(i, rank) + A(i, j) over all labels i and their ranks
 *   (3) the n largest of v_T(j, rank) + end(j) over all labels j and their ranks
 * </pre>
 * Scores are summed in double, from the first step on. Of equal scores that with the smaller last label comes first; if these are
 * equal too, the label before decides, and so on towards the first.
 */
final class BestPaths {
  private final ForwardBackward lattice;
  private final int length, labels, n;
  /** Of step t and label j: scores, falling, and for each the label and rank at the step before, as label · n + rank. */
  private final Ranked[][] best;

  private BestPaths(ForwardBackward lattice, int length, int n) {
    this.lattice = lattice;
    this.length = length;
    this.labels = lattice.B().cols();
    this.n = n;
    this.best = new Ranked[length][labels];
  }

  /** The at most n best of row 0, the best first; fewer where there are no more labellings. */
  static List<int[]> of(ForwardBackward lattice, int length, int n) {
    if (length == 0) return List.of(new int[0]);
    var paths = new BestPaths(lattice, length, n);
    for (int t = 0; t < length; t++) for (int j = 0; j < paths.labels; j++) paths.best[t][j] = paths.ways(t, j);
    return paths.ends();
  }

  private Ranked ways(int t, int j) {
    float emission = lattice.B().get(t, j);
    if (t == 0) {
      var first = new Ranked(1);
      first.offer((double) lattice.start().get(0, j) + emission, 0);                                    // (1)
      return first;
    }
    var ranked = new Ranked(most(best[t - 1]));
    for (int i = 0; i < labels; i++) {
      float step = lattice.A().get(i, j);
      var before = best[t - 1][i];
      for (int rank = 0; rank < before.size; rank++) ranked.offer(before.score[rank] + step, i * n + rank);
    }
    ranked.add(emission);                                                                               // (2)
    return ranked;
  }

  private List<int[]> ends() {
    var last = best[length - 1];
    var ranked = new Ranked(most(last));
    for (int j = 0; j < labels; j++) {
      float end = lattice.end().get(0, j);
      for (int rank = 0; rank < last[j].size; rank++) ranked.offer(last[j].score[rank] + end, j * n + rank); // (3)
    }
    var paths = new ArrayList<int[]>();
    for (int rank = 0; rank < ranked.size; rank++) paths.add(path(ranked.from[rank]));
    return paths;
  }

  /** How many ways on are to be kept: n, or all where there are fewer. */
  private int most(Ranked[] ways) {
    int all = 0;
    for (var w : ways) all += w.size;
    return Math.min(n, all);
  }

  /** Back from the label and rank at the last step. */
  private int[] path(int at) {
    var labels = new int[length];
    for (int t = length - 1, here = at; t >= 0; t--) {
      labels[t] = here / n;
      here = best[t][here / n].from[here % n];
    }
    return labels;
  }

  /** The largest scores offered, falling; of equal ones the first offered stands first. */
  private static final class Ranked {
    private final double[] score;
    private final int[] from;
    private int size;

    Ranked(int most) {
      score = new double[most];
      from = new int[most];
    }

    void add(double emission) {
      for (int rank = 0; rank < size; rank++) score[rank] += emission;
    }

    void offer(double s, int f) {
      if (size == score.length && s <= score[size - 1]) return;
      int at = size < score.length ? size++ : size - 1;
      while (at > 0 && score[at - 1] < s) {
        score[at] = score[at - 1];
        from[at] = from[at - 1];
        at--;
      }
      score[at] = s;
      from[at] = f;
    }
  }
}
