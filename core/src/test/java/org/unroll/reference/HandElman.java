package org.unroll.reference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A simple recurrent network with softmax outputs, differentiated by hand as documents 001, 002 and 004 do it, one sequence,
 * X = H = K. Each printed mistake stands behind its id in the errata; without any, the gradient is right.
 */
final class HandElman {
  final int n;
  final int[] targets;
  final boolean tanh;
  final Map<String, double[]> v;
  /** States [T + 1][n], index 0 is before the first step; probabilities likewise; δ of the pre-activations, once run back. */
  final double[][] s;
  final double[][] p;
  final double[][] delta;

  HandElman(int n, int[] targets, boolean tanh, int biases, Map<String, double[]> v) {
    this.n = n;
    this.targets = targets;
    this.tanh = tanh;
    this.v = v;
    s = new double[targets.length + 1][n];
    p = new double[targets.length + 1][n];
    delta = new double[targets.length + 2][n];
    s[0] = v.get("r.h0");
    for (int t = 1; t < s.length; t++) forward(t, biases);
  }

  private void forward(int t, int biases) {
    for (int k = 0; k < n; k++) {
      double a = biases * v.get("r.b")[k];
      for (int j = 0; j < n; j++) a += x(t)[j] * v.get("r.W")[j * n + k] + s[t - 1][j] * v.get("r.R")[j * n + k];
      s[t][k] = tanh ? Math.tanh(a) : a;
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double z = v.get("o.b")[k];
      for (int j = 0; j < n; j++) z += s[t][j] * v.get("o.W")[j * n + k];
      sum += p[t][k] = Math.exp(z);
    }
    for (int k = 0; k < n; k++) p[t][k] /= sum;
  }

  double[] x(int t) { return java.util.Arrays.copyOfRange(v.get("x"), (t - 1) * n, t * n); }

  /** δ of the outputs of step t: p − y; as E18 prints it ∇_y C ⊙ σ′, taking softmax for an element-wise function. */
  double[] output(int t, boolean wrong) {
    var dz = new double[n];
    for (int k = 0; k < n; k++) {
      double y = targets[t - 1] == k ? 1 : 0;
      dz[k] = wrong ? -y / p[t][k] * p[t][k] * (1 - p[t][k]) : p[t][k] - y;
    }
    return dz;
  }

  Map<String, double[]> gradients(Set<String> wrong) {
    var d = new LinkedHashMap<String, double[]>();
    v.forEach((name, a) -> d.put(name, new double[a.length]));
    for (int t = targets.length; t >= 1; t--) {
      double[] dz = output(t, wrong.contains("E18"));
      double[] up = times("o.W", dz);
      double[] on = times("r.R", delta[t + 1]);
      for (int k = 0; k < n; k++) delta[t][k] = (up[k] + on[k]) * slope(s[t][k], wrong);
      outer(d.get("o.W"), s[wrong.contains("E17 V") ? t - 1 : t], dz);
      outer(d.get("r.R"), !wrong.contains("E17 W") ? s[t - 1] : t > 1 ? x(t - 1) : new double[n], delta[t]);
      outer(d.get("r.W"), x(t), delta[t]);
      for (int k = 0; k < n; k++) {
        d.get("o.b")[k] += dz[k];
        d.get("r.b")[k] += delta[t][k];
      }
      System.arraycopy(times("r.W", delta[t]), 0, d.get("x"), (t - 1) * n, n);
    }
    d.put("r.h0", times("r.R", delta[1]));
    return d;
  }

  private double slope(double state, Set<String> wrong) {
    if (!tanh || wrong.contains("E12")) return 1;
    double y = wrong.contains("E19") ? Math.tanh(state) : state;
    return 1 - y * y;
  }

  /** M d for an array M, inputs × outputs. */
  double[] times(String matrix, double[] d) {
    var to = new double[n];
    for (int j = 0; j < n; j++) for (int k = 0; k < n; k++) to[j] += v.get(matrix)[j * n + k] * d[k];
    return to;
  }

  private static void outer(double[] to, double[] row, double[] col) {
    for (int j = 0; j < row.length; j++) for (int k = 0; k < col.length; k++) to[j * col.length + k] += row[j] * col[k];
  }
}
