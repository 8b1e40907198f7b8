package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the same weights, on the same characters, our engine and libtorch train to the same losses. */
@Tag("libtorch")
class TrainingParityTest {
  private static final int STEPS = 50, COMPARED = 16;

  @Test
  void losses_fiftySteps_equalLibtorchs() throws Exception {
    var job = Jobs.model(32, 16, 32, 128, 65, STEPS);
    float[] ours = new OurModel(job, 1).outcome().outputs().get("loss");
    float[] theirs = new Libtorch().enter(job, "modules", 1).outcome().outputs().get("loss");
    for (int i = 0; i < STEPS; i++) assertEquals(theirs[i], ours[i], 1e-4 * theirs[i], "step " + (i + 1));
    assertTrue(ours[STEPS - 1] < 0.85 * ours[0], "nothing was learnt: " + ours[0] + " to " + ours[STEPS - 1]);
  }
  /** As many as the table compares before it times. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void losses_ofSeveralSeeds_areAsNearAsAllOutputs(int seed) throws Exception {
    var job = Jobs.model(32, 16, 32, 128, 65, COMPARED, seed);
    var ours = new OurModel(job, 2).outcome();
    assertEquals(COMPARED, ours.outputs().get("loss").length);
    var a = Agreement.of(job.kind(), ours, new Libtorch().enter(job, "modules", 1).outcome());
    assertTrue(a.holds(), a.toString());
  }

  @Test
  void losses_ofAnotherRate_areNot() throws Exception {
    var job = Jobs.model(32, 16, 32, 128, 65, COMPARED);
    var theirs = new Libtorch().enter(job, "modules", 1).outcome();
    job.sizes().put("micro", 2001);
    assertFalse(Agreement.of(job.kind(), new OurModel(job, 1).outcome(), theirs).holds(), "half a thousandth more");
  }
}
