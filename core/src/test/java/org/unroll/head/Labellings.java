package org.unroll.head;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A linear-chain CRF in double by enumeration: every one of the K^T labellings is scored. No recursion of any algorithm stands here.
 *
 * @param B emissions [T][K]
 * @param A transitions [K][K], from × to
 */
public record Labellings(double[][] B, double[][] A, double[] start, double[] end) {

  /** Scores are multiples of 1/64 on (−scale, scale): exact in float, and there are equal ones. */
  public static Labellings random(int T, int K, double scale, long seed) {
    var r = new SplittableRandom(seed);
    return new Labellings(rows(T, K, scale, r), rows(K, K, scale, r), rows(1, K, scale, r)[0], rows(1, K, scale, r)[0]);
  }

  private static double[][] rows(int rows, int cols, double scale, SplittableRandom r) {
    var m = new double[rows][cols];
    for (var row : m) for (int k = 0; k < cols; k++) row[k] = Math.rint(64 * scale * (2 * r.nextDouble() - 1)) / 64;
    return m;
  }

  public int steps() { return B.length; }

  public int labels() { return start.length; }

  public double score(int[] y) {
    if (y.length == 0) return 0;
    double s = start[y[0]] + end[y[y.length - 1]];
    for (int t = 0; t < y.length; t++) s += B[t][y[t]];
    for (int t = 1; t < y.length; t++) s += A[y[t - 1]][y[t]];
    return s;
  }

  /** Every labelling. */
  public List<int[]> all() {
    var all = new ArrayList<int[]>();
    int count = (int) Math.round(Math.pow(labels(), steps()));
    for (int c = 0; c < count; c++) {
      var y = new int[steps()];
      for (int t = 0, rest = c; t < y.length; t++, rest /= labels()) y[t] = rest % labels();
      all.add(y);
    }
    return all;
  }

  /** The best first; of equal ones that with the smaller label where they last differ. */
  public List<int[]> ranked() {
    var byScore = Comparator.comparingDouble((int[] y) -> -score(y));
    return all().stream().sorted(byScore.thenComparing(Labellings::fromTheEnd)).toList();
  }

  private static int fromTheEnd(int[] a, int[] b) {
    for (int t = a.length - 1; t >= 0; t--) if (a[t] != b[t]) return Integer.compare(a[t], b[t]);
    return 0;
  }

  public double logZ() {
    double z = 0;
    for (var y : all()) z += Math.exp(score(y));
    return Math.log(z);
  }

  /** How probable it is that a labelling is one of these. */
  public double probability(Predicate<int[]> these) {
    double z = 0;
    double sum = 0;
    for (var y : all()) {
      double e = Math.exp(score(y));
      z += e;
      if (these.test(y)) sum += e;
    }
    return sum / z;
  }

  /** The same in production. */
  Lattice lattice() {
    return Lattice.of(floats(B), floats(A), floats(new double[][] {start})[0], floats(new double[][] {end})[0]);
  }

  private static float[][] floats(double[][] m) {
    var f = new float[m.length][];
    for (int r = 0; r < m.length; r++) {
      f[r] = new float[m[r].length];
      for (int k = 0; k < f[r].length; k++) f[r][k] = (float) m[r][k];
    }
    return f;
  }
}
