package org.unroll.tasks.errata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLayer.Activation;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Function;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceLoss.At;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.tasks.errata.Trial.Fact;

/** Mistakes in directions, feed-forward networks, normalisation, gates and bounds. */
final class OtherTrials {
  private static final int N = 4, T = 6, LAYERS = 3;

  private OtherTrials() {}

  // ---- E08

  static List<Trial> backwardDirection() {
    var v = new LinkedHashMap<>(Nets.recurrent("elman", N, N, 10));
    double[] x = Nets.some(50, T * N, 1);
    double[] printed = outputs("elman", v, x, false);
    double[] right = outputs("elman", v, x, true);
    double[] wanted = reversed(outputs("elman", v, reversed(x), false));
    v.put("x", x);
    var loss = new ReferenceLoss.Linear(first(T * N), Map.of());
    var in = Sequences.ofVectors(N, T);
    double[] seen = last(model("elman", true).differences(in, v, loss, "x"));
    var byX = Row.of("dx", last(model("elman", false).run(in, v, loss).gradients().get("x")),
        last(model("elman", true).run(in, v, loss).gradients().get("x")), seen);
    return List.of(Trial.of("reversed", Row.of("h", printed, right, wanted)), Trial.of("last", byX));
  }

  private static double[] first(int size) {
    var d = new double[size];
    Arrays.fill(d, 0, N, 1);
    return d;
  }

  private static double[] last(double[] x) { return Nets.step(x, T - 1, N); }

  private static double[] reversed(double[] x) {
    var to = new double[x.length];
    for (int t = 0; t < T; t++) System.arraycopy(x, t * N, to, (T - 1 - t) * N, N);
    return to;
  }

  private static ReferenceModel model(String cell, boolean backward) {
    return new ReferenceModel(new Recurrent("r", cell, N, N, backward));
  }

  private static double[] outputs(String cell, Map<String, double[]> v, double[] x, boolean backward) {
    var all = new LinkedHashMap<>(v);
    all.put("x", x);
    return model(cell, backward).run(Sequences.ofVectors(N, T), all, new ReferenceLoss.Linear(new double[T * N], Map.of())).y();
  }

  // ---- E10

  /** Three sigmoid layers of one width: a wrong index keeps its shape. */
  static HandFeedForward feedForward() {
    var v = new LinkedHashMap<String, double[]>();
    for (int l = 1; l <= LAYERS; l++) v.putAll(Nets.dense("l" + l, N, N, 10 * l));
    v.put("x", Nets.some(50, N, 1));
    return new HandFeedForward(LAYERS, Nets.some(9, N, 1), v);
  }

  static ReferenceModel sigmoids() {
    var layers = new ReferenceLayer[2 * LAYERS];
    for (int l = 0; l < LAYERS; l++) {
      layers[2 * l] = new Dense("l" + (l + 1), N, N, null);
      layers[2 * l + 1] = new Activation(Function.SIGMOID);
    }
    return new ReferenceModel(layers);
  }

  static ReferenceLoss squares(HandFeedForward net) { return new ReferenceLoss.SquaredError(At.EVERY_STEP, net.target(), 1); }

  static List<Trial> updateFirst() {
    return List.of(feedForward("tenth", 0.1, false), feedForward("half", 0.5, false), feedForward("slope", 0, true));
  }

  private static Trial feedForward(String caption, double rate, boolean slopeAbove) {
    var net = feedForward();
    var printed = net.gradients(rate, slopeAbove);
    var right = net.gradients(0, false);
    return Trial.of(caption, Stream.of("l3.W", "l2.W", "l1.W").map(name -> Row.of("δ" + name, printed.get(name),
        right.get(name), sigmoids().differences(Sequences.ofVectors(N, 1), net.v(), squares(net), name))).toArray(Row[]::new));
  }

  // ---- E11

  /** LN(x W + h' R + b) of one step of the identity, both divisors, and γ as a vector and as a number. */
  static List<Trial> divisors() {
    double[] z = Nets.some(60, N, 1);
    double mean = Arrays.stream(z).sum() / N;
    double squares = Arrays.stream(z).map(each -> (each - mean) * (each - mean)).sum();
    double[] wanted = Arrays.stream(z).map(each -> (each - mean) / Math.sqrt(squares / N + 1e-5f)).toArray();
    double[] unbiased = normalised("-unbiased", z, N);
    var vector = gain("");
    var scalar = gain("-scalar");
    double sum = Arrays.stream(Arrays.copyOf(vector, N)).sum();
    return List.of(Trial.of("divisor", List.of(Row.of("LN(z)", unbiased, normalised("", z, N), wanted)),
            new Fact("ratio", unbiased[0] / wanted[0]), new Fact("root", Math.sqrt((N - 1.0) / N))),
        Trial.of("scalar", List.of(), new Fact("sum", sum), new Fact("scalar", scalar[0])));
  }

  private static double[] normalised(String kind, double[] z, int units) {
    return normalisation(kind, units).run(Sequences.ofVectors(units, 1), weights(kind, z),
        new ReferenceLoss.Linear(new double[units], Map.of())).y();
  }

  /** ∂L/∂p for L = Σ k h_k. */
  private static double[] gain(String kind) {
    return normalisation(kind, N).differences(Sequences.ofVectors(N, 1), weights(kind, Nets.some(60, N, 1)),
        new ReferenceLoss.Linear(new double[] {1, 2, 3, 4}, Map.of()), "r.p");
  }

  private static ReferenceModel normalisation(String kind, int units) {
    return new ReferenceModel(new Recurrent("r", "elman-identity-ln-sum" + kind, units, units, false));
  }

  /** W = 1, R = 0, γ = 1, b = β = 0. */
  private static Map<String, double[]> weights(String kind, double[] z) {
    int gains = kind.contains("scalar") ? 1 : N;
    var p = new double[2 * gains + N];
    Arrays.fill(p, 0, gains, 1);
    return Map.of("r.W", SimpleTrials.identity(), "r.R", new double[N * N], "r.p", p, "x", z);
  }

  // ---- E14, E29

  static List<Trial> powers() {
    double[] all = new double[16], above = new double[16], product = SimpleTrials.identity(), nothing = SimpleTrials.identity();
    Arrays.fill(all, 0.6);
    for (int i = 0; i < N; i++) for (int j = i + 1; j < N; j++) above[i * N + j] = 1.5;
    for (int power = 0; power < 20; power++) {
      product = times(product, all);
      nothing = times(nothing, above);
    }
    return List.of(Trial.of("powers", List.of(Row.of("small", StrictMath.pow(0.6, 20), StrictMath.pow(2.4, 20), norm(product))),
        new Fact("large", StrictMath.pow(1.5, 20)), new Fact("nothing", norm(nothing))));
  }

  private static double[] times(double[] a, double[] b) {
    var to = new double[N * N];
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) for (int k = 0; k < N; k++) to[i * N + j] += a[i * N + k] * b[k * N + j];
    }
    return to;
  }

  /** The largest singular value, by power iteration on MᵀM. */
  static double norm(double[] m) {
    double[] v = {1, 0.7, 0.9, 0.8};
    double length = 0;
    for (int round = 0; round < 200; round++) {
      v = turned(m, applied(m, v));
      length = Math.sqrt(Arrays.stream(v).map(each -> each * each).sum());
      if (length == 0) return 0;
      for (int k = 0; k < N; k++) v[k] /= length;
    }
    return Math.sqrt(length);
  }

  private static double[] applied(double[] m, double[] v) {
    var to = new double[N];
    for (int i = 0; i < N; i++) for (int j = 0; j < N; j++) to[i] += m[i * N + j] * v[j];
    return to;
  }

  private static double[] turned(double[] m, double[] v) {
    var to = new double[N];
    for (int i = 0; i < N; i++) for (int j = 0; j < N; j++) to[j] += m[i * N + j] * v[i];
    return to;
  }

  /** ‖∂h_{k+1}/∂h_k‖ ≤ λ_1 γ < (1/γ) γ = 1, for h_{k+1} = W σ(h_k) + u with λ_1 just below 1/γ = 4. */
  static List<Trial> bound() {
    double[] w = Nets.some(90, N * N, 0.8);
    double scale = 3.9 / norm(w);
    for (int i = 0; i < w.length; i++) w[i] *= scale;
    double[] s = Arrays.stream(Nets.some(91, N, 1)).map(SimpleTrials::sigmoid).toArray();
    double jacobian = norm(SimpleTrials.chain(SimpleTrials.identity(), s, w, false));
    return List.of(Trial.of("bound", List.of(), new Fact("jacobian", jacobian), new Fact("lambda", norm(w) * 0.25),
        new Fact("one", 1 / 0.25 * 0.25)));
  }

  // ---- E25

  static List<Trial> updateGate() {
    var rows = new ArrayList<Row>();
    for (String cell : List.of("gru-before", "gru")) {
      boolean after = cell.equals("gru");
      var v = new LinkedHashMap<>(Nets.recurrent(cell, N, N, 10));
      double[] x = Nets.some(50, T * N, 1);
      var negated = new LinkedHashMap<>(v);
      negated.put("r.W", Nets.signed(v.get("r.W"), N, 1, -1, 1));
      negated.put("r.R", after ? Nets.signed(v.get("r.R"), N, 1, 1, -1) : Nets.signed(v.get("r.R"), N, 1, -1));
      negated.put("r.b", after ? Nets.signed(v.get("r.b"), N, 1, 1, -1, 1) : Nets.signed(v.get("r.b"), N, 1, -1, 1));
      rows.add(Row.of(after ? "after" : "before", outputs(cell + "-write", v, x, false),
          outputs(cell + "-write", negated, x, false), outputs(cell, v, x, false)));
    }
    return List.of(Trial.of("sign", rows.toArray(Row[]::new)), Trial.of("reset", resetAfter()));
  }

  /** The weights of a GRU that resets before the product, in one that resets after it: R_q = S, b_q = 0. */
  private static Row resetAfter() {
    var v = Nets.recurrent("gru-before", N, N, 10);
    double[] x = Nets.some(50, T * N, 1);
    var R = new double[3 * N * N];
    for (int j = 0; j < N; j++) {
      System.arraycopy(v.get("r.S"), j * N, R, j * 3 * N, N);
      System.arraycopy(v.get("r.R"), j * 2 * N, R, j * 3 * N + N, 2 * N);
    }
    var after = new LinkedHashMap<String, double[]>();
    after.put("r.W", v.get("r.W"));
    after.put("r.R", R);
    after.put("r.b", Nets.join(new double[N], v.get("r.b")));
    after.put("r.h0", v.get("r.h0"));
    double[] before = outputs("gru-before", v, x, false);
    return Row.of("carried", outputs("gru", after, x, false), before, before);
  }
}
