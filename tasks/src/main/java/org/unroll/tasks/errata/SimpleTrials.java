package org.unroll.tasks.errata;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.RealTimeRecurrent;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceLoss.At;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.reference.Tape;
import org.unroll.tasks.errata.Trial.Fact;

/** Mistakes in gradients of simple recurrent networks, documents 001 to 004. */
final class SimpleTrials {
  private static final int N = 4;
  private static final int[] TARGETS = {1, 3, 0, 0, 2, 1};
  private static final int T = TARGETS.length;

  private SimpleTrials() {}

  /** Four units, six steps, softmax outputs. */
  static HandElman net(boolean tanh, int biases) {
    var v = new LinkedHashMap<>(Nets.recurrent("elman", N, N, 10));
    v.putAll(Nets.dense("o", N, N, 30));
    v.put("x", Nets.some(50, T * N, 1));
    return new HandElman(TARGETS, tanh, biases, v);
  }

  static ReferenceModel model(HandElman net) {
    int X = net.x(1).length, H = net.s[0].length;
    return new ReferenceModel(new Recurrent("r", net.tanh ? "elman" : "elman-identity", X, H, false),
        new Dense("o", H, net.p[1].length, null));
  }

  /** The gradient of one array by differences of the loss. */
  static double[] differences(HandElman net, String name) {
    return model(net).differences(Sequences.ofVectors(net.x(1).length, net.targets.length), net.v,
        new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, new int[][] {net.targets}, 1), name);
  }

  private static Row row(HandElman net, String id, String array) {
    double[] printed = net.gradients(Set.of(id)).get(array);
    return Row.of("δ" + (array.equals("o.W") ? "V" : array.equals("o.b") ? "c" : array.replace("r.", "")), printed,
        net.gradients(Set.of()).get(array), differences(net, array));
  }

  static Trial gradients(String caption, String id, String... arrays) {
    var net = net(true, 1);
    return Trial.of(caption, Arrays.stream(arrays).map(a -> row(net, id, a)).toArray(Row[]::new));
  }

  static List<Trial> slopes() {
    var linear = net(false, 1);
    return List.of(gradients("six", "E12", "r.W", "r.R", "r.b", "r.h0"),
        Trial.of("linear", row(linear, "E12", "r.R"), row(linear, "E12", "r.h0")),
        Trial.of("closed", closedForm(linear, "linear"), closedForm(net(true, 1), "tanh")));
  }

  /** ∂L/∂h_0 = Σ_{i=1..T} (W_hhᵀ)^{T−i+1} W_qhᵀ ∂L/∂o_{T+1−i}, beside the recursion with its slopes. */
  private static Row closedForm(HandElman net, String name) {
    var dh0 = new double[N];
    for (int i = 1; i <= T; i++) {
      double[] term = net.times("o.W", net.output(T + 1 - i, false));
      for (int power = 0; power <= T - i; power++) term = net.times("r.R", term);
      for (int k = 0; k < N; k++) dh0[k] += term[k];
    }
    return Row.of(name, dh0, net.gradients(Set.of()).get("r.h0"), differences(net, "r.h0"));
  }

  static List<Trial> transposedOutput() { return List.of(gradients("six", "E13", "r.W", "r.R", "r.b", "r.h0")); }

  static List<Trial> pairs() {
    var net = net(true, 1);
    var twice = net(true, 2);
    var body = new ReferenceModel(new Recurrent("r", "elman", N, N, false));
    var nothing = new ReferenceLoss.Linear(new double[T * N], Map.of());
    double[] y = body.run(Sequences.ofVectors(N, T), Nets.layer(net.v), nothing).y();
    var states = Row.of("s", states(twice), states(net), y);
    return List.of(Trial.of("bias", List.of(states), new Fact("printed", 2), new Fact("right", 3)),
        Trial.of("pairs", row(net, "E17 V", "o.W"), row(net, "E17 W", "r.R")));
  }

  private static double[] states(HandElman net) {
    return Arrays.stream(net.s).skip(1).flatMapToDouble(Arrays::stream).toArray();
  }

  /** δ_k of net_k = x_k + W f(net_{k−1}), loss at the last step: the gradient by x_k is δ_k where the input matrix is 1. */
  static List<Trial> errorBack() {
    var net = net(true, 1);
    var v = Nets.layer(net.v);
    v.put("r.W", identity());
    double[] dy = new double[T * N];
    System.arraycopy(Nets.some(80, N, 1), 0, dy, (T - 1) * N, N);
    var model = new ReferenceModel(new Recurrent("r", "elman", N, N, false));
    var loss = new ReferenceLoss.Linear(dy, Map.of());
    var r = model.run(Sequences.ofVectors(N, T), v, loss);
    double[] right = Nets.step(r.gradients().get("x"), T - 1, N);
    double[] printed = right;
    for (int t = T - 2; t >= T - 4; t--) {
      double[] slope = Arrays.stream(Nets.step(r.y(), t, N)).map(h -> 1 - h * h).toArray();
      right = scaled(net.times("r.R", right), slope);
      printed = net.times("r.R", scaled(printed, slope));
    }
    double[] wanted = Nets.step(model.differences(Sequences.ofVectors(N, T), v, loss, "x"), T - 4, N);
    return List.of(Trial.of("three", Row.of("δ_k", printed, right, wanted)));
  }

  /** ∂h_3/∂h_0 of h_t = W σ(h_{t−1}) + u_t, column vectors; W[k][j] at k · N + j. */
  static List<Trial> jacobianOfThree() {
    double[] w = Nets.some(90, N * N, 0.8);
    double[] start = Nets.some(91, N, 1);
    double[][] right = {identity()};
    double[][] printed = {identity()};
    var h = start;
    for (int t = 0; t < 3; t++) {
      double[] s = Arrays.stream(h).map(SimpleTrials::sigmoid).toArray();
      right[0] = chain(right[0], s, w, false);
      printed[0] = chain(printed[0], s, w, true);
      h = next(h, w, t);
    }
    var wanted = new double[N * N];
    for (int k = 0; k < N; k++) {
      int unit = k;
      double[] d = FiniteDifference.gradient(at -> next(next(next(at, w, 0), w, 1), w, 2)[unit], start.clone());
      System.arraycopy(d, 0, wanted, k * N, N);
    }
    return List.of(Trial.of("three", Row.of("jacobian", printed[0], right[0], wanted)));
  }

  static double[] next(double[] h, double[] w, int t) {
    var to = new double[N];
    for (int k = 0; k < N; k++) {
      to[k] = 0.1 * (k - t);
      for (int j = 0; j < N; j++) to[k] += w[k * N + j] * sigmoid(h[j]);
    }
    return to;
  }

  static double sigmoid(double a) { return 1 / (1 + StrictMath.exp(-a)); }

  /** W diag σ′ J, or Wᵀ diag σ′ J: the newest factor stands on the left. */
  static double[] chain(double[] J, double[] s, double[] w, boolean transposed) {
    int n = s.length;
    var to = new double[n * n];
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < n; j++) {
        double slope = s[j] * (1 - s[j]);
        for (int i = 0; i < n; i++) to[k * n + i] += (transposed ? w[j * n + k] : w[k * n + j]) * slope * J[j * n + i];
      }
    }
    return to;
  }

  /** Forward accumulation beside the walk back. */
  static List<Trial> forwardAccumulation() {
    var net = net(true, 1);
    var v = new LinkedHashMap<String, double[]>();
    for (String name : List.of("W", "R", "b", "h0")) v.put(name, net.v.get("r." + name));
    var x = new double[T][];
    for (int t = 0; t < T; t++) x[t] = net.x(t + 1);
    var forward = new RealTimeRecurrent("elman", N, N);
    double[] got = forward.gradient(v, x, (tape, h, t) -> crossEntropy(tape, h, net.v, TARGETS[t]));
    var back = new LinkedHashMap<String, double[]>();
    var wanted = new LinkedHashMap<String, double[]>();
    for (String name : v.keySet()) {
      back.put(name, net.gradients(Set.of()).get("r." + name));
      wanted.put(name, differences(net, "r." + name));
    }
    return List.of(Trial.of("six", Row.of("all", got, forward.pack(back), forward.pack(wanted))));
  }

  private static int crossEntropy(Tape tape, int[] h, Map<String, double[]> v, int target) {
    int w = tape.leaves(v.get("o.W"));
    int b = tape.leaves(v.get("o.b"));
    var z = new int[N];
    var e = new int[N];
    for (int k = 0; k < N; k++) {
      z[k] = tape.plus(tape.dot(h, w + k, N), b + k);
      e[k] = tape.exp(z[k]);
    }
    return tape.minus(tape.log(tape.sum(e)), z[target]);
  }

  static double[] scaled(double[] d, double[] by) {
    var s = new double[d.length];
    for (int k = 0; k < s.length; k++) s[k] = d[k] * by[k];
    return s;
  }

  static double[] identity() {
    var u = new double[N * N];
    for (int k = 0; k < N; k++) u[k * N + k] = 1;
    return u;
  }
}
