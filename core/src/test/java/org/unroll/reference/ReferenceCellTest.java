package org.unroll.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.reference.ReferenceLayer.Recurrent;

/** What the cells compute, against numbers worked out by hand and against each other where theory makes them equal. */
class ReferenceCellTest {
  private static final int X = 3;
  private static final int H = 4;
  private static final int[] LENGTHS = {4, 6, 1};

  private static double sigmoid(double a) { return 1 / (1 + Math.exp(-a)); }

  @Test void elman_of_one_unit_is_its_formula() {
    double a = 0.5 * 2 - 0.3 * 0.7 + 0.1;
    assertArrayEquals(new double[] {Math.tanh(a)}, one("elman", "W", 2, "R", -0.3, "b", 0.1), 1e-15);
    assertArrayEquals(new double[] {a}, one("elman-relu", "W", 2, "R", -0.3, "b", 0.1), 1e-15);
    assertArrayEquals(new double[] {0}, one("elman-relu", "W", -2, "R", -0.3, "b", 0.1));
    assertArrayEquals(new double[] {a}, one("elman-identity", "W", 2, "R", -0.3, "b", 0.1), 1e-15);
  }

  @Test void lstm_of_one_unit_with_peepholes_is_its_formula() {
    double i = sigmoid(0.5 * 0.1 + 0.7 * 0.5 + 0.9 - 0.6 * 0.2);
    double f = sigmoid(0.5 * 0.2 + 0.7 * 0.6 - 0.1 - 0.6 * 0.3);
    double g = Math.tanh(0.5 * 0.3 + 0.7 * 0.7 - 0.2);
    double c = f * -0.6 + i * g;
    double o = sigmoid(0.5 * 0.4 + 0.7 * 0.8 - 0.3 + c * 0.4);
    assertArrayEquals(new double[] {o * Math.tanh(c), c}, step("lstm-peephole", Map.of("W", new double[] {.1, .2, .3, .4},
        "R", new double[] {.5, .6, .7, .8}, "b", new double[] {.9, -.1, -.2, -.3}, "p", new double[] {.2, .3, .4})), 1e-15);
  }

  @Test void coupled_lstm_of_one_unit_with_peepholes_is_its_formula() {
    double i = sigmoid(0.5 * 0.1 + 0.7 * 0.5 + 0.9 - 0.6 * 0.2);
    double g = Math.tanh(0.5 * 0.3 + 0.7 * 0.7 - 0.2);
    double c = (1 - i) * -0.6 + i * g;
    double o = sigmoid(0.5 * 0.4 + 0.7 * 0.8 - 0.3 + c * 0.4);
    assertArrayEquals(new double[] {o * Math.tanh(c), c}, step("lstm-coupled-peephole", Map.of("W", new double[] {.1, .3, .4},
        "R", new double[] {.5, .7, .8}, "b", new double[] {.9, -.2, -.3}, "p", new double[] {.2, .4})), 1e-15);
  }

  @Test void lstm_of_1997_of_one_unit_is_its_formula() {
    double i = sigmoid(0.5 * 0.1 + 0.7 * 0.5 + 0.9);
    double g = Math.tanh(0.5 * 0.3 + 0.7 * 0.7 - 0.2);
    double c = -0.6 + i * g;
    double o = sigmoid(0.5 * 0.4 + 0.7 * 0.8 - 0.3);
    assertArrayEquals(new double[] {o * Math.tanh(c), c}, step("lstm-1997", Map.of("W", new double[] {.1, .3, .4},
        "R", new double[] {.5, .7, .8}, "b", new double[] {.9, -.2, -.3})), 1e-15);
  }

  @Test void mgu_of_one_unit_is_its_formula() {
    double f = sigmoid(0.5 * 0.1 + 0.7 * 0.5 - 0.2);
    double n = Math.tanh(0.5 * 0.3 + 0.8 + f * 0.7 * 0.4);
    assertArrayEquals(new double[] {(1 - f) * 0.7 + f * n}, step("mgu", Map.of("W", new double[] {.1, .3}, "R", new double[] {.5},
        "b", new double[] {-.2, .8}, "S", new double[] {.4})), 1e-15);
  }

  @Test void indrnn_of_one_unit_is_its_formula() {
    double a = 0.5 * 2 - 0.3 * 0.7 + 0.1;
    assertArrayEquals(new double[] {Math.tanh(a)}, one("indrnn-tanh", "W", 2, "p", -0.3, "b", 0.1), 1e-15);
    assertArrayEquals(new double[] {a}, one("indrnn", "W", 2, "p", -0.3, "b", 0.1), 1e-15);
    assertArrayEquals(new double[] {0}, one("indrnn", "W", -2, "p", -0.3, "b", 0.1));
  }

  @Test void minimal_gru_and_lstm_of_one_unit_are_their_formulas() {
    double z = sigmoid(0.5 * 0.1 - 0.2);
    double n = 0.5 * 0.3 + 0.8;
    assertArrayEquals(new double[] {(1 - z) * 0.7 + z * n},
        step("mingru", Map.of("W", new double[] {.1, .3}, "b", new double[] {-.2, .8})), 1e-15);
    double i = sigmoid(0.5 * 0.2 + 0.9);
    assertArrayEquals(new double[] {(z * 0.7 + i * n) / (z + i)},
        step("minlstm", Map.of("W", new double[] {.1, .2, .3}, "b", new double[] {-.2, .9, .8})), 1e-15);
  }

  /** One step of one unit from c' = −0.6, n' = 1.5, m' = 0.4; the second bias makes the input outweigh what was there. */
  @Test void slstm_of_one_unit_is_its_formula_and_does_not_depend_on_the_stabiliser() {
    for (double bias : new double[] {-0.9, 0.9}) {
      double i = Math.exp(0.5 * 0.1 + 0.7 * 0.5 + bias);
      double f = sigmoid(0.5 * 0.2 + 0.7 * 0.6 - 0.1);
      double g = Math.tanh(0.5 * 0.3 + 0.7 * 0.7 - 0.2);
      double o = sigmoid(0.5 * 0.4 + 0.7 * 0.8 - 0.3);
      double c = f * -0.6 * Math.exp(0.4) + i * g;
      double n = f * 1.5 * Math.exp(0.4) + i;
      double m = Math.max(Math.log(f) + 0.4, Math.log(i));
      var w = Map.of("W", new double[] {.1, .2, .3, .4}, "R", new double[] {.5, .6, .7, .8}, "b", new double[] {bias, -.1, -.2, -.3},
          "n0", new double[] {1.5}, "m0", new double[] {0.4});
      assertArrayEquals(new double[] {o * c / n, c * Math.exp(-m), n * Math.exp(-m), m}, step("slstm", w), 1e-15);
    }
  }

  @Test void slstm_from_nothing_takes_its_first_input_whole() {
    var w = Map.of("W", new double[] {.1, .2, .3, .4}, "R", new double[] {.5, .6, .7, .8}, "b", new double[] {-200, -.1, -.2, -.3},
        "n0", new double[] {0}, "m0", new double[] {0.4});
    double g = Math.tanh(0.5 * 0.3 + 0.7 * 0.7 - 0.2);
    double o = sigmoid(0.5 * 0.4 + 0.7 * 0.8 - 0.3);
    assertArrayEquals(new double[] {o * g, g, 1, 0.5 * 0.1 + 0.7 * 0.5 - 200}, step("slstm", w), 1e-13);
  }

  @Test void gru_of_one_unit_is_its_formula() {
    double r = sigmoid(0.5 * 0.1 + 0.7 * 0.5 - 0.2);
    double z = sigmoid(0.5 * 0.2 + 0.7 * 0.6 + 0.9);
    double after = Math.tanh(0.5 * 0.3 + 0.8 + r * (0.7 * 0.4 + 0.3));
    double before = Math.tanh(0.5 * 0.3 + 0.8 + r * 0.7 * 0.4);
    var a = Map.of("W", new double[] {.1, .2, .3}, "R", new double[] {.4, .5, .6}, "b", new double[] {.3, -.2, .9, .8});
    var b = Map.of("W", new double[] {.1, .2, .3}, "R", new double[] {.5, .6}, "b", new double[] {-.2, .9, .8},
        "S", new double[] {.4});
    assertArrayEquals(new double[] {(1 - z) * after + z * 0.7}, step("gru", a), 1e-15);
    assertArrayEquals(new double[] {(1 - z) * 0.7 + z * after}, step("gru-write", a), 1e-15);
    assertArrayEquals(new double[] {(1 - z) * before + z * 0.7}, step("gru-before", b), 1e-15);
    assertArrayEquals(new double[] {(1 - z) * 0.7 + z * before}, step("gru-before-write", b), 1e-15);
  }

  @Test void lstm_peepholes_of_many_units_look_at_their_own_cell() {
    var v = Nets.recurrent("r", "lstm-peephole", X, H, 1, 5);
    double[] p = v.get("r.p");
    double[] a = preActivations(v, 4, 4);
    double[] c0 = v.get("r.c0");
    var expected = new double[H];
    for (int k = 0; k < H; k++) {
      double i = sigmoid(a[k] + p[k] * c0[k]);
      double f = sigmoid(a[H + k] + p[H + k] * c0[k]);
      double c = f * c0[k] + i * Math.tanh(a[2 * H + k]);
      expected[k] = sigmoid(a[3 * H + k] + p[2 * H + k] * c) * Math.tanh(c);
    }
    assertArrayEquals(expected, oneStep("lstm-peephole", v), 1e-14);
  }

  @Test void gru_before_of_many_units_multiplies_the_reset_state_by_its_own_matrix() {
    var v = Nets.recurrent("r", "gru-before", X, H, 1, 5);
    double[] a = preActivations(v, 3, 2);
    double[] h0 = v.get("r.h0");
    var expected = new double[H];
    for (int k = 0; k < H; k++) {
      double n = a[2 * H + k];
      for (int j = 0; j < H; j++) n += sigmoid(a[j]) * h0[j] * v.get("r.S")[j * H + k];
      double z = sigmoid(a[H + k]);
      expected[k] = (1 - z) * Math.tanh(n) + z * h0[k];
    }
    assertArrayEquals(expected, oneStep("gru-before", v), 1e-14);
  }

  /** x W + b, and h0 R on the first byR blocks. */
  private static double[] preActivations(Map<String, double[]> v, int blocks, int byR) {
    double[] x = Nets.some(50, X, 1);
    double[] a = v.get("r.b").clone();
    for (int c = 0; c < blocks * H; c++) {
      for (int j = 0; j < X; j++) a[c] += x[j] * v.get("r.W")[j * blocks * H + c];
      for (int j = 0; j < H && c < byR * H; j++) a[c] += v.get("r.h0")[j] * v.get("r.R")[j * byR * H + c];
    }
    return a;
  }

  private static double[] oneStep(String cell, Map<String, double[]> v) {
    v.put("x", Nets.some(50, X, 1));
    return run(cell, H, Sequences.ofVectors(X, 1), v, false).y();
  }

  @Test void coupled_lstm_is_an_lstm_whose_forget_gate_is_the_negated_input_gate() {
    var coupled = Nets.recurrent("r", "lstm-coupled", X, H, 3, 5);
    var full = new java.util.LinkedHashMap<>(coupled);
    for (String name : new String[] {"W", "R", "b"}) {
      full.put("r." + name, blocks(coupled.get("r." + name), 3, new int[] {0, 0, 1, 2}, new int[] {1, -1, 1, 1}));
    }
    assertArrayEquals(outputs("lstm-coupled", coupled, false), outputs("lstm", full, false), 1e-14);
  }

  @Test void E25_gru_with_one_unit_does_not_care_where_it_resets_and_with_more_it_does() {
    assertArrayEquals(resetBefore(1), resetAfter(1), 1e-15);
    double worst = 0;
    double[] b = resetBefore(H);
    double[] a = resetAfter(H);
    for (int i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
    assertTrue(worst > 0.05, "differ by " + worst);
  }

  @Test void a_row_of_a_batch_is_the_row_alone() {
    for (String cell : ReferenceCell.NAMES) {
      var batch = Nets.recurrent("r", cell, X, H, 3, 5);
      double[] all = outputs(cell, batch, false);
      var alone = new java.util.LinkedHashMap<>(batch);
      for (String s : ReferenceCell.named(cell).slots()) alone.computeIfPresent("r." + s + "0", (_, v) -> Arrays.copyOfRange(v, H, 2 * H));
      double[] x = Nets.some(50, 6 * 3 * X, 1);
      var rowOfX = new double[6 * X];
      for (int t = 0; t < 6; t++) System.arraycopy(x, (t * 3 + 1) * X, rowOfX, t * X, X);
      alone.put("x", rowOfX);
      double[] row = run(cell, H, Sequences.ofVectors(X, 6), alone, false).y();
      for (int t = 0; t < 6; t++) {
        assertArrayEquals(Arrays.copyOfRange(row, t * H, (t + 1) * H), Arrays.copyOfRange(all, (t * 3 + 1) * H, (t * 3 + 2) * H));
      }
    }
  }

  @Test void two_chunks_with_the_state_carried_are_one_sequence() {
    for (String cell : ReferenceCell.NAMES) {
      var v = Nets.recurrent("r", cell, X, H, 1, 5);
      double[] x = Nets.some(50, 6 * X, 1);
      v.put("x", x);
      var whole = run(cell, H, Sequences.ofVectors(X, 6), v, false);
      v.put("x", Arrays.copyOf(x, 2 * X));
      var first = run(cell, H, Sequences.ofVectors(X, 2), v, false);
      v.put("x", Arrays.copyOfRange(x, 2 * X, 6 * X));
      first.states().forEach((name, s) -> v.put(name + "0", s));
      var second = run(cell, H, Sequences.ofVectors(X, 4), v, false);
      assertArrayEquals(Arrays.copyOfRange(whole.y(), 2 * H, 6 * H), second.y());
      whole.states().forEach((name, s) -> assertArrayEquals(s, second.states().get(name)));
    }
  }

  @Test void an_empty_sequence_keeps_its_initial_state() {
    var v = Nets.recurrent("r", "lstm", X, H, 1, 5);
    v.put("x", new double[0]);
    var r = run("lstm", H, Sequences.ofVectors(X, 0), v, false);
    assertArrayEquals(v.get("r.h0"), r.states().get("r.h"));
    assertArrayEquals(v.get("r.c0"), r.states().get("r.c"));
  }

  @Test void every_name_is_known_and_any_other_is_refused() {
    for (String name : ReferenceCell.NAMES) assertTrue(ReferenceCell.named(name).states() >= 1);
    var e = assertThrows(IllegalArgumentException.class, () -> ReferenceCell.named("gruu"));
    assertEquals("reference cell: name is gruu, must be one of " + ReferenceCell.NAMES, e.getMessage());
  }

  private static double[] resetAfter(int units) {
    var v = Nets.recurrent("r", "gru", X, units, 3, 5);
    Arrays.fill(v.get("r.b"), 0, units, 0);                                     // no b_q: reset-before has none
    return run("gru", units, Sequences.ofVectors(X, LENGTHS), withX(v), false).y();
  }

  private static double[] resetBefore(int units) {
    var after = Nets.recurrent("r", "gru", X, units, 3, 5);
    var v = new java.util.LinkedHashMap<>(after);
    v.put("r.R", columns(after.get("r.R"), 3 * units, units, 3 * units));
    v.put("r.S", columns(after.get("r.R"), 3 * units, 0, units));
    v.put("r.b", columns(after.get("r.b"), 4 * units, units, 4 * units));
    return run("gru-before", units, Sequences.ofVectors(X, LENGTHS), withX(v), false).y();
  }

  private static double[] columns(double[] m, int width, int from, int to) {
    var c = new double[m.length / width * (to - from)];
    for (int i = 0; i < c.length; i++) c[i] = m[i / (to - from) * width + from + i % (to - from)];
    return c;
  }

  /** A matrix with other blocks of H columns: block j is sign[j] times block from[j] of m. */
  static double[] blocks(double[] m, int had, int[] from, int[] sign) {
    int rows = m.length / (had * H);
    var out = new double[rows * from.length * H];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < from.length; j++) {
        for (int k = 0; k < H; k++) out[(i * from.length + j) * H + k] = sign[j] * m[(i * had + from[j]) * H + k];
      }
    }
    return out;
  }

  private static double[] outputs(String cell, Map<String, double[]> v, boolean backward) {
    return run(cell, H, Sequences.ofVectors(X, LENGTHS), withX(v), backward).y();
  }

  private static Map<String, double[]> withX(Map<String, double[]> v) {
    var all = new java.util.LinkedHashMap<>(v);
    all.put("x", Nets.some(50, 6 * 3 * X, 1));
    return all;
  }

  private static ReferenceModel.Result run(String cell, int units, Sequences in, Map<String, double[]> v, boolean backward) {
    var nothing = new ReferenceLoss.Linear(new double[in.steps() * in.rows() * units], Map.of());
    return new ReferenceModel(new Recurrent("r", cell, X, units, backward)).run(in, v, nothing);
  }

  /** One step of one unit from x = 0.5, h' = 0.7, c' = −0.6: its states. */
  private static double[] step(String cell, Map<String, double[]> weights) {
    var v = new java.util.LinkedHashMap<String, double[]>();
    weights.forEach((name, w) -> v.put("r." + name, w));
    v.put("x", new double[] {0.5});
    v.put("r.h0", new double[] {0.7});
    if (ReferenceCell.named(cell).slots().contains("c")) v.put("r.c0", new double[] {-0.6});
    var r = new ReferenceModel(new Recurrent("r", cell, 1, 1, false)).run(Sequences.ofVectors(1, 1), v,
        new ReferenceLoss.Linear(new double[1], Map.of()));
    return r.states().values().stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] one(String cell, String w, double wv, String r, double rv, String b, double bv) {
    return step(cell, Map.of(w, new double[] {wv}, r, new double[] {rv}, b, new double[] {bv}));
  }
}
