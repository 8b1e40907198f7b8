package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.slab.Params;
import org.unroll.slab.Workspace;

/** What is done ahead, what is cut by units, and how many steps' gates are kept. */
class StepPlanTest {
  private final Params ps = new Params();

  private StepPlan plan(String cell, Input in, int units) {
    return Recurrent.of("l", Cells.find(cell), in, units, Recurrent.Direction.FORWARD, Try.INITS, new Params()).plan(Masks.NONE);
  }

  private StepPlan plan(String cell, int units) { return plan(cell, Input.of(units), units); }

  private Run evaluation(int threads) { return Run.evaluation(new Weights(ps, Kernels.of("fast", threads)), new Workspace()); }

  private Run inference(int threads) { return Run.inference(new Weights(ps, Kernels.of("fast", threads)), new Workspace()); }

  private Run training(int threads) { return Try.training(ps, Kernels.of("fast", threads), 1); }

  @Test void ahead_fewRows_always() {
    assertTrue(plan("lstm", 16).ahead(training(1), 15));
    assertFalse(plan("lstm", 16).ahead(training(1), 16));
    assertTrue(plan("lstm", Input.oneHot(16), 16).ahead(training(1), 15));
  }

  @Test void ahead_weightsThatNoCacheOfACoreHolds() {
    assertFalse(plan("lstm", Input.of(512), 256).ahead(training(2), 32));
    assertTrue(plan("lstm", Input.of(513), 256).ahead(training(2), 32));
    assertFalse(plan("lstm", Input.oneHot(513), 256).ahead(training(2), 32));
  }

  @Test void ahead_cutByUnits_countsAThreadsWeights() {
    var plan = plan("lstm", Input.of(1024), 256);
    assertTrue(plan.byUnits(inference(2), 16));
    assertFalse(plan.ahead(inference(2), 16));
    assertTrue(plan.ahead(inference(1), 16));
    assertTrue(plan("lstm", Input.of(1025), 256).ahead(inference(2), 16));
  }

  @Test void ahead_nothingToWaitFor_always() {
    assertTrue(plan("mingru", 16).ahead(training(1), 64));
    assertTrue(plan("mingru", 16).apart());
    assertFalse(plan("lstm", 16).apart());
  }

  @Test void scans_aChunkOfOneStepToo() {
    var layer = Recurrent.of("l", Cells.find("mingru"), Input.of(16), 16, Recurrent.Direction.FORWARD, Try.INITS, ps);
    assertFalse(layer.plan(Masks.NONE).scans());
    assertTrue(layer.scanned(1).plan(Masks.NONE).scans());
    assertTrue(layer.scanned(1).plan(Masks.NONE).ahead(training(1), 64));
  }

  @Test void byUnits_fewRows_orLongStepsInEvaluation() {
    assertTrue(plan("lstm", 16).byUnits(training(2), 15));
    assertFalse(plan("lstm", 128).byUnits(training(2), 16));
    assertTrue(plan("lstm", 128).byUnits(evaluation(2), 16));
    assertFalse(plan("lstm", 127).byUnits(evaluation(2), 16));
    assertTrue(plan("lstm", 128).byUnits(evaluation(2), 31));
    assertFalse(plan("lstm", 128).byUnits(evaluation(2), 32));
    assertFalse(plan("lstm", Input.oneHot(128), 256).byUnits(evaluation(2), 16));
    assertFalse(plan("gru", 256).byUnits(evaluation(2), 16));
    assertFalse(plan("mingru", 256).byUnits(evaluation(2), 2));
  }

  /** A row cell, a second product, a projection, a mask: each alone keeps units together. */
  @Test void divides_whereNothingJoinsUnitsWithinAStep() {
    assertTrue(plan("lstm", 16).divides());
    assertFalse(plan("lstm-ln", 16).divides());
    assertFalse(plan("gru-before", 16).divides());
    var ps = new Params();
    var projected = Recurrent.of("l", Cells.find("lstm"), Input.of(16), 16, 4, Recurrent.Direction.FORWARD, Try.INITS, ps);
    assertFalse(projected.plan(Masks.NONE).divides());
    assertFalse(new StepPlan(projected, true).divides());
    var layer = Recurrent.of("m", Cells.find("lstm"), Input.of(16), 16, Recurrent.Direction.FORWARD, Try.INITS, ps);
    assertFalse(new StepPlan(layer, true).divides());
  }

  @Test void keptSteps_areAll_whereSomebodyNeedsThem() {
    assertEquals(9, plan("lstm", 16).keptSteps(training(1), 20, 9));
    assertEquals(9, plan("lstm", 16).keptSteps(evaluation(1), 20, 9));
    assertEquals(9, plan("lstm", 16).keptSteps(inference(1), 15, 9));
    assertEquals(1, plan("lstm", 16).keptSteps(inference(1), 16, 9));
    assertEquals(0, plan("lstm", 16).keptSteps(inference(1), 16, 0));
    assertEquals(9, plan("mingru", 16).keptSteps(inference(1), 20, 9));
  }
}
