package org.unroll.tasks.errata;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The LSTM of document 003's program, its backward pass as it is printed and as it must be: three inputs, two units, the loss
 * Σ h_T. The printed pass goes from step to step by δ_h alone ({@code calc_delta_k}), forms the gradient of the input weights from the
 * last step's δ and x, and gives b_i and b_o the forget gate's δ ({@code calc_gradient}). Arrays as in the reference, blocks i f g o.
 */
final class ArticleLstm {
  static final int X = 3, H = 2;
  private static final int I = 0, F = 1, G = 2, O = 3;
  final int steps;
  final Map<String, double[]> v;
  /** Gates [T + 1][4][H], cells and states [T + 1][H]; index 0 is before the first step. */
  private final double[][][] gate;
  private final double[][] c;
  private final double[][] h;

  ArticleLstm(int steps, Map<String, double[]> v) {
    this.steps = steps;
    this.v = v;
    gate = new double[steps + 1][4][H];
    c = new double[steps + 1][H];
    h = new double[steps + 1][H];
    c[0] = v.get("r.c0");
    h[0] = v.get("r.h0");
    for (int t = 1; t <= steps; t++) forward(t);
  }

  private void forward(int t) {
    for (int at = 0; at < 4 * H; at++) {
      double a = v.get("r.b")[at];
      for (int j = 0; j < X; j++) a += v.get("x")[(t - 1) * X + j] * v.get("r.W")[j * 4 * H + at];
      for (int j = 0; j < H; j++) a += h[t - 1][j] * v.get("r.R")[j * 4 * H + at];
      gate[t][at / H][at % H] = at / H == G ? StrictMath.tanh(a) : SimpleTrials.sigmoid(a);
    }
    for (int k = 0; k < H; k++) {
      c[t][k] = gate[t][F][k] * c[t - 1][k] + gate[t][I][k] * gate[t][G][k];
      h[t][k] = gate[t][O][k] * StrictMath.tanh(c[t][k]);
    }
  }

  /** The gradients of W, R and b, with the printed form of each id in {@code wrong}: E21 and E23. */
  Map<String, double[]> gradients(Set<String> wrong) {
    var d = new LinkedHashMap<String, double[]>();
    for (var name : new String[] {"r.W", "r.R", "r.b"}) d.put(name, new double[v.get(name).length]);
    var dh = new double[H];
    var dc = new double[H];
    Arrays.fill(dh, 1);
    for (int t = steps; t >= 1; t--) {
      var da = new double[4 * H];
      for (int k = 0; k < H; k++) unit(t, k, dh[k], dc, da, wrong.contains("E21"));
      for (int at = 0; at < 4 * H; at++) {
        boolean own = !wrong.contains("E23") || at / H == G;
        d.get("r.b")[at] += own ? da[at] : da[F * H + at % H];
        for (int j = 0; j < H; j++) d.get("r.R")[j * 4 * H + at] += h[t - 1][j] * da[at];
        if (wrong.contains("E23") && t < steps) continue;
        for (int j = 0; j < X; j++) d.get("r.W")[j * 4 * H + at] += v.get("x")[(t - 1) * X + j] * da[at];
      }
      dh = new double[H];
      for (int j = 0; j < H; j++) for (int at = 0; at < 4 * H; at++) dh[j] += v.get("r.R")[j * 4 * H + at] * da[at];
    }
    return d;
  }

  private void unit(int t, int k, double dh, double[] dc, double[] da, boolean hiddenOnly) {
    double i = gate[t][I][k], f = gate[t][F][k], g = gate[t][G][k], o = gate[t][O][k], tanh = StrictMath.tanh(c[t][k]);
    double dck = dh * o * (1 - tanh * tanh) + (hiddenOnly ? 0 : dc[k]);
    da[I * H + k] = dck * g * i * (1 - i);
    da[F * H + k] = dck * c[t - 1][k] * f * (1 - f);
    da[G * H + k] = dck * i * (1 - g * g);
    da[O * H + k] = dh * tanh * o * (1 - o);
    dc[k] = dck * f;
  }
}
