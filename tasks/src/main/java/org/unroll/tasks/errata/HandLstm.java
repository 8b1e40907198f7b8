package org.unroll.tasks.errata;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An LSTM with softmax outputs, differentiated by hand as documents 000 and 003 do it, one sequence, X = H = K so that even
 * transposed matrices fit. Each printed mistake stands behind its id in the errata; without any, the gradient is right.
 * Arrays have the reference's names and layout (layer r, blocks i f g o; output o).
 */
final class HandLstm {
  private static final int I = 0;
  private static final int F = 1;
  private static final int G = 2;
  private static final int O = 3;
  final int n;
  final int steps;
  final Map<String, double[]> v;
  /** Gates [T + 1][4][n], cells and states [T + 1][n], probabilities [T + 1][n]; index 0 is before the first step. */
  final double[][][] gate;
  final double[][] c;
  final double[][] h;
  final double[][] p;
  private final int[] targets;
  private final boolean lastOnly;

  HandLstm(int n, int[] targets, boolean lastOnly, Map<String, double[]> v) {
    this.n = n;
    this.steps = targets.length;
    this.v = v;
    this.targets = targets;
    this.lastOnly = lastOnly;
    gate = new double[steps + 1][4][n];
    c = new double[steps + 1][];
    h = new double[steps + 1][];
    p = new double[steps + 1][n];
    h[0] = v.get("r.h0");
    c[0] = v.get("r.c0");
    for (int t = 1; t <= steps; t++) forward(t);
  }

  private void forward(int t) {
    c[t] = new double[n];
    h[t] = new double[n];
    for (int k = 0; k < n; k++) {
      for (int block = 0; block < 4; block++) {
        double a = v.get("r.b")[block * n + k];
        for (int j = 0; j < n; j++) {
          a += x(t)[j] * v.get("r.W")[j * 4 * n + block * n + k] + h[t - 1][j] * v.get("r.R")[j * 4 * n + block * n + k];
        }
        gate[t][block][k] = block == G ? StrictMath.tanh(a) : 1 / (1 + StrictMath.exp(-a));
      }
      c[t][k] = gate[t][F][k] * c[t - 1][k] + gate[t][I][k] * gate[t][G][k];
      h[t][k] = gate[t][O][k] * StrictMath.tanh(c[t][k]);
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double z = v.get("o.b")[k];
      for (int j = 0; j < n; j++) z += h[t][j] * v.get("o.W")[j * n + k];
      sum += p[t][k] = StrictMath.exp(z);
    }
    for (int k = 0; k < n; k++) p[t][k] /= sum;
  }

  double[] x(int t) { return Arrays.copyOfRange(v.get("x"), (t - 1) * n, t * n); }

  /** The gradient of every array, with the printed form wherever an id of {@code wrong} has one. */
  Map<String, double[]> gradients(Set<String> wrong) {
    var d = new LinkedHashMap<String, double[]>();
    v.forEach((name, a) -> d.put(name, new double[a.length]));
    var after = new double[4 * n];                                              // δ of the pre-activations of step t + 1
    var dc = new double[n];                                                     // what step t + 1 gives to c
    for (int t = steps; t >= 1; t--) {
      var da = new double[4 * n];
      double[] dz = output(t, wrong, d);
      double[] dh = through("o.W", 1, dz, wrong.contains("E05"));
      add(dh, through("r.R", 4, after, wrong.contains("E05")));
      for (int k = 0; k < n; k++) unit(t, k, dh[k], dc, da, wrong);
      System.arraycopy(through("r.W", 4, da, wrong.contains("E05")), 0, d.get("x"), (t - 1) * n, n);
      if (t == steps || !wrong.contains("E23")) outer(d.get("r.W"), x(t), da);
      if (wrong.contains("E03")) outer(d.get("r.R"), h[t], after);
      else outer(d.get("r.R"), h[t - 1], da);
      for (int k = 0; k < 4 * n; k++) d.get("r.b")[k] += wrong.contains("E23") && k / n != G ? da[F * n + k % n] : da[k];
      after = da;
    }
    d.put("r.h0", through("r.R", 4, after, wrong.contains("E05")));
    d.put("r.c0", dc);
    return d;
  }

  private double[] output(int t, Set<String> wrong, Map<String, double[]> d) {
    var dz = new double[n];
    if (lastOnly && t < steps) return dz;
    for (int k = 0; k < n; k++) dz[k] = (p[t][k] - (targets[t - 1] == k ? 1 : 0)) * (wrong.contains("E01") ? -1 : 1);
    outer(d.get("o.W"), h[t], dz);
    if (!wrong.contains("E04")) add(d.get("o.b"), dz);
    return dz;
  }

  private void unit(int t, int k, double dh, double[] dc, double[] da, Set<String> wrong) {
    double i = gate[t][I][k];
    double f = gate[t][F][k];
    double g = gate[t][G][k];
    double o = gate[t][O][k];
    double tanh = StrictMath.tanh(c[t][k]);
    double slope = wrong.contains("E22") ? (1 - tanh) * (1 - tanh) : 1 - tanh * tanh;
    double dck = dh * o * slope + (wrong.contains("E21") ? 0 : dc[k]);
    da[O * n + k] = (wrong.contains("E02") ? i : o) * (1 - o) * dh * tanh;
    da[I * n + k] = i * (1 - i) * dck * g;
    da[F * n + k] = f * (1 - f) * dck * c[t - 1][k];
    da[G * n + k] = wrong.contains("E06") ? 0 : (1 - g * g) * dck * i;
    dc[k] = dck * f;
  }

  /** A gradient carried back through a product: M d; transposed: Mᵀ d, block by block. */
  private double[] through(String matrix, int blocks, double[] d, boolean transposed) {
    double[] m = v.get(matrix);
    var to = new double[n];
    for (int block = 0; block < blocks; block++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          to[j] += m[(transposed ? k : j) * blocks * n + block * n + (transposed ? j : k)] * d[block * n + k];
        }
      }
    }
    return to;
  }

  private static void outer(double[] to, double[] row, double[] col) {
    for (int j = 0; j < row.length; j++) for (int k = 0; k < col.length; k++) to[j * col.length + k] += row[j] * col[k];
  }

  private static void add(double[] to, double[] d) {
    for (int k = 0; k < to.length; k++) to[k] += d[k];
  }
}
