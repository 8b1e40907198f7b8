package org.unroll.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.unroll.slab.Slab;

/**
 * The labellings of highest score: Viterbi's algorithm (Viterbi 1967), with the n best ways to each label instead of the one (the
 * list Viterbi algorithm of Seshadri and Sundberg 1994). With n = 1 it is Viterbi's own.
 * <pre>
 *   (1) v_1(j) = start(j) + B_1(j)
 *   (2) v_t(j) = the n largest of v_{t−1}(i, rank) + A(i, j) + B_t(j) over all labels i and their ranks
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
    var ranked = new Ranked(n);
    float emission = lattice.B().get(t * lattice.B().rows(), j);
    if (t == 0) {
      ranked.offer((double) lattice.start().get(0, j) + emission, -1);                                  // (1)
      return ranked;
    }
    for (int i = 0; i < labels; i++) {
      float step = lattice.A().get(i, j);
      var before = best[t - 1][i];
      for (int rank = 0; rank < before.size; rank++) {
        if (!ranked.offer(before.score[rank] + step + emission, i * n + rank)) break;                   // (2)
      }
    }
    return ranked;
  }

  private List<int[]> ends() {
    var ranked = new Ranked(n);
    Slab end = lattice.end();
    for (int j = 0; j < labels; j++) {
      var ways = best[length - 1][j];
      for (int rank = 0; rank < ways.size; rank++) ranked.offer(ways.score[rank] + end.get(0, j), j * n + rank); // (3)
    }
    var paths = new ArrayList<int[]>();
    for (int rank = 0; rank < ranked.size; rank++) paths.add(path(ranked.from[rank]));
    return paths;
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
    private final int most;
    private double[] score = new double[1];
    private int[] from = new int[1];
    private int size;

    Ranked(int most) { this.most = most; }

    /** Whether there was room for it: if not, there is none for a smaller one. */
    boolean offer(double s, int f) {
      if (size == most && s <= score[size - 1]) return false;
      if (size < most && size == score.length) grow();
      int at = size < most ? size++ : size - 1;
      while (at > 0 && score[at - 1] < s) {
        score[at] = score[at - 1];
        from[at] = from[at - 1];
        at--;
      }
      score[at] = s;
      from[at] = f;
      return true;
    }

    private void grow() {
      int larger = Math.min(most, 2 * size);
      score = Arrays.copyOf(score, larger);
      from = Arrays.copyOf(from, larger);
    }
  }
}
