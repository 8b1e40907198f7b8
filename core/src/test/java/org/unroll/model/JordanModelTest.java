package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.optim.Adam;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Jordan networks and feed-forward ones as models: spec, file, session; and Jordan's beside Elman's when they learn. */
class JordanModelTest {
  private static final Start GLOROT = Start.of(Start.Kind.GLOROT);
  private static final Spec.Layer JORDAN = new Spec.Jordan(9, Activation.SOFTMAX, Specs.SMALL, Specs.SMALL);

  private static Spec jordan(Spec.Layer... layers) {
    return new Spec(new Spec.Symbols(7), List.of(layers), new Spec.Softmax(7, false, Head.At.EVERY_STEP, Specs.SMALL));
  }

  @Test void spec_jordanAndActivations_goThroughJson() {
    var spec = jordan(new Spec.Embedding(5, GLOROT), new Spec.Dense(6, Activation.RELU, GLOROT), new Spec.Dense(4, GLOROT), JORDAN);
    assertEquals(spec, Spec.parse(spec.json()));
    assertTrue(spec.json().contains("\"activation\":\"relu\""), spec::json);
    assertTrue(spec.json().contains("\"kind\":\"jordan\",\"units\":9,\"feedback\":\"softmax\""), spec::json);
    assertTrue(!spec.json().contains("identity"), spec::json);  // a dense layer alone is written as it always was
  }

  @Test void file_keepsTheWeights_andASessionHasTheBitsOfTheBatch(@TempDir Path folder) {
    for (var spec : List.of(jordan(JORDAN), jordan(new Spec.Embedding(5, GLOROT), new Spec.Dense(6, Activation.TANH, GLOROT), JORDAN))) {
      var net = Specs.initialised(spec);
      var model = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
      Path file = folder.resolve("m" + spec.layers().size() + ".safetensors");
      model.save(file);
      var loaded = Model.load(file, Kernels.scalar());
      assertEquals(spec, loaded.spec());
      assertEquals(model.id(), loaded.id());
      var ids = Slab.zeros(6, 1, 1);
      for (int t = 0; t < 6; t++) ids.set(t, 0, t * 3 % 7);
      var run = org.unroll.layer.Run.evaluation(new org.unroll.kernel.Weights(net.shape(), Kernels.scalar()), new Workspace());
      var batch = Batch.full(ids, new long[1]);
      var scores = net.output().forward(net.body().forward(batch, State.ZERO, run).y(), State.ZERO, run).y().x();
      try (var session = loaded.session()) {
        for (int t = 0; t < 3; t++) assertArrayEquals(scores.copyRow(t, 0), session.step(t * 3 % 7));
        try (var fork = session.fork(); var restored = loaded.session()) {
          restored.restore(session.snapshot());
          for (int t = 3; t < 6; t++) {
            assertArrayEquals(scores.copyRow(t, 0), fork.step(t * 3 % 7));
            assertArrayEquals(scores.copyRow(t, 0), restored.step(t * 3 % 7));
          }
        }
      }
    }
  }

  @Test void aLayerOnAJordanLayer_andATiedHead_areRefused() {
    var fault = assertThrows(Fault.class, () -> Network.build(jordan(JORDAN, new Spec.Dropout(0.1))));
    assertEquals(Code.C014, fault.code());
    assertEquals("a layer stands on a jordan layer", fault.what());
    var tied = new Spec(new Spec.Symbols(7), List.of(new Spec.Embedding(9, GLOROT), JORDAN), new Spec.Softmax(7, true, Head.At.EVERY_STEP, GLOROT));
    assertEquals("a jordan layer under a tied head", assertThrows(Fault.class, () -> Network.build(tied)).what());
  }

  @Test void stateOfAnotherShape_isRefused() {
    var learner = new Learner(Network.build(jordan(JORDAN)), new Learner.Settings(Adam.usual(), Penalty.NONE, List.of()), Kernels.scalar(), 1);
    var x = Batch.full(Slab.zeros(3, 2, 1), new long[2]);
    var fault = assertThrows(Fault.class, () -> learner.step(x, Slab.zeros(3, 2, 1), new State(List.of(Slab.zeros(1, 2, 9))), 0.1));
    assertEquals("in, part 0: it is 1 × 2 × 9; it must be 1 × 2 × 7", fault.getMessage());
    var out = learner.step(x, Slab.zeros(3, 2, 1), State.ZERO, 0.1).out().copy();
    learner.step(x, Slab.zeros(3, 2, 1), out, 0.1);
    assertEquals(2, learner.steps());
  }

  /** To say at each step the symbol before the last, one must keep what the output does not show: Elman's network can. */
  private static double delayed(Spec.Layer layer) {
    var spec = new Spec(new Spec.Symbols(2), List.of(layer), new Spec.Softmax(2, false, Head.At.EVERY_STEP, GLOROT));
    var learner = new Learner(Network.build(spec), new Learner.Settings(Adam.usual(), Penalty.NONE, List.of()), Kernels.scalar(), 2);
    var rng = new Philox(4, Philox.Stream.DATA);
    int T = 12, N = 32;
    double last = 0;
    for (int step = 0; step < 400; step++) {
      var x = Slab.zeros(T, N, 1);
      var y = Slab.zeros(T, N, 1);
      for (int r = 0; r < T * N; r++) {
        x.set(r, 0, rng.uniform(step, 0, r % N, r / N) < 0.5f ? 0 : 1);
        y.set(r, 0, r < N ? x.get(r, 0) : x.get(r - N, 0));
      }
      last = learner.step(Batch.full(x, new long[N]), y, State.ZERO, 0.01).loss();
    }
    return last;
  }

  @Test void delayByOne_elmanLearns_jordanDoesNot() {
    double elman = delayed(new Spec.Recurrent("elman", 6, Spec.Direction.FORWARD, 0, GLOROT, GLOROT));
    double jordan = delayed(new Spec.Jordan(6, Activation.SOFTMAX, GLOROT, GLOROT));
    assertTrue(elman < 0.01, "Elman " + elman);
    assertTrue(jordan > 0.4, "Jordan " + jordan);     // log 2 is knowing nothing
  }
}
