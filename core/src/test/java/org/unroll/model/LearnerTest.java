package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.file.TensorFile;
import org.unroll.kernel.ScalarKernels;
import org.unroll.layer.State;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.optim.Sgd;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

class LearnerTest {
  private static Learner.Step step(Clip... clips) {
    var net = Network.build(Specs.language("lstm", 7, 5, 4, 1));
    var learner = new Learner(net, new Learner.Settings(new Sgd(), Penalty.NONE, List.of(clips)), new ScalarKernels(), 1);
    return learner.step(Batch.full(Slab.zeros(3, 2, 1), new long[2]), Slab.zeros(3, 2, 1), State.ZERO, 0.1);
  }

  @Test void clipped_byValue_isWhetherAnElementWasBeyondIt() {
    double norm = step().norm();
    assertFalse(step().clipped());
    assertTrue(norm > 0.1, () -> "norm " + norm);
    assertFalse(step(new Clip.ByValue(norm * 0.999)).clipped()); // the norm is beyond it, no element is
    assertTrue(step(new Clip.ByValue(1e-4)).clipped());
  }

  @Test void clipped_byNorm_andTheNormIsTheOneBefore() {
    double norm = step().norm();
    assertFalse(step(new Clip.ByNorm(norm)).clipped());
    var both = step(new Clip.ByNorm(norm / 2), new Clip.ByValue(norm));
    assertTrue(both.clipped());
    assertEquals(norm, both.norm());
  }

  @Test void step_beyondTheLargestInt_goesOn() {
    var net = Network.build(Specs.language("gru", 7, 5, 4, 1));
    var learner = new Learner(net, new Learner.Settings(new Sgd(), Penalty.NONE, List.of()), new ScalarKernels(), 1);
    learner.restore(new TensorFile(learner.metadata(), learner.tensors(Map.of())), Integer.MAX_VALUE);
    learner.step(Batch.full(Slab.zeros(3, 2, 1), new long[2]), Slab.zeros(3, 2, 1), State.ZERO, 0.1);
    assertEquals(1L << 31, learner.steps());
  }

  @Test void unmoved_underAPenalty_namesWhatTheLossDoesNotReach() {
    var spec = new Spec(new Spec.Vectors(2), java.util.List.of(
        new Spec.Recurrent("elman", 3, Spec.Direction.FORWARD, 0, Specs.SMALL, Specs.SMALL)),
        new Spec.SquaredError(1, org.unroll.head.Head.At.EVERY_STEP, Specs.SMALL));
    var settings = new Learner.Settings(new org.unroll.optim.Sgd(), new org.unroll.optim.Penalty(0, 0.1), java.util.List.of());
    var learner = new Learner(Network.build(spec), settings, org.unroll.kernel.Kernels.scalar(), 7);
    var target = org.unroll.slab.Slab.zeros(4, 1, 1);
    target.set(0, 0, 1);
    learner.step(org.unroll.slab.Batch.full(org.unroll.slab.Slab.zeros(4, 1, 2), new long[1]), target, org.unroll.layer.State.ZERO, 0.1);
    org.junit.jupiter.api.Assertions.assertTrue(learner.unmoved().contains("rnn0.W"), learner.unmoved().toString());
  }
}
