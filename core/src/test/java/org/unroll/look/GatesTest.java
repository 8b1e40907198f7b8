package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.State;
import org.unroll.model.Spec;

class GatesTest {
  @Test void walk_valuesOfBothDirections_fulfilTheCellsEquation() {
    var model = Glass.model(Glass.spec("lstm", 4, 5, 2, Spec.Direction.BOTH), _ -> { });
    var r = Reading.after(model, Glass.BEFORE, Glass.TEXT);
    assertEquals(List.of("rnn0.forward", "rnn0.backward", "rnn1.forward", "rnn1.backward"), r.walks().stream().map(Walk::name)
        .toList());
    for (int i = 0; i < 4; i++) {
      var w = r.cell(i);
      for (int t = 0; t < w.steps(); t++) {
        for (int u = 0; u < w.units(); u++) {
          double c = w.gate(w.gate("f"), t, u) * w.before(1, t, u) + w.gate(w.gate("i"), t, u) * w.gate(w.gate("g"), t, u);
          assertEquals(c, w.after(w.slot("c"), t, u), 1e-6, w.name());
          assertEquals(w.gate(w.gate("o"), t, u) * Math.tanh(c), w.after(w.slot("h"), t, u), 1e-6, w.name());
        }
      }
    }
  }

  @Test void walk_afterOneStepIsBeforeTheNext_inTheOrderOfTheWalk() {
    var r = Reading.of(Glass.model(Glass.spec("gru", 4, 5, 1, Spec.Direction.BOTH), _ -> { }), Glass.TEXT);
    for (int d = 0; d < 2; d++) {
      var w = r.cell(d);
      for (int i = 1; i < w.steps(); i++) assertEquals(w.after(0, w.time(i - 1), 2), w.before(0, w.time(i), 2));
      assertEquals(0, w.before(0, w.time(0), 2));
      assertEquals(d == 0, w.forward());
    }
  }

  @Test void reading_afterAContext_goesOnFromIt() {
    var model = Glass.model("lstm", 1);
    var all = Reading.of(model, 2, 7, 1, 3, 1);
    var two = Reading.after(model, Glass.BEFORE, 3, 1);
    assertEquals(all.walk(0).after(1, 4, 0), two.walk(0).after(1, 1, 0));
    assertEquals(all.scores().get(4, 2), two.scores().get(1, 2));
    assertEquals(model.session().step(3)[4], Reading.of(model, 3).scores().get(0, 4));
  }

  @Test void saturation_countsStepsBelowAndAbove() {
    var model = Glass.model(Glass.spec("lstm", 4, 3, 1, Spec.Direction.FORWARD), ps -> {
      Glass.fill(ps, "rnn0.W", 0);
      Glass.fill(ps, "rnn0.R", 0);
      Glass.fill(ps, "rnn0.b", 0, 3, -3, 0, 3, -3, 0, 0, 0, 2, 2.5f, -2);   // blocks i f g o of 3 units
    });
    var gates = new Gates(Reading.of(model, Glass.TEXT).walk(0));
    assertEquals(new Gates.Saturation(0, 1), gates.saturation(1, 1));
    assertEquals(new Gates.Saturation(1, 0), gates.saturation(1, 2));
    assertEquals(new Gates.Saturation(1 / 3.0, 1 / 3.0), gates.saturation(1));
    assertEquals(new Gates.Saturation(0, 1 / 3.0), gates.saturation(3));      // σ(2) = 0.88, σ(2.5) = 0.92
    assertEquals(1 / (1 + Math.exp(-3)), gates.gate(1, 1)[5], 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"gru,rz", "gru-before,rz", "lstm,ifo", "lstm-coupled,io", "lstm-1997,io", "lstm-ln,ifo", "gru-ln-sum,rz", "slstm,ifo", "mgu,f",
      "mingru,z", "minlstm,fi", "elman,''", "indrnn-tanh,''"})
  void opens_gatesDo_candidatesAndTheHalvesOfANormalisedCellDoNot(String cell, String open) {
    var walk = Reading.of(Glass.model(cell, 1), Glass.TEXT).walk(0);
    var gates = new Gates(walk);
    var found = new StringBuilder();
    for (int b = 0; b < walk.gates().size(); b++) {
      if (!gates.opens(b)) continue;
      found.append(walk.gates().get(b));
      for (int u = 0; u < walk.units(); u++) for (double v : gates.gate(b, u)) assertTrue(v >= 0 && v <= 1, cell + ": " + v);
    }
    assertEquals(open, found.toString());
  }

  @Test void selectivity_oneStep_allSteps_halfOfThem() {
    var r = Reading.of(Glass.linear(4, 0), Glass.vectors(new float[] {1, 2, 1, 0}, new float[] {0, 2, 1, 0}, new float[] {0, -2,
        0, 0},
        new float[] {0, 2, 0, 0}), State.ZERO);
    var gates = new Gates(r.walk(0));
    assertEquals(1, gates.selectivity(0), 1e-12);
    assertEquals(0, gates.selectivity(1), 1e-12);
    assertEquals(2 / 3.0, gates.selectivity(2), 1e-12);
    assertEquals(0, gates.selectivity(3));
    assertEquals(List.of(0, 2), gates.mostSelective(2));
    assertEquals(4, gates.mostSelective(100).size());
  }

  @Test void whatTheCellHasNot_isM009WithWhatItHas() {
    var w = Reading.of(Glass.model("gru", 1), Glass.TEXT).walk(0);
    refused("rnn0: gru has no state c; gru has the gates q r z n and the state h; name one of these: h", () -> w.slot("c"));
    refused("rnn0: gru has no gate f; gru has the gates q r z n and the state h; name one of these: q, r, z, n", () -> w.gate("f"));
    refused("rnn0: there is no unit 5; its units are 0 to 4", () -> w.unit(5));
    refused("there is no walk 1; the layers that walk over time are rnn0, from 0 to 0", () -> Reading.of(Glass.model("gru", 1), 1).walk(1));
    assertEquals(Code.C030, assertThrows(Fault.class, () -> Reading.of(Glass.model("gru", 1))).code());
  }

  private static void refused(String message, org.junit.jupiter.api.function.Executable what) {
    var f = assertThrows(Fault.class, what);
    assertEquals(Code.M009, f.code());
    assertEquals(message, f.getMessage());
  }
}
