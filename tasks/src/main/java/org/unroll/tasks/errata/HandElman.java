package org.unroll.tasks.errata;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A simple recurrent network with softmax outputs, differentiated by hand as documents 001, 002 and 004 do it, one sequence.
 * Each printed mistake stands behind its id in the errata; without any, the gradient is right. Where a mistake takes a matrix
 * for its transpose, X = H = K. Arrays have the reference's names (layer r, output o).
 */
final class HandElman {
  final int[] targets;
  final boolean tanh;
  final Map<String, double[]> v;
  /** Pre-activations and states [T + 1][H], probabilities [T + 1][K]; index 0 is before the first step. */
  final double[][] a;
  final double[][] s;
  final double[][] p;
  /** δ of the pre-activations [T + 2][H], once run back. */
  final double[][] delta;
  private final int inputs;

  /** @param biases how often b is added: once is right */
  HandElman(int[] targets, boolean tanh, int biases, Map<String, double[]> v) {
    int T = targets.length;
    this.targets = targets;
    this.tanh = tanh;
    this.v = v;
    inputs = v.get("x").length / T;
    a = new double[T + 1][];
    s = new double[T + 1][];
    p = new double[T + 1][];
    delta = new double[T + 2][v.get("r.h0").length];
    s[0] = v.get("r.h0");
    for (int t = 1; t <= T; t++) forward(t, biases);
  }

  private void forward(int t, int biases) {
    int H = s[0].length;
    a[t] = new double[H];
    s[t] = new double[H];
    for (int k = 0; k < H; k++) {
      double sum = biases * v.get("r.b")[k];
      for (int j = 0; j < inputs; j++) sum += x(t)[j] * v.get("r.W")[j * H + k];
      for (int j = 0; j < H; j++) sum += s[t - 1][j] * v.get("r.R")[j * H + k];
      a[t][k] = sum;
      s[t][k] = tanh ? StrictMath.tanh(sum) : sum;
    }
    double[] z = v.get("o.b").clone();
    for (int k = 0; k < z.length; k++) for (int j = 0; j < H; j++) z[k] += s[t][j] * v.get("o.W")[j * z.length + k];
    p[t] = softmax(z);
  }

  static double[] softmax(double[] z) {
    double[] e = Arrays.stream(z).map(StrictMath::exp).toArray();
    double sum = Arrays.stream(e).sum();
    return Arrays.stream(e).map(each -> each / sum).toArray();
  }

  double[] x(int t) { return Arrays.copyOfRange(v.get("x"), (t - 1) * inputs, t * inputs); }

  /** δ of the outputs of step t: p − y; as E18 prints it ∇_y C ⊙ σ′, taking softmax for an element-wise function. */
  double[] output(int t, boolean wrong) {
    double[] dz = p[t].clone();
    for (int k = 0; k < dz.length; k++) {
      double y = targets[t - 1] == k ? 1 : 0;
      dz[k] = wrong ? -y / p[t][k] * p[t][k] * (1 - p[t][k]) : p[t][k] - y;
    }
    return dz;
  }

  /** The gradient of every array, with the printed form wherever an id of {@code wrong} has one. */
  Map<String, double[]> gradients(Set<String> wrong) {
    var d = new LinkedHashMap<String, double[]>();
    v.forEach((name, array) -> d.put(name, new double[array.length]));
    for (int t = targets.length; t >= 1; t--) {
      double[] dz = output(t, wrong.contains("E18"));
      double[] up = wrong.contains("E13") ? turned("o.W", dz) : times("o.W", dz);
      double[] on = times("r.R", delta[t + 1]);
      for (int k = 0; k < up.length; k++) delta[t][k] = (up[k] + on[k]) * slope(s[t][k], wrong);
      outer(d.get("o.W"), s[wrong.contains("E17 V") ? t - 1 : t], dz);
      outer(d.get("r.R"), !wrong.contains("E17 W") ? s[t - 1] : t > 1 ? x(t - 1) : new double[inputs], delta[t]);
      outer(d.get("r.W"), x(t), delta[t]);
      for (int k = 0; k < dz.length; k++) d.get("o.b")[k] += dz[k];
      for (int k = 0; k < up.length; k++) d.get("r.b")[k] += delta[t][k];
      System.arraycopy(times("r.W", delta[t]), 0, d.get("x"), (t - 1) * inputs, inputs);
    }
    d.put("r.h0", times("r.R", delta[1]));
    return d;
  }

  private double slope(double state, Set<String> wrong) {
    if (!tanh || wrong.contains("E12")) return 1;
    double y = wrong.contains("E19") ? StrictMath.tanh(state) : state;
    return 1 - y * y;
  }

  /** M d for an array M, inputs × outputs: what d is to the inputs. */
  double[] times(String matrix, double[] d) {
    double[] m = v.get(matrix);
    var to = new double[m.length / d.length];
    for (int j = 0; j < to.length; j++) for (int k = 0; k < d.length; k++) to[j] += m[j * d.length + k] * d[k];
    return to;
  }

  /** Mᵀ d for a square M. */
  private double[] turned(String matrix, double[] d) {
    double[] m = v.get(matrix);
    var to = new double[d.length];
    for (int j = 0; j < to.length; j++) for (int k = 0; k < d.length; k++) to[j] += m[k * d.length + j] * d[k];
    return to;
  }

  private static void outer(double[] to, double[] row, double[] col) {
    for (int j = 0; j < row.length; j++) for (int k = 0; k < col.length; k++) to[j * col.length + k] += row[j] * col[k];
  }
}
