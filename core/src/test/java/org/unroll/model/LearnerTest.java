package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.TensorFile;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.optim.AdaGrad;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Optimizer;
import org.unroll.optim.Penalty;
import org.unroll.optim.Sgd;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

class LearnerTest {
  private static Learner.Step step(Clip... clips) {
    var net = Network.build(Specs.language("lstm", 7, 5, 4, 1));
    var learner = new Learner(net, new Learner.Settings(new Sgd(), Penalty.NONE, List.of(clips)), Kernels.scalar(), 1);
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
    var learner = new Learner(net, new Learner.Settings(new Sgd(), Penalty.NONE, List.of()), Kernels.scalar(), 1);
    learner.restore(new TensorFile(learner.metadata(), learner.tensors(Map.of())), Integer.MAX_VALUE);
    learner.step(Batch.full(Slab.zeros(3, 2, 1), new long[2]), Slab.zeros(3, 2, 1), State.ZERO, 0.1);
    assertEquals(1L << 31, learner.steps());
  }

  /** An Elman layer on inputs that are all zero: the loss never reaches its W. */
  private static Learner regression(Optimizer optimizer) {
    var spec = new Spec(new Spec.Vectors(2), List.of(new Spec.Recurrent("elman", 3, Spec.Direction.FORWARD, 0, Specs.SMALL, Specs.SMALL)),
        new Spec.SquaredError(1, Head.At.EVERY_STEP, Specs.SMALL));
    return new Learner(Network.build(spec), new Learner.Settings(optimizer, new Penalty(0, 0.1), List.of()), Kernels.scalar(), 7);
  }

  private static void step(Learner learner, float wanted, double rate) {
    var target = Slab.zeros(4, 1, 1);
    target.set(0, 0, wanted);
    learner.step(Batch.full(Slab.zeros(4, 1, 2), new long[1]), target, State.ZERO, rate);
  }

  @Test void unmoved_underAPenalty_namesWhatTheLossDoesNotReach() {
    var learner = regression(new Sgd());
    step(learner, 1, 0.1);
    assertEquals(List.of("rnn0.W", "rnn0.R", "head.W"), learner.unmoved()); // every state is zero so far
    step(learner, 1, 0.1);
    assertEquals(List.of("rnn0.W"), learner.unmoved());
  }

  @Test void restore_slotsThatAreWindows_goesOnTheSameWayAndLooksForUnmovedWeightsAgain() {
    var straight = regression(Adam.usual());
    step(straight, 1, 0.1);
    var again = regression(Adam.usual());
    again.restore(new TensorFile(straight.metadata(), straight.tensors(Map.of())), 1);
    step(straight, 1, 0.1);
    step(again, 1, 0.1);
    assertEquals(straight.publish(Map.of()).id(), again.publish(Map.of()).id());
    assertEquals(List.of("rnn0.W"), again.unmoved());
  }

  @Test void step_lossThatIsInfiniteAlone_namesTheLargestWeight() {
    var learner = regression(new Sgd());
    var f = assertThrows(Fault.class, () -> step(learner, 1e30f, 0.1));
    assertEquals(Code.R001, f.code());
    assertTrue(f.what().matches("the training diverged at step 1: loss Infinity, every gradient finite; the largest weight is 0\\.\\d+"), f.what());
    assertEquals("rnn0.W", f.where());
  }

  @Test void requireFinite_weightOrSlotThatOverflowed_isNamed() {
    var learner = regression(new Sgd());
    step(learner, 1e15f, 1e30);
    var f = assertThrows(Fault.class, learner::requireFinite);
    assertEquals("the training diverged at step 1: weight not finite", f.what());
    assertEquals("rnn0.b", f.where());
    var sums = regression(new AdaGrad(1e-8));
    step(sums, 1.2e19f, 0.1);
    sums.requireFinite();
    for (int i = 1; i < 50; i++) step(sums, 1.2e19f, 0.1); // the square of 3e18, 50 times
    var slot = assertThrows(Fault.class, sums::requireFinite);
    assertEquals(Code.R001, slot.code());
    assertEquals("the training diverged at step 50: slot s not finite", slot.what());
  }
}
