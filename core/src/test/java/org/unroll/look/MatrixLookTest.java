package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Model;
import org.unroll.model.Spec;

/** The glass box on an mLSTM: heads that remember a matrix each. */
class MatrixLookTest {
  private static final int I = 0, F = 1, KAPPA = 2, O = 3, Q = 4, K = 5, V = 6, D = 3;

  private static MatrixWalk walk(Spec.Direction direction, int which) {
    return (MatrixWalk) Reading.after(Glass.matrices(direction), Glass.BEFORE, Glass.TEXT).walk(which);
  }

  @Test void names_widths_andWhatItHas() {
    var w = walk(Spec.Direction.FORWARD, 0);
    assertEquals("rnn0 mlstm [i, f, κ, o, q, k, v] [C, n, m] [h, n, m]", w.name() + " " + w.cell() + " " + w.gates() + " "
        + w.slots() + " " + w.made());
    assertEquals(List.of(2, 2, 2, 6, 6, 6, 6), java.util.stream.IntStream.range(0, 7).mapToObj(w::width).toList());
    assertEquals("mlstm has the gates i f κ of each of its 2 heads, o of each unit, the vectors q k v and the state C n m",
        w.has());
    var gates = Gates.of(w);
    for (int b = 0; b < 7; b++) assertEquals(b <= O, gates.opens(b));
    assertEquals(D, w.d());
    assertEquals(1, w.head(3));
  }

  /** At every step one of i and κ is 1, and m moves by what they say: m = log f + m' − log κ = a_i − log i. */
  @Test void gates_areStabilised_andHangTogether() {
    for (int which = 0; which < 2; which++) {
      var w = walk(Spec.Direction.BOTH, which);
      for (int head = 0; head < 2; head++) {
        double m = w.first(head, D * D + D);
        for (int step = 0; step < w.steps(); step++) {
          int t = w.time(step);
          double i = w.gate(I, t, head), kappa = w.gate(KAPPA, t, head);
          assertEquals(1, Math.max(i, kappa));
          assertTrue(Math.min(i, kappa) > 0 && Math.min(i, kappa) < 1);
          assertEquals(Math.log(w.gate(F, t, head)) + m - Math.log(kappa), w.after(2, t, head), 1e-5);
          m = w.after(2, t, head);
        }
      }
    }
  }

  /** The matrices themselves, step by step in double, from the gates alone. */
  @Test void weights_areThoseOfTheOuterProductsInC() {
    var w = walk(Spec.Direction.FORWARD, 0);
    var trace = MatrixTrace.of(w);
    int head = 1, t = 9;
    var C = new double[D][D];
    var n = new double[D];
    double[] row = trace.weights(head * D)[t - 1];
    for (int j = 0; j < D; j++) {
      n[j] = row[0] * w.first(head, D * D + j);
      for (int l = 0; l < D; l++) C[j][l] = row[0] * w.first(head, j * D + l);
    }
    for (int i = 1; i <= t; i++) {
      for (int j = 0; j < D; j++) {
        n[j] += row[i] * w.gate(K, i - 1, head * D + j);
        for (int l = 0; l < D; l++) C[j][l] += row[i] * w.gate(K, i - 1, head * D + j) * w.gate(V, i - 1, head * D + l);
      }
    }
    double dot = 0;
    for (int j = 0; j < D; j++) dot += n[j] * w.gate(Q, t - 1, head * D + j);
    double sum = Arrays.stream(trace.readings(head * D)[t - 1], 0, t + 1).sum();
    assertEquals(sum, dot, 1e-9);                            // q n / e
    assertTrue(Math.abs(dot) <= 1 + 1e-9);
    double asked = 0;
    for (int j = 0; j < D; j++) asked += (double) w.after(1, t - 1, head * D + j) * w.gate(Q, t - 1, head * D + j);
    double e = Math.max(Math.abs(asked), Math.exp(-w.after(2, t - 1, head)));
    for (int j = 0; j < D; j++) assertEquals(w.after(1, t - 1, head * D + j), e * n[j], 1e-5);
    for (int l = 0; l < D; l++) {
      double h = 0;
      for (int j = 0; j < D; j++) h += w.gate(Q, t - 1, head * D + j) * C[j][l];
      assertEquals(w.after(0, t - 1, head * D + l), h * w.gate(O, t - 1, head * D + l), 2e-6, "unit " + l);
    }
    assertEquals(w.gate(I, 4, head) / w.gate(I, 8, head) * w.gate(KAPPA, 5, head) * w.gate(KAPPA, 6, head) * w.gate(KAPPA, 7,
        head)
        * w.gate(KAPPA, 8, head), row[5] / row[9], 1e-6);
  }

  @Test void sum_isWhatThePassRead_bothWaysAndAfterAContext() {
    for (var direction : Spec.Direction.values()) {
      for (var each : Reading.after(Glass.matrices(direction), Glass.BEFORE, Glass.TEXT).walks()) {
        var trace = MatrixTrace.of(each);
        var check = trace.check();
        assertTrue(check.holds() && check.worst() < 2e-6 && check.scale() > 0.05, check::toString);
        int u = 4;
        for (int t = 1; t <= each.steps(); t++) {
          double h = (double) each.after(0, each.time(t - 1), u) / each.gate(O, each.time(t - 1), u);
          assertEquals(h, trace.states(u)[t - 1], 1e-12);
          assertEquals(h, trace.sums(u)[t - 1], 2e-6);
        }
        boolean first = Math.abs(trace.contributions(u)[3][0]) > 1e-6;
        assertTrue(first, "C_0 has a part");
        assertTrue(Double.isNaN(trace.contributions(u)[3][5]) && !Double.isNaN(trace.contributions(u)[3][4]));
        assertEquals(trace.readings(u)[7][3] * each.gate(V, each.time(2), u), trace.contributions(u)[7][3], 1e-12);
      }
    }
  }

  /** Where e^−m is the larger, the readings of a row sum to less than 1. */
  @Test void readings_sumToOne_orToLessUnderTheFloor() {
    var w = walk(Spec.Direction.FORWARD, 0);
    var trace = MatrixTrace.of(w);
    boolean one = false, less = false;
    for (int head = 0; head < 2; head++) {
      for (var row : trace.readings(head * D)) {
        double sum = Math.abs(Unfolded.sum(row));
        assertTrue(sum <= 1 + 1e-9, "sum " + sum);
        one |= sum > 1 - 1e-9;
        less |= sum < 1 - 1e-9;
      }
    }
    assertTrue(one && less, one + " " + less);
  }

  /** Nothing but κ multiplies C and n on their way: the flow by lag is a product of them, head by head. */
  @Test void flow_isTheProductOfWhatIsKept_andTheBoundItsLargest() {
    var model = Glass.matrices(Spec.Direction.FORWARD);
    var x = Reading.symbols(Glass.TEXT);
    var scores = new int[Glass.TEXT.length];
    var flow = GradientFlow.ofScores(model, x, scores, 9, 1);
    assertEquals(List.of("C", "n", "m"), flow.curves().stream().map(GradientFlow.Curve::slot).toList());
    var w = Reading.of(model, Glass.TEXT).walk(0);
    double most = 0, least = 1;
    double[] C = flow.curves().getFirst().norms();
    for (int k = 2; k <= 9; k++) {
      int t = Glass.TEXT.length - k;                          // the step that is undone between lag k − 1 and k
      double a = w.gate(KAPPA, t, 0), b = w.gate(KAPPA, t, 1), ratio = C[k - 1] / C[k - 2];
      assertTrue(ratio <= Math.max(a, b) + 1e-5 && ratio >= Math.min(a, b) - 1e-5, k + ": " + ratio + " of " + a + ", " + b);
    }
    for (int t = 0; t < w.steps(); t++) {
      most = Math.max(most, Math.max(w.gate(KAPPA, t, 0), w.gate(KAPPA, t, 1)));
      least = Math.min(least, Math.max(w.gate(KAPPA, t, 0), w.gate(KAPPA, t, 1)));
    }
    var bound = Bound.of(w, 100);
    assertEquals(most, bound.jacobianMost());
    assertTrue(bound.jacobian() <= most && bound.jacobian() >= least, bound::toString);
    assertTrue(bound.singular().isEmpty() && bound.factor().isEmpty() && bound.vanishes().isEmpty(), bound::toString);
  }

  /** One figure of every look. */
  private static Map<String, Double> figures(Model model) {
    var r = Reading.after(model, Glass.BEFORE, Glass.TEXT);
    var w = r.walk(0);
    var trace = MatrixTrace.of(w);
    var x = Reading.symbols(Glass.TEXT);
    var flow = GradientFlow.of(model, x, x, 8, 3);
    var m = new LinkedHashMap<String, Double>();
    for (int b = 0; b < 7; b++) m.put(w.gates().get(b), (double) w.gate(b, 5, 1));
    for (int s = 0; s < 3; s++) m.put("made " + w.made().get(s), (double) w.after(s, 5, 1));
    m.put("weight", trace.weights(1)[5][2]);
    m.put("reading", trace.readings(1)[5][2]);
    m.put("contribution", trace.meanContributions()[5][0]);
    m.put("sum", trace.sums(1)[5]);
    flow.curves().forEach(c -> m.put("flow of " + c.slot(), c.norms()[3]));
    m.put("connectivity", Connectivity.of(r).norms()[7][3]);
    return m;
  }

  /**
   * One weight of the embedding of a symbol that was read: everything hears of it. Of the same weights everything is the same.
   */
  @Test void everyFigure_movesWithOneWeight() {
    var spec = Glass.mlstm(Spec.Direction.FORWARD);
    var was = figures(Glass.model(spec, Glass::keysAlike));
    assertEquals(was, figures(Glass.model(spec, Glass::keysAlike)));
    var is = figures(Glass.model(spec, ps -> {
      Glass.keysAlike(ps);
      for (int symbol : new int[] {8, 4}) ps.array()[ps.find("embedding.E").offset() + 4 * symbol] += 0.3f;
    }));
    assertNotEquals(was.get("sum"), is.get("sum"));
    for (var name : was.keySet()) {
      boolean one = was.get(name) == 1 && is.get(name) == 1;   // of i and κ one is 1
      assertTrue(one && List.of("i", "κ").contains(name) || !was.get(name).equals(is.get(name)), name);
    }
  }

  /** The more the forget gates let go, the tighter the bound. */
  @Test void bound_movesWithTheForgetGates() {
    double[] bounds = java.util.stream.DoubleStream.of(3, -1, -1.5).map(bias -> Bound.of(Reading.of(Glass.model(Glass.mlstm(Spec.Direction.FORWARD),
        ps -> Glass.fill(ps, "rnn0.c", 0, 0, (float) bias, (float) bias)), Glass.TEXT).walk(0), 100).jacobian()).toArray();
    assertTrue(bounds[0] > bounds[1] && bounds[1] > bounds[2] && bounds[2] > 0, Arrays.toString(bounds));
  }

  @Test void anotherLayersMemory_isRefused_withWhatThereIs() {
    var f = assertThrows(Fault.class, () -> MemoryTrace.of(walk(Spec.Direction.FORWARD, 0)));
    assertEquals(Code.M009, f.code());
    assertEquals("rnn0: mlstm has no memory unit by unit; mlstm has the gates i f κ of each of its 2 heads, o of each unit, the vectors q k v "
        + "and the state C n m; look at the gradient flow, or at the connectivity, for how far back it reaches", f.getMessage());
    var g = assertThrows(Fault.class, () -> MatrixTrace.of(Reading.of(Glass.model("elman", 1), Glass.TEXT).walk(0)));
    assertTrue(g.getMessage().startsWith("rnn0: elman has no matrix memory; elman has the gates a and the state h; look at"),
        g.getMessage());
    var c = assertThrows(Fault.class, () -> Reading.of(Glass.matrices(Spec.Direction.FORWARD), Glass.TEXT).cell(0));
    assertTrue(c.getMessage().startsWith("rnn0: mlstm is no recurrent cell of units; mlstm has the gates"), c.getMessage());
    assertFalse(Unfolded.of(walk(Spec.Direction.FORWARD, 0)) instanceof MemoryTrace);
  }
}
