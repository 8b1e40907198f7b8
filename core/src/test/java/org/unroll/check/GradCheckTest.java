package org.unroll.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;
import static org.unroll.layer.Try.RAGGED;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.unroll.cell.Cell;
import org.unroll.cell.Cells;
import org.unroll.cell.Row;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.head.SquaredError;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Dense;
import org.unroll.layer.Embedding;
import org.unroll.layer.Input;
import org.unroll.layer.Jordan;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.layer.Try;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.reference.ReferenceLoss;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

class GradCheckTest {
  private static final Start START = Start.of(Start.Kind.GLOROT);

  private final Params ps = new Params();

  private Recurrent recurrent(Cell cell) {
    var l = Recurrent.of("a", cell, Input.of(3), 5, Direction.FORWARD, INITS, ps);
    Try.random(ps, 3);
    return l;
  }

  @Test void report_ofAnLstm_hasARowForEveryTensorAndSamplesOfEveryArray() {
    var report = GradCheck.layer(recurrent(Cells.find("lstm-peephole")), Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 5, GradCheck.SAMPLES);
    assertTrue(report.passed(), report::toString);
    assertEquals("[y, a.h, a.c, δa.W, δa.R, δa.b, δa.p, δx, δa.h0, δa.c0]", report.rows().stream().map(GradCheck.Row::tensor).toList().toString());
    assertEquals("[∂a.W, ∂a.R, ∂a.b, ∂a.p, ∂x, ∂a.h0, ∂a.c0]", report.samples().stream().map(GradCheck.Row::tensor).toList().toString());
    assertEquals(60, report.rows().get(3).entries());
    assertTrue(report.worst() > 0 && report.worst() < 1e-6);
  }

  /** An sLSTM's normaliser starts above nothing only if the state of the layer below is counted. */
  @Test void report_ofDifferentMemories_givesEachAStateThatItMayHave() {
    var below = Mlstm.of("m", Input.of(3), 4, 2, Direction.FORWARD, HALF, 1, ps);
    var above = Recurrent.of("a", Cells.find("slstm"), Input.of(4), 5, Direction.FORWARD, INITS, ps);
    Try.random(ps, 3);
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var mixed = Rig.of(new Chain(List.of(below, above)), ps, Kernels.scalar(), x, 5).in().part(1);
    int n = above.cell().slots().indexOf("n");
    for (int r = 0; r < 4; r++) for (int k = 0; k < 5; k++) assertTrue(mixed.get(n * 4 + r, k) >= above.cell().least(n));
    var report = GradCheck.layer(new Chain(List.of(below, above)), x, Try.run(ps), 5, 1);
    assertTrue(report.passed(), report::toString);
  }

  @Test void report_ofAUsersCell_saysThatItWasComparedWithDifferences() {
    var report = GradCheck.layer(recurrent(new Mine(1)), Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 5, GradCheck.SAMPLES);
    assertEquals(GradCheck.Against.DIFFERENCES, report.against());
    assertTrue(report.passed(), report::toString);
    assertTrue(report.toString().startsWith("against directional differences in float, tolerance 0.001: a part of this has no reference\n"));
    assertEquals("[δa.W, δa.R, δa.b, δx, δstate 0, δa.W by columns, δa.R by columns, δa.b by columns, δx by columns, δstate 0 by columns]", report.rows().stream().map(GradCheck.Row::tensor).toList().toString());
  }

  @Test void report_ofAUsersWrongCell_fails() {
    var report = GradCheck.layer(recurrent(new Mine(1.01f)), Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 5, GradCheck.SAMPLES);
    assertFalse(report.passed());
    assertTrue(report.toString().contains("FAILED"), report::toString);
  }

  /** Half a per cent of one unit's δa is little of a whole tensor, and all of that unit's columns. */
  @Test void report_ofAUsersCellWithOneWrongUnit_fails() {
    for (int unit = -1; unit < 5; unit++) {
      var own = new Params();
      var report = GradCheck.layer(Recurrent.of("a", new OneWrong(1.005f, unit), Input.of(3), 5, Direction.FORWARD, INITS, own),
          Try.vectors(RAGGED, 4, 3, 1), Try.run(Try.random(own, 4)), 5, 0);
      assertEquals(unit < 0, report.passed(), report::toString);
      var off = report.rows().stream().filter(r -> !r.passed()).toList();
      var bias = report.rows().stream().filter(r -> r.tensor().equals("δa.b by columns")).findFirst().orElseThrow();
      assertEquals(5, bias.entries());
      if (unit < 0) continue;
      assertEquals("[:, " + unit + "]", bias.place(), report::toString);
      assertEquals(1.005, bias.got() / bias.want(), 2e-3, report::toString);
      assertTrue(off.contains(bias), report::toString);
    }
  }

  /** h = tanh a; the gradient of one unit is off by a factor. */
  private record OneWrong(float factor, int unit) implements Cell {
    @Override public Layout layout() { return new Layout(1, 1, 1, 1, 0, Scope.UNIT, false); }

    @Override public List<String> gates() { return List.of("a"); }

    @Override public void forward(Row r) { r.k.tanh(r.a, r.gate(0), r.s, r.next(0), r.units()); }

    @Override public void backward(Row r) {
      for (int k = 0; k < r.units(); k++) {
        float h = r.s[r.next(0) + k];
        r.da[r.dGate(0) + k] = r.ds[r.d(0) + k] * (1 - h * h) * (k == unit ? factor : 1);
        r.ds[r.d(0) + k] = 0;
      }
    }
  }

  /** h = a, with a gradient that may be off by a factor. */
  private record Mine(float factor) implements Cell {
    @Override public Layout layout() { return new Layout(1, 1, 1, 1, 0, Scope.UNIT, false); }

    @Override public List<String> gates() { return List.of("a"); }

    @Override public void forward(Row r) { System.arraycopy(r.a, r.gate(0), r.s, r.next(0), r.units()); }

    @Override public void backward(Row r) {
      for (int k = 0; k < r.units(); k++) {
        r.da[r.dGate(0) + k] = r.ds[r.d(0) + k] * factor;
        r.ds[r.d(0) + k] = 0;
      }
    }
  }

  @Test void report_ofAModel_hasTheLossAndNoStates() {
    var body = recurrent(Cells.find("gru"));
    var head = new Softmax(Dense.of("out", 5, 6, HALF, ps), Head.At.EVERY_STEP);
    Try.random(ps, 4);
    var report = GradCheck.model(body, head, Try.vectors(RAGGED, 4, 3, 1), Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps), 5, GradCheck.SAMPLES);
    assertTrue(report.passed(), report::toString);
    assertEquals("[loss, δa.W, δa.R, δa.b, δout.W, δout.b, δx]", report.rows().stream().map(GradCheck.Row::tensor).toList().toString());
  }

  private GradCheck.Report ofAUsersBody(UnaryOperator<Head<Slab>> changed) {
    var body = recurrent(new Mine(1));
    var head = changed.apply(new Softmax(Dense.of("out", 5, 6, HALF, ps), Head.At.EVERY_STEP));
    Try.random(ps, 4);
    return GradCheck.model(body, head, Try.vectors(RAGGED, 4, 3, 1), Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps), 5, GradCheck.SAMPLES);
  }

  @Test void report_ofAModelWithAUsersCell_hasTheHeadByDifferencesToo() {
    var report = ofAUsersBody(head -> head);
    assertTrue(report.passed(), report::toString);
    assertEquals("[δa.W, δa.R, δa.b, δx, δstate 0, δa.W by columns, δa.R by columns, δa.b by columns, δx by columns, δstate 0 by columns, "
        + "head δout.W, head δout.b, head δh]",
        report.rows().stream().map(GradCheck.Row::tensor).toList().toString());
    assertTrue(report.rows().stream().allMatch(r -> r.got() != 0), report::toString);
  }

  @Test void report_ofAModelWithAUsersCellAndAWrongHead_fails() {
    var report = ofAUsersBody(TooLarge::new);
    assertFalse(report.passed());
    assertEquals("[head δout.W, head δout.b, head δh]",
        report.rows().stream().filter(r -> r.error() > report.tolerance()).map(GradCheck.Row::tensor).toList().toString());
  }

  /** A user's own head, whose gradients are a few per cent too large. */
  private record TooLarge(Head<Slab> head) implements Head<Slab> {
    @Override public Loss loss(Batch h, Slab target, Run run) {
      var loss = head.loss(h, target, run);
      return new Loss() {
        @Override public double sum() { return loss.sum(); }

        @Override public int count() { return loss.count(); }

        @Override public Slab backward(Grads into) {
          var dh = loss.backward(into);
          for (int i = 0; i < into.array().length; i++) into.array()[i] *= 1.05f;
          for (int r = 0; r < dh.height(); r++) for (int k = 0; k < dh.cols(); k++) dh.set(r, k, dh.get(r, k) * 1.05f);
          return dh;
        }
      };
    }

    @Override public Slab predict(Batch h, Run run) { return head.predict(h, run); }

    @Override public int outputs() { return head.outputs(); }
  }

  /** Unit 0 stands at 10⁻⁶ above its kink: a difference by its bias or a weight of it passes over; others are taken for these. */
  @Test void report_ofARectifiedNet_hasSamplesAwayFromItsKinks() {
    var layer = recurrent(Cells.find("elman-relu"));
    for (var p : List.of(layer.W(), layer.R(), layer.b())) {
      var w = p.of(ps.array());
      for (int r = 0; r < w.height(); r++) w.set(r, 0, p == layer.b() ? 1e-6f : 0);
    }
    ps.touch();
    var report = GradCheck.layer(layer, Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 5, 40);
    assertTrue(report.passed(), report::toString);
    assertEquals("[∂a.W, ∂a.R, ∂a.b, ∂x, ∂a.h0]", report.samples().stream().map(GradCheck.Row::tensor).toList().toString());
    for (var r : report.samples()) {
      assertEquals(r.size() > 40 ? 40 : r.size() - r.crossed(), r.entries(), report::toString);
      boolean atKink = List.of("∂a.W", "∂a.R", "∂a.b").contains(r.tensor());
      assertEquals(atKink, r.crossed() > 0, report::toString);
      if (atKink) assertTrue(report.toString().contains("  " + r.crossed() + " at a kink left out"), report::toString);
    }
  }

  @Test void report_ofAModelInAState_hasEverySlotOfEveryLayer() {
    var body = new Chain(List.of(Recurrent.of("a", Cells.find("lstm"), Input.of(3), 5, Direction.FORWARD, INITS, ps),
        Recurrent.of("b", Cells.find("slstm"), Input.of(5), 4, Direction.FORWARD, INITS, ps)));
    var head = new Softmax(Dense.of("out", 4, 6, HALF, ps), Head.At.LAST_STEP);
    Try.random(ps, 4);
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var in = Rig.of(body, ps, Kernels.scalar(), x, 5).in();
    var report = GradCheck.model(body, head, x, in, Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps), 5, GradCheck.SAMPLES);
    assertTrue(report.passed(), report::toString);
    var states = report.rows().stream().map(GradCheck.Row::tensor).filter(t -> t.endsWith("0")).toList();
    assertEquals("[δa.h0, δa.c0, δb.h0, δb.c0, δb.n0, δb.m0]", states.toString());
    assertTrue(report.rows().stream().filter(r -> r.tensor().equals("δb.c0")).allMatch(r -> r.want() != 0), report::toString);
  }

  @Test void report_ofOneHotInput_hasTheGradientByItsRows() {
    for (var cell : List.of("lstm", "mlstm", "jordan")) {
      var own = new Params();
      var body = switch (cell) {
        case "lstm" -> new Concat(List.of(Recurrent.of("f", Cells.find(cell), Input.oneHot(6), 5, Direction.FORWARD, INITS, own),
            Recurrent.of("b", Cells.find("gru"), Input.oneHot(6), 3, Direction.BACKWARD, INITS, own)));
        case "mlstm" -> Mlstm.of("a", Input.oneHot(6), 8, 2, Direction.FORWARD, HALF, 1, own);
        default -> Jordan.of("a", "o", Input.oneHot(6), 8, 4, Activation.SOFTMAX, INITS, HALF, own);
      };
      Try.random(own, 4);
      var report = GradCheck.layer(body, Try.symbols(RAGGED, 4, 6, 1), Try.run(own), 5, 2);
      assertTrue(report.passed(), report::toString);
      var dx = report.rows().stream().filter(r -> r.tensor().equals("δx")).findFirst().orElseThrow();
      assertEquals(7 * 4 * 6, dx.size());
      assertTrue(dx.want() != 0 && dx.error() > 0, report::toString);
      assertTrue(report.samples().stream().anyMatch(r -> r.tensor().equals("∂x") && r.want() != 0), report::toString);
    }
  }

  @Test void table_besideOneHotInput_staysIds() {
    var both = new Concat(List.of(Recurrent.of("f", Cells.find("gru"), Input.oneHot(6), 5, Direction.FORWARD, INITS, ps),
        Embedding.of("e", 6, 3, HALF, ps)));
    Try.random(ps, 4);
    var report = GradCheck.layer(both, Try.symbols(RAGGED, 4, 6, 1), Try.run(ps), 5, 1);
    assertTrue(report.passed(), report::toString);
    assertTrue(report.rows().stream().noneMatch(r -> r.tensor().equals("δx")));
  }

  /** A draw whose variances are small: above 1e-6 by rounding alone, and below the bar that follows it. A wrong number is not. */
  @Test void bar_ofAnIllConditionedNorm_followsItsRounding() {
    var spec = new Spec(new Spec.Symbols(11), List.of(new Spec.Embedding(6, START),
        new Spec.Recurrent("lstm-ln", 8, Spec.Direction.FORWARD, 1, START, START)), new Spec.Softmax(11, false, Head.At.EVERY_STEP, START));
    var worst = NormedPrecisionTest.reports(spec, 40).flatMap(r -> r.rows().stream()).filter(r -> r.error() > 1e-6).toList();
    assertTrue(worst.size() > 5, worst::toString);
    for (var r : worst) assertTrue(r.passed() && r.tolerance() > 1e-6 && r.tolerance() < 1e-4, r::toString);
    var row = worst.getFirst();
    var told = new GradCheck.Report(GradCheck.Against.REFERENCE, 1e-6, List.of(row), List.of()).toString();
    assertTrue(told.contains(String.format(Locale.ROOT, "  bar %.1e by its rounding", row.tolerance())), told);
  }

  /** A ten-thousandth is more than rounding does, even to an ill-conditioned tensor; a millionth may be less. */
  @Test void bar_doesNotHideAWrongNumber() {
    var layer = recurrent(Cells.find("lstm-ln"));
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var rig = Rig.of(layer, ps, Kernels.scalar(), x, 5);
    var map = Mapping.of(layer, rig.forward()).orElseThrow();
    for (double factor : new double[] {1.0000011, 1.0001}) {
      var check = new Comparison(map, x, ps, rig.in(), new ReferenceLoss.Linear(Slabs.alive(rig.dy(), x), map.states(rig.dOut(), "")));
      double[] want = check.want.gradients().get("a.R"), got = want.clone();
      for (int i = 0; i < got.length; i++) got[i] *= factor;
      check.row("δa.R", new int[] {5, 20}, got, want);
      var report = check.report(0, 5);
      assertEquals(factor < 1.00001, report.passed(), report::toString);
      assertTrue(report.rows().getFirst().tolerance() > 1.1e-6 && report.rows().getFirst().tolerance() < 2e-5, report::toString);
    }
  }

  @Test void samples_none_areNotTaken() {
    var report = GradCheck.layer(recurrent(Cells.find("gru")), Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 5, 0);
    assertTrue(report.samples().isEmpty());
  }

  private void refused(String message, Executable check) {
    var fault = org.junit.jupiter.api.Assertions.assertThrows(Fault.class, check);
    assertEquals(Code.C030, fault.code());
    assertEquals(message, fault.where() + ": " + fault.what() + ", " + fault.why() + "; " + String.join("; ", fault.mend()));
  }

  @Test void whatDoesNotFit_isRefused() {
    var body = recurrent(Cells.find("gru"));
    var head = new Softmax(Dense.of("out", 5, 6, HALF, ps), Head.At.EVERY_STEP);
    var wide = new Softmax(Dense.of("wide", 7, 6, HALF, ps), Head.At.EVERY_STEP);
    var values = new SquaredError(Dense.of("values", 5, 2, HALF, ps), Head.At.EVERY_STEP);
    Try.random(ps, 4);
    var x = Try.vectors(RAGGED, 4, 3, 1);
    var y = Try.symbols(RAGGED, 4, 6, 2).x();
    var run = Try.run(ps);
    refused("target: it is 3 × 4 × 1, it must be 7 × 4 × 1; Slab.zeros(7, 4, 1) has this shape",
        () -> GradCheck.model(body, head, x, Slab.zeros(3, 4, 1), run, 5, 1));
    refused("target: it is 7 × 4 × 1, it must be 7 × 4 × 2; Slab.zeros(7, 4, 2) has this shape", () -> GradCheck.model(body, values, x, y, run, 5, 1));
    var six = Slabs.copy(y);
    six.set(4, 0, 6);
    refused("target, step 1, row 0: the class is 6.0, it must be a whole number in [0, 6); number them from 0 to 5",
        () -> GradCheck.model(body, head, x, six, run, 5, 1));
    refused("head: it takes rows 7 wide, the body gives rows 5 wide; an output matrix of 5 rows", () -> GradCheck.model(body, wide, x, y, run, 5, 1));
    refused("x: it is 7 × 4 × 2, it must be 7 × 4 × 3; Slab.zeros(7, 4, 3) has this shape",
        () -> GradCheck.layer(body, Try.vectors(RAGGED, 4, 2, 1), run, 5, 1));
    refused("in: it has 2 parts, it must have 1, one for each recurrent walk, or none; State.ZERO stands for zeros", () -> GradCheck.model(body, head, x,
        new State(List.of(Slab.zeros(1, 4, 5), Slab.zeros(1, 4, 5))), y, run, 5, 1));
    refused("in, part 0: it is 2 × 4 × 5, it must be 1 × 4 × 5; Slab.zeros(1, 4, 5) has this shape", () -> GradCheck.model(body, head, x,
        new State(List.of(Slab.zeros(2, 4, 5))), y, run, 5, 1));
    refused("samples: -1 samples, must be at least 0; 0 leaves differences out", () -> GradCheck.layer(body, x, run, 5, -1));
    refused("x: it has 0 steps of 4 rows, there must be one of each at least; a batch of one sequence of one step",
        () -> GradCheck.layer(body, new Batch(Slab.zeros(0, 4, 3), new int[0], new long[4]), run, 5, 1));
    var ids = Recurrent.of("ids", Cells.find("gru"), Input.oneHot(4), 5, Direction.FORWARD, INITS, ps);
    refused("x, step 0, row 1: the symbol is 5.0, it must be a whole number in [0, 4); number them from 0 to 3", () -> {
      var five = new Batch(Slab.zeros(2, 2, 1), new int[] {2, 2}, new long[2]);
      five.x().set(1, 0, 5);
      GradCheck.layer(ids, five, Try.run(Try.random(ps, 4)), 5, 1);
    });
  }

  @Test void oneWrongEntry_fails() {
    var row = new GradCheck.Row("δa.W", 60, 60, 0, 2e-6, 1e-6, "[1, 2]", 1, 2);
    var few = new GradCheck.Row("∂a.W", 4, 60, 3, 2e-7, 1e-6, "[0, 7]", 1, 1);
    var none = new GradCheck.Row("∂a.R", 0, 60, 16, 0, 1e-6, "", 0, 0);
    var report = new GradCheck.Report(GradCheck.Against.REFERENCE, 1e-6, List.of(row), List.of(few, none));
    assertFalse(report.passed());
    assertEquals(row, report.nearest());
    assertEquals("""
        against the double-precision reference, norm-relative, tolerance 1.0E-6
          δa.W                              60 elements  error 2.0e-06  worst at [1, 2]: 1.0000000, must be 2.0000000  FAILED
        reference against differences of its loss, sampled elements, tolerance 1e-6
          ∂a.W                         4 of 60 elements  error 2.0e-07  worst at [0, 7]: 1.0000000, must be 1.0000000  3 at a kink left out
          ∂a.R                         0 of 60 elements  16 at a kink left out
        """, report.toString());
  }
}
