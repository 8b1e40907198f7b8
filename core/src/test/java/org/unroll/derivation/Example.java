package org.unroll.derivation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;

/**
 * The example of a page.
 *
 * @param page its name, without language and ending
 * @param javadoc the class whose equations the page numbers
 * @param equations the numbers of that Javadoc that must be on the page
 * @param forward the loss, from the equations
 * @param model the same in the reference
 * @param arrays the reference's arrays: each the page's matrices of these names, side by side
 */
record Example(String page, String javadoc, List<String> equations, ToDoubleFunction<Probe> forward, ReferenceModel model,
    ReferenceLoss loss, Map<String, List<String>> arrays) {

  private static final int T = 3;

  static List<Example> all() { return List.of(bptt(), lstm(false), lstm(true), gru(), resetBeforeGru(), layerNorm(), crf()); }

  @Override public String toString() { return page; }

  ReferenceModel.Result reference(Map<String, Matrix> given) {
    var v = new LinkedHashMap<String, double[]>();
    arrays.forEach((name, parts) -> v.put(name, beside(parts, given)));
    int width = given.get(arrays.get("x").getFirst()).cols();
    return model.run(Sequences.ofVectors(width, T), v, loss);
  }

  static double[] beside(List<String> names, Map<String, Matrix> from) {
    var parts = names.stream().map(from::get).toList();
    int cols = parts.stream().mapToInt(Matrix::cols).sum(), rows = parts.getFirst().rows();
    var to = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      int at = i * cols;
      for (var m : parts) for (int j = 0; j < m.cols(); j++) to[at++] = m.at(i, j);
    }
    return to;
  }

  private static List<String> numbered(int forward, int backward) {
    var n = new ArrayList<String>();
    for (int i = 1; i <= forward; i++) n.add("(" + i + ")");
    for (int i = 1; i <= backward; i++) n.add("(B" + i + ")");
    return n;
  }

  private static ReferenceLoss squares(String page) {
    try {
      var given = Page.read(page + ".md").given();
      return new ReferenceLoss.SquaredError(ReferenceLoss.At.EVERY_STEP, beside(List.of("t_1", "t_2", "t_3"), given), 1.0 / T);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Σ ½ ‖h − t‖² / 3. */
  private static double squares(Probe p, Matrix[] h) {
    double L = 0;
    for (int t = 1; t <= T; t++) L += h[t].minus(p.given("t_" + t)).map(d -> d * d / 2 / T).sum();
    return L;
  }

  private static ReferenceModel cell(String cell, int inputs, int units) {
    return new ReferenceModel(new ReferenceLayer.Recurrent("r", cell, inputs, units, false));
  }

  private static Map<String, List<String>> blocks(String gates, String recurrent, String biases, String... states) {
    var a = new LinkedHashMap<String, List<String>>();
    a.put("r.W", names("W_", gates));
    a.put("r.R", names("R_", recurrent));
    a.put("r.b", names("b_", biases));
    a.put("x", List.of("x_1", "x_2", "x_3"));
    for (var s : states) a.put("r." + s.replace("_", ""), List.of(s));
    return a;
  }

  private static List<String> names(String letter, String blocks) {
    return Arrays.stream(blocks.split("")).map(b -> letter + b).toList();
  }

  static Example bptt() {
    var arrays = new LinkedHashMap<String, List<String>>();
    for (var name : List.of("W", "R", "b")) arrays.put("r." + name, List.of(name));
    arrays.putAll(Map.of("o.W", List.of("V"), "o.b", List.of("c"), "r.h0", List.of("h_0"), "x", List.of("x_1", "x_2", "x_3")));
    var model = new ReferenceModel(new ReferenceLayer.Recurrent("r", "elman", 2, 2, false),
        new ReferenceLayer.Dense("o", 2, 3, null));
    return new Example("bptt", "cell/Elman", numbered(1, 1), p -> {
      double L = 0;
      var h = p.given("h_0");
      for (int t = 1; t <= T; t++) {
        var a = p.node("a_" + t, p.given("x_" + t).times(p.given("W")).plus(h.times(p.given("R"))).plus(p.given("b")));
        h = p.node("h_" + t, Matrix.tanh(a));
        var z = p.node("z_" + t, h.times(p.given("V")).plus(p.given("c")));
        var q = p.node("p_" + t, Matrix.softmax(z));
        L -= StrictMath.log(q.by(p.given("t_" + t)).sum()) / T;
      }
      return L;
    }, model, new ReferenceLoss.SoftmaxCrossEntropy(ReferenceLoss.At.EVERY_STEP, new int[][] {{0, 2, 1}}, 1.0 / T), arrays);
  }

  static Example lstm(boolean peepholes) {
    var name = peepholes ? "peephole" : "lstm";
    var arrays = blocks("ifgo", "ifgo", "ifgo", "h_0", "c_0");
    if (peepholes) arrays.put("r.p", names("p_", "ifo"));
    var numbers = numbered(6, 8);
    if (!peepholes) numbers.removeAll(List.of("(B3)", "(B8)"));
    return new Example(name, "cell/Lstm", numbers, p -> {
      var h = new Matrix[T + 1];
      h[0] = p.given("h_0");
      var c = p.given("c_0");
      for (int t = 1; t <= T; t++) {
        var a = new LinkedHashMap<String, Matrix>();
        for (var g : List.of("i", "f", "g", "o")) a.put(g, p.node("a_" + g + t, preActivation(p, g, t, h[t - 1])));
        if (peepholes) for (var g : List.of("i", "f")) a.put(g, a.get(g).plus(p.given("p_" + g).by(c)));
        var i = p.node("i_" + t, Matrix.sigmoid(a.get("i")));
        var f = p.node("f_" + t, Matrix.sigmoid(a.get("f")));
        var g = p.node("g_" + t, Matrix.tanh(a.get("g")));
        c = p.node("c_" + t, f.by(c).plus(i.by(g)));
        var o = p.node("o_" + t, Matrix.sigmoid(peepholes ? a.get("o").plus(p.given("p_o").by(c)) : a.get("o")));
        h[t] = p.node("h_" + t, o.by(Matrix.tanh(c)));
      }
      return squares(p, h);
    }, cell(peepholes ? "lstm-peephole" : "lstm", 2, 2), squares(name), arrays);
  }

  /** x W + h' R + b of a block. */
  private static Matrix preActivation(Probe p, String block, int t, Matrix before) {
    return p.given("x_" + t).times(p.given("W_" + block)).plus(before.times(p.given("R_" + block))).plus(p.given("b_" + block));
  }

  static Example gru() {
    return new Example("gru", "cell/Gru", numbered(4, 5), p -> {
      var h = new Matrix[T + 1];
      h[0] = p.given("h_0");
      for (int t = 1; t <= T; t++) {
        var r = p.node("r_" + t, Matrix.sigmoid(p.node("a_r" + t, preActivation(p, "r", t, h[t - 1]))));
        var z = p.node("z_" + t, Matrix.sigmoid(p.node("a_z" + t, preActivation(p, "z", t, h[t - 1]))));
        var q = p.node("a_q" + t, h[t - 1].times(p.given("R_q")).plus(p.given("b_q")));
        var a = p.node("a_n" + t, p.given("x_" + t).times(p.given("W_n")).plus(p.given("b_n")));
        var n = p.node("n_" + t, Matrix.tanh(a.plus(r.by(q))));
        h[t] = p.node("h_" + t, z.map(v -> 1 - v).by(n).plus(z.by(h[t - 1])));
      }
      return squares(p, h);
    }, cell("gru", 2, 2), squares("gru"), blocks("rzn", "qrz", "qrzn", "h_0"));
  }

  static Example resetBeforeGru() {
    var arrays = blocks("rzn", "rz", "rzn", "h_0");
    arrays.put("r.S", List.of("S"));
    return new Example("gru-before", "cell/ResetBeforeGru", numbered(5, 5), p -> {
      var h = new Matrix[T + 1];
      h[0] = p.given("h_0");
      for (int t = 1; t <= T; t++) {
        var r = p.node("r_" + t, Matrix.sigmoid(p.node("a_r" + t, preActivation(p, "r", t, h[t - 1]))));
        var z = p.node("z_" + t, Matrix.sigmoid(p.node("a_z" + t, preActivation(p, "z", t, h[t - 1]))));
        var m = p.node("m_" + t, r.by(h[t - 1]));
        var a = p.node("a_n" + t, p.given("x_" + t).times(p.given("W_n")).plus(m.times(p.given("S"))).plus(p.given("b_n")));
        var n = p.node("n_" + t, Matrix.tanh(a));
        h[t] = p.node("h_" + t, z.map(v -> 1 - v).by(n).plus(z.by(h[t - 1])));
      }
      return squares(p, h);
    }, cell("gru-before", 2, 2), squares("gru-before"), arrays);
  }

  static Example layerNorm() {
    var arrays = new LinkedHashMap<String, List<String>>();
    for (var name : List.of("W", "R")) arrays.put("r." + name, List.of(name));
    arrays.putAll(Map.of("r.p", List.of("γ", "b", "β"), "r.h0", List.of("h_0"), "x", List.of("x_1", "x_2", "x_3")));
    return new Example("layer-norm", "cell/Norm", numbered(5, 5), p -> {
      var h = new Matrix[T + 1];
      h[0] = p.given("h_0");
      for (int t = 1; t <= T; t++) {
        var z = p.node("z_" + t, p.given("x_" + t).times(p.given("W")).plus(h[t - 1].times(p.given("R"))).plus(p.given("b")));
        int m = z.cols();
        var mean = p.node("μ_" + t, Matrix.of(z.sum() / m));
        var variance = p.node("σ²_" + t, Matrix.of(z.minus(mean).map(v -> v * v).sum() / m));
        var x = p.node("x̂_" + t, z.minus(mean).with(variance.plus(p.given("ε")).map(Math::sqrt), (a, b) -> a / b));
        h[t] = p.node("h_" + t, Matrix.tanh(p.node("a_" + t, p.given("γ").by(x).plus(p.given("β")))));
      }
      return squares(p, h);
    }, cell("elman-ln-sum", 2, 3), squares("layer-norm"), arrays);
  }

  static Example crf() {
    var arrays = Map.of("x", List.of("B_1", "B_2", "B_3"), "crf.A", List.of("A"), "crf.start", List.of("start"),
        "crf.end", List.of("end"));
    return new Example("crf", "head/ForwardBackward", numbered(8, 0), p -> {
      var start = p.given("start");
      var A = p.given("A");
      var alpha = start;
      double score = start.by(p.given("t_1")).sum() + p.given("end").by(p.given("t_3")).sum();
      for (int t = 1; t <= T; t++) {
        var B = p.given("B_" + t);
        alpha = p.node("α_" + t, B.plus(t == 1 ? start : Matrix.log(Matrix.exp(alpha).times(Matrix.exp(A)))));
        score += B.by(p.given("t_" + t)).sum();
        if (t > 1) score += A.by(p.given("t_" + (t - 1)).turned().times(p.given("t_" + t))).sum();
      }
      return p.node("logZ", Matrix.of(StrictMath.log(Matrix.exp(alpha.plus(p.given("end"))).sum()))).sum() - score;
    }, new ReferenceModel(new ReferenceLayer.Activation(ReferenceLayer.Function.IDENTITY)),
        new ReferenceLoss.Crf("crf", 2, new int[][] {{0, 1, 1}}, 1), arrays);
  }
}
