package org.unroll.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.layer.Try.HALF;
import static org.unroll.layer.Try.INITS;
import static org.unroll.layer.Try.RAGGED;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cell;
import org.unroll.cell.Cells;
import org.unroll.cell.Row;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Chain;
import org.unroll.layer.Dense;
import org.unroll.layer.Input;
import org.unroll.layer.Mlstm;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.Run;
import org.unroll.layer.Try;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

class GradCheckTest {
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
    assertEquals("[δa.W, δa.R, δa.b, δx, δstate 0]", report.rows().stream().map(GradCheck.Row::tensor).toList().toString());
  }

  @Test void report_ofAUsersWrongCell_fails() {
    var report = GradCheck.layer(recurrent(new Mine(1.01f)), Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 5, GradCheck.SAMPLES);
    assertFalse(report.passed());
    assertTrue(report.toString().contains("FAILED"), report::toString);
  }

  /** h = a, with a gradient that may be off by a factor. */
  private record Mine(float factor) implements Cell {
    @Override public Layout layout() { return new Layout(1, 1, 1, 1, 0, Scope.UNIT, false); }

    @Override public java.util.List<String> gates() { return java.util.List.of("a"); }

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

  private GradCheck.Report ofAUsersBody(java.util.function.UnaryOperator<Head<Slab>> changed) {
    var body = recurrent(new Mine(1));
    var head = changed.apply(new Softmax(Dense.of("out", 5, 6, HALF, ps), Head.At.EVERY_STEP));
    Try.random(ps, 4);
    return GradCheck.model(body, head, Try.vectors(RAGGED, 4, 3, 1), Try.symbols(RAGGED, 4, 6, 2).x(), Try.run(ps), 5, GradCheck.SAMPLES);
  }

  @Test void report_ofAModelWithAUsersCell_hasTheHeadByDifferencesToo() {
    var report = ofAUsersBody(head -> head);
    assertTrue(report.passed(), report::toString);
    assertEquals("[δa.W, δa.R, δa.b, δx, δstate 0, head δout.W, head δout.b, head δh]",
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

  @Test void report_ofARectifiedNet_hasNoSamplesNearItsKinks() {
    var report = GradCheck.layer(recurrent(Cells.find("elman-relu")), Try.vectors(RAGGED, 4, 3, 1), Try.run(ps), 5, GradCheck.SAMPLES);
    assertTrue(report.passed(), report::toString);
    assertTrue(report.samples().isEmpty());
  }

  @Test void oneWrongEntry_fails() {
    var row = new GradCheck.Row("δa.W", 60, 2e-6, 7, 1, 2);
    var report = new GradCheck.Report(GradCheck.Against.REFERENCE, 1e-6, java.util.List.of(row), java.util.List.of());
    assertFalse(report.passed());
    assertEquals("""
        against the double-precision reference, norm-relative, tolerance 1.0E-6
          δa.W                           60 entries  error 2.0e-06  worst at 7: 1.0000000, must be 2.0000000  FAILED
        """, report.toString());
  }
}
