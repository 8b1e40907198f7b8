package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.model.Spec;

class MemoryTraceTest {
  static Stream<String> gated() { return Cells.names().stream().filter(n -> Cells.find(n).carry() != null); }

  @ParameterizedTest
  @MethodSource("gated")
  void sum_ofEveryGatedCell_isTheStateOfThePass(String cell) {
    for (var direction : Spec.Direction.values()) {
      var model = Glass.model(Glass.spec(cell, 4, 5, 2, direction), _ -> { });
      for (var w : Reading.after(model, Glass.BEFORE, Glass.TEXT).walks()) {
        var trace = MemoryTrace.of(w);
        var check = trace.check();
        assertTrue(check.worst() < 1e-6, () -> w.name() + ": " + check);
        assertTrue(check.scale() > 0.1 && check.holds(), check::toString);
        assertTrue(trace.initial(0) != 0, w.name());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("gated")
  void sum_ofACellWithZoneout_isTheStateOfThePass(String cell) {
    var trace = MemoryTrace.of(Reading.after(Glass.zoned(cell), Glass.BEFORE, Glass.TEXT).walk(0));
    assertTrue(trace.check().worst() < 1e-6, () -> trace.check().toString());
    assertTrue(trace.check().scale() > 0.05 && trace.initial(0) != 0, () -> trace.check().toString());
  }

  /** Erratum E07: without the term of c_0 the sum is another number. */
  @ParameterizedTest
  @MethodSource("gated")
  void sum_asPrinted_missesTheFirstState(String cell) {
    var trace = MemoryTrace.of(Reading.after(Glass.model(cell, 1), Glass.BEFORE, Glass.TEXT).walk(0));
    double first = trace.contributions(0)[0][0];
    assertTrue(Math.abs(first) > 1e-3, () -> "term of s_0: " + first);
    assertEquals(trace.states(0)[0] - first, trace.sums(0)[0] - first, 1e-6);
    assertFalse(Math.abs(trace.sums(0)[0] - first - trace.states(0)[0]) < 1e-4);
  }

  @Test void weights_ofAnLstm_areProductsOfForgetGates() {
    var w = Reading.after(Glass.model("lstm", 1), Glass.BEFORE, Glass.TEXT).walk(0);
    double[][] weights = MemoryTrace.of(w).weights(2);
    for (int t = 1; t <= w.steps(); t++) {
      for (int i = 0; i <= w.steps(); i++) {
        double want = i == 0 ? 1 : i > t ? Double.NaN : w.gate(0, i - 1, 2);
        for (int j = i + 1; j <= t; j++) want *= w.gate(1, j - 1, 2);
        assertEquals(want, weights[t - 1][i], 1e-7, t + " " + i);
      }
    }
    assertEquals(w.gate(0, 3, 2) * w.gate(2, 3, 2), MemoryTrace.of(w).contributions(2)[3][4], 1e-7);
  }

  @Test void weights_ofAGru_areProductsOfItsUpdateGate() {
    var w = Reading.of(Glass.model("gru", 1), Glass.TEXT).walk(0);
    assertEquals((1 - w.gate(2, 1, 0)) * w.gate(2, 2, 0), MemoryTrace.of(w).weights(0)[2][2], 1e-7);
    var other = Reading.of(Glass.model("gru-write", 1), Glass.TEXT).walk(0);
    assertEquals(other.gate(2, 1, 0) * (1 - other.gate(2, 2, 0)), MemoryTrace.of(other).weights(0)[2][2], 1e-7);
  }

  /** One candidate of 1, kept by half at each step: ½, ¼, ⅛. */
  @Test void meanContributions_areMeansOfMagnitudes() {
    var model = Glass.model(Glass.spec("lstm-coupled", 4, 2, 1, Spec.Direction.FORWARD), ps -> {
      Glass.fill(ps, "rnn0.W", 0);
      Glass.fill(ps, "rnn0.R", 0);
      Glass.fill(ps, "rnn0.b", 0, 0, 20, -20, 0, 0);        // i = ½; g = 1 and −1
    });
    var trace = MemoryTrace.of(Reading.of(model, 1, 2, 3).walk(0));
    assertEquals(-0.125, trace.contributions(1)[2][1], 1e-7);
    assertEquals(0.125, trace.meanContributions()[2][1], 1e-7);
    assertEquals(0.5, trace.meanContributions()[2][3], 1e-7);
    assertEquals(0, trace.meanContributions()[2][0]);
    assertEquals(0.875, trace.states(0)[2], 1e-7);
  }

  @Test void cellWithoutGates_isM009WithWhatItHas() {
    var w = Reading.of(Glass.model("elman", 1), Glass.TEXT).walk(0);
    var f = assertThrows(Fault.class, () -> MemoryTrace.of(w));
    assertEquals(Code.M009, f.code());
    assertEquals("rnn0: elman has no gated memory; its state is made anew at every step; elman has the gates a and the state h; "
        + "look at the gradient flow, or at the connectivity, for how far back it reaches", f.getMessage());
  }
}
