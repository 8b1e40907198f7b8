package org.unroll.tasks.errata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.unroll.reference.ReferenceLayer.Dense;
import org.unroll.reference.ReferenceLayer.Recurrent;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceLoss.At;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.tasks.errata.Trial.Fact;

/**
 * Mistakes in gradients of an LSTM, documents 000 and 003: a network of four units with softmax outputs, differentiated by hand
 * ({@link HandLstm}) with and without the mistake, beside difference quotients of the reference's loss.
 */
final class LstmTrials {
  private static final int N = 4;
  private static final int I = 0, F = 1, G = 2, O = 3;
  private static final int[] TARGETS = {1, 3, 0, 0, 2, 1, 3, 2};
  private static final String[] LAYER = {"r.W", "r.R", "r.b", "x", "r.h0", "r.c0"};
  private static final ReferenceModel MODEL = new ReferenceModel(new Recurrent("r", "lstm", N, N, false),
      new Dense("o", N, N, null));

  /**
   * @param steps T
   * @param lastOnly whether the loss is at the last step alone
   * @param fromZero whether h_0 = c_0 = 0
   */
  record Setting(int steps, boolean lastOnly, boolean fromZero) {
    HandLstm lstm() {
      var v = new LinkedHashMap<>(Nets.recurrent("lstm", N, N, 10));
      v.putAll(Nets.dense("o", N, N, 30));
      v.put("x", Nets.some(50, steps * N, 1));
      if (fromZero) for (String s : List.of("r.h0", "r.c0")) v.put(s, new double[N]);
      return new HandLstm(N, Arrays.copyOf(TARGETS, steps), lastOnly, v);
    }

    Sequences in() { return Sequences.ofVectors(N, steps); }

    ReferenceLoss loss() {
      return lastOnly ? new ReferenceLoss.SoftmaxCrossEntropy(At.LAST_STEP, new int[][] {{TARGETS[steps - 1]}}, 1)
          : new ReferenceLoss.SoftmaxCrossEntropy(At.EVERY_STEP, new int[][] {Arrays.copyOf(TARGETS, steps)}, 1);
    }

    /** By reverse differentiation on the tape. */
    Map<String, double[]> reference(HandLstm lstm) { return MODEL.run(in(), lstm.v, loss()).gradients(); }

    /** By differences of the loss. */
    double[] differences(HandLstm lstm, String name) { return MODEL.differences(in(), lstm.v, loss(), name); }

    double loss(Map<String, double[]> v) { return MODEL.loss(in(), v, loss()); }

    /** Rows of these arrays, with the printed form of {@code wrong}. */
    Row[] rows(Set<String> wrong, String... arrays) {
      var lstm = lstm();
      var printed = lstm.gradients(wrong);
      var right = lstm.gradients(Set.of());
      return Arrays.stream(arrays).map(a -> Row.of(shown(a), printed.get(a), right.get(a), differences(lstm, a)))
          .toArray(Row[]::new);
    }

    /** Rows of the four blocks of an array. */
    Stream<Row> blocks(Set<String> wrong, String array) {
      var lstm = lstm();
      double[] printed = lstm.gradients(wrong).get(array), right = lstm.gradients(Set.of()).get(array);
      double[] wanted = differences(lstm, array);
      return IntStream.of(F, I, O, G).mapToObj(b ->
          Row.of(shown(array) + "_" + "ifgo".charAt(b), block(printed, b), block(right, b), block(wanted, b)));
    }
  }

  static final Setting SIX = new Setting(6, false, false);
  static final Setting EIGHT = new Setting(8, true, false);
  static final Setting TWO = new Setting(2, true, true);

  private LstmTrials() {}

  /** {@code δR} of {@code r.R}. */
  private static String shown(String array) {
    return "δ" + (array.equals("o.W") ? "V" : array.equals("o.b") ? "c" : array.replace("r.", ""));
  }

  private static double[] block(double[] m, int gate) { return Nets.block(m, gate, 4, N); }

  /** Every gradient of the layer at six steps. */
  static List<Trial> everyArray(String id) { return List.of(Trial.of("six", SIX.rows(Set.of(id), LAYER))); }

  static List<Trial> sign() {
    var lstm = SIX.lstm();
    double before = SIX.loss(lstm.v);
    double printed = SIX.loss(moved(lstm.v, lstm.gradients(Set.of("E01")), 0.05));
    double right = SIX.loss(moved(lstm.v, lstm.gradients(Set.of()), 0.05));
    var rows = SIX.rows(Set.of("E01"), "o.W", "o.b", "r.W", "r.R", "r.b");
    return List.of(Trial.of("six", List.of(rows), new Fact("before", before), new Fact("printed", printed),
        new Fact("right", right)));
  }

  static List<Trial> outputGate() {
    var one = new Setting(1, true, false);
    return List.of(Trial.of("one", one.blocks(Set.of("E02"), "r.b").toList()), everyArray("E02").getFirst());
  }

  static List<Trial> recurrentSum() {
    return List.of(Trial.of("six", SIX.rows(Set.of("E03"), "r.R")),
        Trial.of("zero", new Setting(6, false, true).rows(Set.of("E03"), "r.R")));
  }

  static List<Trial> outputBias() { return List.of(Trial.of("six", SIX.rows(Set.of("E04"), "o.b"))); }

  /** c_t as a sum over the past, with and without what is left of c_0. */
  static List<Trial> expansion() {
    var l = SIX.lstm();
    var rows = new Row[2];
    for (int t = 3, at = 0; t <= 6; t += 3, at++) {
      var sum = new double[N];
      var whole = new double[N];
      for (int k = 0; k < N; k++) {
        double product = 1;
        for (int j = t; j >= 1; j--) {
          sum[k] += product * l.gate[j][I][k] * l.gate[j][G][k];
          product *= l.gate[j][F][k];
        }
        whole[k] = sum[k] + product * l.c[0][k];
      }
      rows[at] = Row.of("c_" + t, sum, whole, l.c[t]);
    }
    double i1 = Arrays.stream(l.gate[1][I]).max().orElseThrow();
    return List.of(Trial.of("six", List.of(rows), new Fact("i1", i1)));
  }

  static List<Trial> cellPath() {
    var wrong = Set.of("E21");
    return List.of(
        Trial.of("eight", Stream.concat(EIGHT.blocks(wrong, "r.R"), Arrays.stream(EIGHT.rows(wrong, LAYER))).toList()),
        Trial.of("two", TWO.rows(wrong, "r.R", "r.W", "r.b")), article("article", 2, 1e-4, wrong), article("longer", 8, 0.05, wrong));
  }

  /** The article's program on its own data, x_t = (t, t + 1, t + 2), from zero; weights between ±scale, no bias, loss Σ h_T. */
  private static Trial article(String caption, int steps, double scale, Set<String> wrong) {
    int X = ArticleLstm.X, H = ArticleLstm.H;
    var v = new LinkedHashMap<String, double[]>();
    v.put("r.W", Nets.some(20, X * 4 * H, scale));
    v.put("r.R", Nets.some(21, H * 4 * H, scale));
    v.put("r.b", new double[4 * H]);
    v.put("r.h0", new double[H]);
    v.put("r.c0", new double[H]);
    v.put("x", IntStream.range(0, steps * X).mapToDouble(at -> 1 + at / X + at % X).toArray());
    var net = new ArticleLstm(steps, v);
    var printed = net.gradients(wrong);
    var right = net.gradients(Set.of());
    var dy = new double[steps * H];
    Arrays.fill(dy, (steps - 1) * H, steps * H, 1);
    var model = new ReferenceModel(new Recurrent("r", "lstm", X, H, false));
    var rows = new ArrayList<Row>();
    for (var name : List.of("r.R", "r.W", "r.b")) {
      double[] wanted = model.run(Sequences.ofVectors(X, steps), v, new ReferenceLoss.Linear(dy, Map.of())).gradients().get(name);
      if (rows.isEmpty()) {
        rows.add(Row.of("δR_f", Nets.block(printed.get(name), F, 4, H), Nets.block(right.get(name), F, 4, H),
            Nets.block(wanted, F, 4, H)));
      }
      rows.add(Row.of(shown(name), printed.get(name), right.get(name), wanted));
    }
    return Trial.of(caption, rows);
  }

  static List<Trial> lastInputAlone() {
    var wrong = Set.of("E23");
    return List.of(Trial.of("six", Stream.concat(Arrays.stream(SIX.rows(wrong, "r.W")), SIX.blocks(wrong, "r.b")).toList()));
  }

  /** Every array at once, as the article's program has them: only R_f is checked there. */
  static List<Trial> oneArrayChecked() {
    var wrong = Set.of("E21", "E23");
    return List.of(article("article", 2, 1e-4, wrong),
        Trial.of("two", Stream.concat(TWO.blocks(wrong, "r.R"), Arrays.stream(TWO.rows(wrong, "r.W", "r.b"))).toList()),
        Trial.of("eight", Stream.concat(EIGHT.blocks(wrong, "r.R"), Arrays.stream(EIGHT.rows(wrong, "r.W", "r.b"))).toList()));
  }

  /** δ of h_0 and c_0 from δ of h_4 and c_4, by the Jacobians of the steps. */
  static List<Trial> jacobians() {
    int T = 4;
    var lstm = new Setting(T, true, false).lstm();
    var d = new LinkedHashMap<String, double[]>();                              // in this order it is summed
    d.put("r.h", Nets.some(70, N, 1));
    d.put("r.c", Nets.some(71, N, 1));
    var body = new ReferenceModel(new Recurrent("r", "lstm", N, N, false));
    var v = Nets.layer(lstm.v);
    var in = Sequences.ofVectors(N, T);
    var loss = new ReferenceLoss.Linear(new double[T * N], d);
    double[] wanted = Nets.join(body.differences(in, v, loss, "r.h0"), body.differences(in, v, loss, "r.c0"));
    double[] whole = Nets.join(d.get("r.h"), d.get("r.c"));
    double[] shorter = whole;
    double[] through = Nets.join(d.get("r.h"), new double[N]);
    for (int t = T; t >= 1; t--) {
      double[][] J = jacobian(lstm, t);
      whole = times(whole, J);
      if (t < T) shorter = times(shorter, J);
      through = Nets.join(Arrays.copyOf(times(through, J), N), new double[N]);
    }
    return List.of(Trial.of("four", Row.of("short", shorter, whole, wanted), Row.of("through", through, whole, wanted)));
  }

  /** ∂(h, c) / ∂(h', c') of step t, from one-step runs of the reference. */
  private static double[][] jacobian(HandLstm lstm, int t) {
    var v = Nets.layer(lstm.v);
    v.put("x", lstm.x(t));
    v.put("r.h0", lstm.h[t - 1]);
    v.put("r.c0", lstm.c[t - 1]);
    var J = new double[2 * N][];
    for (int i = 0; i < 2 * N; i++) {
      var unit = new double[N];
      unit[i % N] = 1;
      var loss = new ReferenceLoss.Linear(new double[N], Map.of(i < N ? "r.h" : "r.c", unit));
      var g = new ReferenceModel(new Recurrent("r", "lstm", N, N, false)).run(Sequences.ofVectors(N, 1), v, loss).gradients();
      J[i] = Nets.join(g.get("r.h0"), g.get("r.c0"));
    }
    return J;
  }

  private static double[] times(double[] row, double[][] J) {
    var to = new double[J[0].length];
    for (int i = 0; i < J.length; i++) for (int j = 0; j < to.length; j++) to[j] += row[i] * J[i][j];
    return to;
  }

  /** θ − rate · gradient. */
  private static Map<String, double[]> moved(Map<String, double[]> v, Map<String, double[]> d, double rate) {
    var m = new LinkedHashMap<String, double[]>();
    v.forEach((name, a) -> {
      double[] to = a.clone();
      for (int i = 0; i < to.length; i++) to[i] -= rate * d.get(name)[i];
      m.put(name, to);
    });
    return m;
  }
}
