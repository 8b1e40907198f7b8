package org.unroll.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Try;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** The sweep over a batch against forward and backward in double, in log space, sequence by sequence. */
class ChainSweepTest {

  /** Scores of a batch; row 0 of start and end counts. */
  private record Chains(Batch h, Slab A, Slab start, Slab end, Slab target) {
    Slab B() { return h.x(); }

    int labels() { return A.cols(); }
  }

  /** What the sweep is to find: log Z and, over all sequences, Σ p(y_t = i, y_{t+1} = j) − [targets]; p of each row. */
  private record Found(double[] logZ, double[] pairs, double[] p) {}

  private static Chains random(int[] alive, int N, int K, double scale, long seed) {
    var r = new SplittableRandom(seed);
    var B = filled(alive.length, N, K, scale, r);
    var target = Slab.zeros(alive.length, N, 1);
    for (int n = 0; n < target.height(); n++) target.set(n, 0, r.nextInt(K));
    var h = new Batch(B, alive, new long[N]);
    return new Chains(h, filled(1, K, K, scale, r), filled(1, 1, K, scale, r), filled(1, 1, K, scale, r), target);
  }

  /** Multiples of 1/64: exact in float also where they are large. */
  private static Slab filled(int T, int N, int K, double scale, SplittableRandom r) {
    var s = Slab.zeros(T, N, K);
    for (int n = 0; n < s.height(); n++) {
      for (int k = 0; k < K; k++) s.set(n, k, (float) (Math.rint(64 * scale * r.nextDouble(-1, 1)) / 64));
    }
    return s;
  }

  private static Found sweep(Chains c, Kernels k) {
    int K = c.labels(), N = c.B().rows();
    var run = Try.run(new Params(), k);
    var sweep = new ChainSweep(c.h, c.B(), c.A, c.start, c.end, run);
    k.parallel(sweep.groups(), sweep::forward);
    var found = new Found(new double[N], new double[K * K], new double[c.B().height() * K]);
    k.parallel(sweep.groups(), g -> sweep.gradients(g, c.target, (p, at, row, rows) -> {
      for (int l = 0; l < rows; l++) for (int i = 0; i < K; i++) found.p[(row + l) * K + i] = p[at + i * 16 + l];
    }));
    for (int n = 0; n < N; n++) found.logZ[n] = sweep.logZ(n);
    var dA = Slab.zeros(1, K, K);
    sweep.transitions(dA, 0, K / 2, 1);
    sweep.transitions(dA, K / 2, K - K / 2, 1);
    for (int i = 0; i < K * K; i++) found.pairs[i] = dA.get(i / K, i % K);
    return found;
  }

  private static Found truth(Chains c) {
    int K = c.labels(), N = c.B().rows();
    var found = new Found(new double[N], new double[K * K], new double[c.B().height() * K]);
    for (int n = 0; n < N; n++) truth(c, n, found);
    return found;
  }

  private static void truth(Chains c, int n, Found found) {
    int K = c.labels(), N = c.B().rows(), T = c.h.length(n);
    if (T == 0) return;
    double[][] a = new double[T][K], b = new double[T][K];
    double[] terms = new double[K];
    for (int t = 0; t < T; t++) for (int j = 0; j < K; j++) {
      for (int i = 0; t > 0 && i < K; i++) terms[i] = a[t - 1][i] + c.A.get(i, j);
      a[t][j] = c.B().get(t * N + n, j) + (t == 0 ? c.start.get(0, j) : logSum(terms));
    }
    for (int t = T - 1; t >= 0; t--) for (int i = 0; i < K; i++) {
      for (int j = 0; t < T - 1 && j < K; j++) terms[j] = c.A.get(i, j) + c.B().get((t + 1) * N + n, j) + b[t + 1][j];
      b[t][i] = t == T - 1 ? c.end.get(0, i) : logSum(terms);
    }
    for (int i = 0; i < K; i++) terms[i] = a[T - 1][i] + b[T - 1][i];
    double z = found.logZ[n] = logSum(terms);
    for (int t = 0; t < T; t++) for (int i = 0; i < K; i++) {
      found.p[(t * N + n) * K + i] = Math.exp(a[t][i] + b[t][i] - z);
      for (int j = 0; t < T - 1 && j < K; j++) {
        found.pairs[i * K + j] += Math.exp(a[t][i] + c.A.get(i, j) + c.B().get((t + 1) * N + n, j) + b[t + 1][j] - z);
      }
    }
    for (int t = 0; t < T - 1; t++) {
      found.pairs[(int) c.target.get(t * N + n, 0) * K + (int) c.target.get((t + 1) * N + n, 0)] -= 1;
    }
  }

  private static double logSum(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    return max + Math.log(Arrays.stream(x).map(v -> Math.exp(v - max)).sum());
  }

  private static void agrees(Chains c, double bar) {
    var want = truth(c);
    for (String name : new String[] {"scalar", "fast"}) {
      var got = sweep(c, Kernels.of(name, 2));
      close(want.logZ, got.logZ, bar, name + ": log Z");
      close(want.p, got.p, bar, name + ": p");
      close(want.pairs, got.pairs, bar, name + ": pairs");
    }
  }

  /** Norm-relative. */
  private static void close(double[] want, double[] got, double bar, String what) {
    double error = 0, norm = 0;
    for (int i = 0; i < want.length; i++) {
      error += (want[i] - got[i]) * (want[i] - got[i]);
      norm += want[i] * want[i];
    }
    assertTrue(Math.sqrt(error) <= bar * Math.sqrt(norm), what + " off by " + Math.sqrt(error / norm));
  }

  private static int[] steps(int T, int rows) {
    int[] alive = new int[T];
    Arrays.fill(alive, rows);
    return alive;
  }

  @ParameterizedTest
  @CsvSource({"1, 64, 3", "2, 64, 3", "9, 64, 20", "20, 64, 17", "50, 30, 16"})
  void scores_ofEveryday_areRightToSixDigits(int K, int T, int N) { agrees(random(steps(T, N), N, K, 2, K), 1e-6); }

  @ParameterizedTest
  @CsvSource({"3, 4", "9, 2", "20, 2"})
  void longSequences_keepTheirDigits(int K, int N) { agrees(random(steps(512, N), N, K, 3, K), 3e-6); }

  @Test void raggedRows_overSeveralGroups_andRowsWithoutSteps() {
    agrees(random(new int[] {40, 40, 37, 33, 32, 20, 16, 15, 3, 1}, 43, 6, 2, 1), 1e-6);
    agrees(random(new int[] {5}, 5, 4, 2, 2), 1e-6);
  }

  @Test void hugeScores_areRight() {
    for (int K : new int[] {2, 3, 9, 20}) {
      agrees(random(steps(40, 18), 18, K, 100, K), 2e-5);
      agrees(random(steps(40, 18), 18, K, 1e4, K), 2e-5);
    }
  }

  /** Between labels that never meet, what is far behind at one step may be far ahead at the end. */
  @Test void labelsThatNeverMeet_keepWhatExpRoundsToZero() {
    int T = 12;
    var c = random(steps(T, 1), 1, 2, 0, 1);
    for (int i = 0; i < 2; i++) c.A.set(i, 1 - i, -1e4f);
    c.B().set(1, 1, -95);
    for (int t = 2; t < 7; t++) c.B().set(t, 0, -38);
    c.B().set(9, 1, -95);
    agrees(c, 1e-6);
    assertEquals(0.5, truth(c).p[0], 1e-12);
  }

  @Test void forbiddenTransitions_costNothing() {
    var c = random(steps(50, 17), 17, 9, 3, 4);
    for (int i = 0; i < 9; i++) for (int j = 0; j < 9; j++) if (Math.floorMod(j - i, 9) > 2) c.A.set(i, j, -1e4f);
    for (int j = 1; j < 9; j++) c.start.set(0, j, -1e4f);
    agrees(c, 1e-6);
  }

  /** What each sequence has found alone, by halves of sixteen lanes, then group after group: to the bit. */
  @Test void sharesOfSequences_areAddedByHalves() {
    int N = 21, K = 5, T = 7;
    var c = random(steps(T, N), N, K, 2, 6);
    for (var k : new Kernels[] {Kernels.scalar(), Kernels.best(2)}) {
      double[][] alone = new double[32][K * K];
      for (int n = 0; n < N; n++) alone[n] = sweep(alone(c, n), k).pairs;
      double[] all = sweep(c, k).pairs;
      for (int ij = 0; ij < K * K; ij++) {
        float sum = 0;
        for (int g = 0; g < 32; g += 16) {
          float[] x = new float[16];
          for (int l = 0; l < 16; l++) x[l] = (float) alone[g + l][ij];
          for (int half = 8; half > 0; half /= 2) for (int l = 0; l < half; l++) x[l] += x[l + half];
          sum += x[0];
        }
        assertEquals(sum, all[ij]);
      }
    }
  }

  private static Chains alone(Chains c, int n) {
    int T = c.B().steps(), N = c.B().rows();
    Slab B = Slab.zeros(T, 1, c.labels()), target = Slab.zeros(T, 1, 1);
    for (int t = 0; t < T; t++) {
      B.setRow(t, c.B(), t * N + n);
      target.setRow(t, c.target, t * N + n);
    }
    return new Chains(new Batch(B, steps(T, 1), new long[1]), c.A, c.start, c.end, target);
  }
}
