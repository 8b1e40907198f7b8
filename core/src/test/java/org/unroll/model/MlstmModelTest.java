package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Fault;
import org.unroll.file.Tensor;
import org.unroll.file.TensorFile;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** mLSTMs as models: spec, file, session, state from batch to batch, and what they can learn. */
class MlstmModelTest {
  private static final Start GLOROT = Start.of(Start.Kind.GLOROT);

  private static Spec spec(Spec.Layer... layers) {
    return new Spec(new Spec.Symbols(7), List.of(layers), new Spec.Softmax(7, false, Head.At.EVERY_STEP, Specs.SMALL));
  }

  private static Spec.Layer mlstm(Spec.Direction direction) { return new Spec.Mlstm(8, 2, direction, 1.5, Specs.SMALL); }

  private static Learner learner(Spec spec, int threads) {
    var settings = new Learner.Settings(Adam.usual(), Penalty.NONE, List.of(new Clip.ByNorm(1)));
    return new Learner(Network.build(spec), settings, Kernels.best(threads), 1);
  }

  @Test void spec_goesThroughJson_andFaultsSayWhatIsWrong() {
    var spec = spec(new Spec.Embedding(5, GLOROT), mlstm(Spec.Direction.BOTH), new Spec.Dropout(0.1), mlstm(Spec.Direction.FORWARD));
    assertEquals(spec, Spec.parse(spec.json()));
    assertTrue(spec.json().contains("\"kind\":\"mlstm\",\"units\":8,\"heads\":2,\"direction\":\"both\",\"forget\":1.5"), spec::json);
    var heads = assertThrows(Fault.class, () -> Spec.parse(spec.json().replace("\"heads\":2", "\"heads\":3")));
    assertEquals("spec.layers[1].units: units is 8, heads is 3; units must be a multiple of heads; units: 6", heads.getMessage());
    var forget = assertThrows(Fault.class, () -> new Spec.Mlstm(8, 2, Spec.Direction.BOTH, Double.NaN, GLOROT));
    assertEquals("mlstm.forget: mlstm.forget is NaN, must be finite; forget: a finite number", forget.getMessage());
    assertEquals("mlstm.direction: it is missing", assertThrows(Fault.class, () -> new Spec.Mlstm(8, 2, null, 1, GLOROT)).getMessage());
    assertEquals("mlstm.start: it is missing",
        assertThrows(Fault.class, () -> new Spec.Mlstm(8, 2, Spec.Direction.BOTH, 1, null)).getMessage());
  }

  @Test void file_keepsTheWeightsUnderTheirNames(@TempDir Path folder) {
    var net = Specs.initialised(spec(new Spec.Embedding(5, GLOROT), mlstm(Spec.Direction.BOTH), mlstm(Spec.Direction.FORWARD)));
    var model = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
    model.save(folder.resolve("m.safetensors"));
    var loaded = Model.load(folder.resolve("m.safetensors"), Kernels.scalar());
    assertEquals(model.spec(), loaded.spec());
    assertEquals(model.id(), loaded.id());
    var names = model.tensors().stream().map(Tensor::name).filter(n -> n.startsWith("rnn")).toList();
    assertEquals(List.of("rnn.weight_qkvo_l0", "rnn.bias_qkvo_l0", "rnn.weight_if_l0", "rnn.bias_if_l0", "rnn.weight_qkvo_l0_reverse",
        "rnn.bias_qkvo_l0_reverse", "rnn.weight_if_l0_reverse", "rnn.bias_if_l0_reverse", "rnn.weight_qkvo_l1", "rnn.bias_qkvo_l1",
        "rnn.weight_if_l1", "rnn.bias_if_l1"), names);
    assertEquals(List.of(32L, 16L), model.tensors().stream().filter(t -> t.name().equals("rnn.weight_qkvo_l1")).findFirst().orElseThrow().shape());
  }

  @Test void session_forkedAndRestored_hasTheBitsOfTheBatch() {
    for (var spec : List.of(spec(mlstm(Spec.Direction.FORWARD)), spec(new Spec.Embedding(5, GLOROT), mlstm(Spec.Direction.FORWARD)))) {
      var net = Specs.initialised(spec);
      var model = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
      var ids = Slab.zeros(6, 1, 1);
      for (int t = 0; t < 6; t++) ids.set(t, 0, t * 3 % 7);
      var ws = new Workspace();
      var pass = model.read(Batch.full(ids, new long[1]), State.ZERO, ws);
      var scores = net.output().forward(pass.y(), State.ZERO, model.run(ws)).y().x();
      try (var session = model.session()) {
        for (int t = 0; t < 3; t++) assertArrayEquals(scores.copyRow(t, 0), session.step(t * 3 % 7));
        try (var fork = session.fork(); var restored = model.session()) {
          restored.restore(session.snapshot());
          for (int t = 3; t < 6; t++) {
            assertArrayEquals(scores.copyRow(t, 0), fork.step(t * 3 % 7));
            assertArrayEquals(scores.copyRow(t, 0), restored.step(t * 3 % 7));
          }
        }
      }
    }
  }

  @Test void stateOfAnotherShape_isRefused_andOneOfABatch_isCarriedOn() {
    var learner = learner(spec(mlstm(Spec.Direction.FORWARD)), 1);
    var x = Batch.full(Slab.zeros(3, 2, 1), new long[2]);
    var y = Slab.zeros(3, 2, 1);
    var f = assertThrows(Fault.class, () -> learner.step(x, y, new State(List.of(Slab.zeros(1, 2, 9))), 0.1));
    assertEquals("in, part 0: it is 1 × 2 × 9; it must be 1 × 2 × 42", f.getMessage());
    var out = learner.step(x, y, State.ZERO, 0.1).out().copy();
    learner.step(x, y, out, 0.1);
    assertEquals(2, learner.steps());
  }

  /**
   * Steps that show a key and a value each, then a key alone: which value stood beside it? Keys and values change from row to row.
   *
   * @param bar what the loss must have fallen below, as a running mean
   */
  private static Learner recall(int threads, int steps, double bar) {
    int words = 6, T = 4, N = 32;
    var spec = new Spec(new Spec.Vectors(2 * words), List.of(new Spec.Mlstm(16, 2, Spec.Direction.FORWARD, 3, GLOROT)),
        new Spec.Softmax(words, false, Head.At.LAST_STEP, GLOROT));
    var learner = learner(spec, threads);
    var rng = new Philox(4, Philox.Stream.DATA);
    double recent = 0;
    for (int step = 0; step < steps; step++) {
      var x = Slab.zeros(T, N, 2 * words);
      var y = Slab.zeros(T, N, 1);
      for (int n = 0; n < N; n++) {
        int[] keys = rng.permutation((long) step * N + n, words);
        int asked = (rng.bits(step, 1, n, 0) >>> 1) % (T - 1);
        for (int t = 0; t < T - 1; t++) {
          int value = (rng.bits(step, 2, n, t) >>> 1) % words;
          x.set(t * N + n, keys[t], 1);
          x.set(t * N + n, words + value, 1);
          if (t == asked) y.set((T - 1) * N + n, 0, value);
        }
        x.set((T - 1) * N + n, keys[asked], 1);
      }
      recent = 0.9 * recent + 0.1 * learner.step(Batch.full(x, new long[N]), y, State.ZERO, 0.01).loss();
    }
    assertTrue(recent < bar, "loss " + recent);
    return learner;
  }

  private static float[] weights(Learner learner) {
    return learner.tensors(Map.of()).stream().map(Tensor::floats).reduce(new float[0], (a, b) -> {
      float[] both = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, both, a.length, b.length);
      return both;
    });
  }

  @Test void training_onOneTwoAndSevenThreads_givesTheSameBits() {
    float[] one = weights(recall(1, 5, 3));
    for (int threads : new int[] {2, 7}) assertArrayEquals(one, weights(recall(threads, 5, 3)));
    assertEquals(List.of(), recall(1, 1, 3).unmoved());
  }

  @Test void training_resumedFromACheckpoint_endsWithTheSameWeights() {
    var spec = spec(new Spec.Embedding(8, GLOROT), new Spec.Residual(List.of(mlstm(Spec.Direction.FORWARD))));
    var straight = learner(spec, 1);
    var x = Batch.full(Slab.zeros(20, 2, 1), new long[2]);
    var out = straight.step(x, Slab.zeros(20, 2, 1), State.ZERO, 0.01).out().copy();
    var again = learner(spec, 2);
    again.restore(new TensorFile(straight.metadata(), straight.tensors(Map.of())), 1);
    for (var l : List.of(straight, again)) l.step(x, Slab.zeros(20, 2, 1), out, 0.01);
    assertEquals(straight.publish(Map.of()).id(), again.publish(Map.of()).id());
  }

  /** Who knows the values of the row and not which of them it was is at ln 3 = 1.1. */
  @Test void recall_ofAPair_isLearnt() { recall(1, 200, 0.2); }
}
