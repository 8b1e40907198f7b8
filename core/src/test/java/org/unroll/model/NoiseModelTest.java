package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.check.GradCheck;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.TensorFile;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Activity;
import org.unroll.layer.Chain;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.optim.Adam;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Models with regularisers: in specs and files, in training, in sessions. */
class NoiseModelTest {
  private static final Noise ALL = new Noise(0.25, 0.3, 0.1, 0.5, 0.2);

  @TempDir Path folder;

  private static Spec spec(Noise noise, Over over) {
    var layer = new Spec.Recurrent("lstm", 9, Spec.Direction.FORWARD, 1, Specs.SMALL, Specs.SMALL, 0, noise);
    return new Spec(new Spec.Symbols(7), List.of(new Spec.Embedding(9, Specs.SMALL), new Spec.Dropout(0.2, over), layer,
        new Spec.Dropout(0.3, over), layer), new Spec.Softmax(7, true, Head.At.EVERY_STEP, Specs.SMALL));
  }

  static Stream<Noise> each() {
    return Stream.of(new Noise(0.4, 0, 0, 0, 0), new Noise(0, 0.4, 0, 0, 0), new Noise(0, 0, 0.4, 0, 0), new Noise(0, 0, 0, 0.4, 0),
        new Noise(0, 0, 0, 0, 0.4));
  }

  // ---- specs and files

  @Test void json_withoutNoise_doesNotSpeakOfIt_andWithItNamesWhatThereIs() {
    var plain = spec(Noise.NONE, Over.STEP).json();
    assertFalse(plain.contains("noise") || plain.contains("over"), plain);
    assertEquals(spec(Noise.NONE, Over.STEP), Spec.parse(plain));
    var some = spec(new Noise(0, 0, 0.1, 0.5, 0), Over.SEQUENCE).json();
    assertTrue(some.contains("\"noise\":{\"zoneout\":0.1,\"zoneout_memory\":0.5}"), some);
    assertTrue(some.contains("\"rate\":0.2,\"over\":\"sequence\""), some);
    for (var noise : List.of(ALL, new Noise(0, 0, 0.1, 0.5, 0))) {
      assertEquals(spec(noise, Over.SEQUENCE), Spec.parse(spec(noise, Over.SEQUENCE).json()));
    }
  }

  @Test void json_withNoiseThatIsWrong_isRefused() {
    var json = spec(ALL, Over.STEP).json();
    var unknown = assertThrows(Fault.class, () -> Spec.parse(json.replaceFirst("\"zoneout\"", "\"zone_out\"")));
    assertEquals("spec.layers[2].noise.zone_out: unknown key 'zone_out'; did you mean zoneout?", unknown.getMessage());
    assertEquals(Code.C012, unknown.code());
    var gru = assertThrows(Fault.class, () -> Spec.parse(json.replaceFirst("\"lstm\"", "\"gru\"")));
    assertEquals(Code.C014, gru.code());
    assertEquals("zoneout_memory is 0.5 and the cell 'gru'", gru.what());
  }

  @Test void network_numbersEveryWalk_soThatNoTwoHaveTheSameMasks() {
    var both = new Spec.Recurrent("gru", 4, Spec.Direction.BOTH, 1, Specs.SMALL, Specs.SMALL, 0, new Noise(0.5, 0, 0, 0, 0));
    var net = Network.build(new Spec(new Spec.Vectors(3), List.of(both, both), new Spec.SquaredError(1, Head.At.EVERY_STEP, Specs.SMALL)));
    var numbers = ((Chain) net.body()).layers().stream().flatMap(c -> ((org.unroll.layer.Concat) c).layers().stream())
        .map(l -> ((Recurrent) l).number()).toList();
    assertEquals(List.of(0, 1, 2, 3), numbers);
  }

  @Test void file_keepsTheNoise_andSessionsOfBothSayTheSame() {
    var net = Specs.initialised(spec(ALL, Over.SEQUENCE));
    var m = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
    m.save(folder.resolve("m.safetensors"));
    var back = Model.load(folder.resolve("m.safetensors"), Kernels.scalar());
    assertEquals(m.spec(), back.spec());
    assertArrayEquals(m.session().step(3), back.session().step(3));
  }

  // ---- evaluation

  /** Zoneout's mean in batch, session and group alike. */
  @Test void session_withZoneout_hasTheBitsOfTheBatch_alsoRestoredAndInAGroup() {
    var net = Specs.initialised(spec(ALL, Over.SEQUENCE));
    var m = Model.of(net, net.shape(), Kernels.best(2), Map.of());
    int[] text = {3, 1, 4, 1, 5, 2, 6};
    var x = Slab.zeros(text.length, 1, 1);
    for (int t = 0; t < text.length; t++) x.set(t, 0, text[t]);
    var s = m.session();
    for (int id : text) s.step(id);
    var pass = m.read(Batch.full(x, new long[1]), State.ZERO, new Workspace());
    for (int i = 0; i < 2; i++) assertArrayEquals(pass.out().part(i).data(), s.state().part(i).data());
    var group = m.group(2);
    var restored = m.session();
    restored.restore(s.snapshot());
    var fork = s.fork();
    group.step(List.of(restored, fork), new int[] {2, 5});
    assertArrayEquals(s.step(2).clone(), restored.scores());
    var plain = Model.of(Network.build(spec(Noise.NONE, Over.STEP)), m.params(), Kernels.scalar(), Map.of()).session();
    assertFalse(java.util.Arrays.equals(plain.step(3), m.session().step(3)));
  }

  // ---- training

  private static Learner learner(Spec spec, ActivityPenalty activity, int threads) {
    return new Learner(Network.build(spec), new Learner.Settings(Adam.usual(), Penalty.NONE, List.of(), activity),
        Kernels.of(threads == 0 ? "scalar" : "fast", Math.max(1, threads)), 7);
  }

  /** Windows of five symbols that go on where the last ended. */
  private static void train(Learner learner, int from, int steps, State[] state) {
    for (int i = from; i < from + steps; i++) {
      var x = Slab.zeros(5, 3, 1);
      var y = Slab.zeros(5, 3, 1);
      for (int r = 0; r < 15; r++) {
        x.set(r, 0, (i * 31 + r * r) % 7);
        y.set(r, 0, (i * 31 + r * r + r) % 7);
      }
      state[0] = learner.step(Batch.full(x, new long[] {0, 1, 2}), y, state[0], 0.01).out().copy();
    }
  }

  private static String trained(Spec spec, ActivityPenalty activity, int threads) {
    var learner = learner(spec, activity, threads);
    train(learner, 0, 3, new State[] {State.ZERO});
    return learner.publish(Map.of()).id();
  }

  private static float[] weights(Spec spec, ActivityPenalty activity) {
    var learner = learner(spec, activity, 0);
    train(learner, 0, 3, new State[] {State.ZERO});
    return learner.publish(Map.of()).params().array();
  }

  @ParameterizedTest
  @MethodSource("each")
  void training_isAnotherWithEachRegulariser(Noise noise) {
    assertFalse(java.util.Arrays.equals(weights(spec(Noise.NONE, Over.STEP), ActivityPenalty.NONE),
        weights(spec(noise, Over.STEP), ActivityPenalty.NONE)));
  }

  @Test void training_withOneMaskASequenceOrPenaltiesOnActivations_isAnother() {
    var plain = weights(spec(Noise.NONE, Over.STEP), ActivityPenalty.NONE);
    for (var w : List.of(weights(spec(Noise.NONE, Over.SEQUENCE), ActivityPenalty.NONE), weights(spec(Noise.NONE, Over.STEP),
        new ActivityPenalty(2, 0)), weights(spec(Noise.NONE, Over.STEP), new ActivityPenalty(0, 1)))) {
      assertFalse(java.util.Arrays.equals(plain, w));
    }
  }

  @Test void training_withAllOfThem_givesTheSameBitsOnAnyThreads() {
    var one = trained(spec(ALL, Over.SEQUENCE), new ActivityPenalty(2, 1), 0);
    for (int threads : new int[] {1, 2, 7}) assertEquals(one, trained(spec(ALL, Over.SEQUENCE), new ActivityPenalty(2, 1), threads));
  }

  @Test void training_stoppedAndResumed_goesOnTheSameWay() {
    var straight = learner(spec(ALL, Over.SEQUENCE), new ActivityPenalty(2, 1), 0);
    var state = new State[] {State.ZERO};
    train(straight, 0, 2, state);
    var again = learner(spec(ALL, Over.SEQUENCE), new ActivityPenalty(2, 1), 0);
    again.restore(new TensorFile(straight.metadata(), straight.tensors(Map.of())), 2);
    var carried = new State[] {state[0].copy()};
    train(straight, 2, 2, state);
    train(again, 2, 2, carried);
    assertEquals(straight.publish(Map.of()).id(), again.publish(Map.of()).id());
    assertNotEquals(straight.publish(Map.of()).id(), trained(spec(ALL, Over.SEQUENCE), new ActivityPenalty(2, 1), 0));
  }

  @Test void gradients_ofAModelWithAllOfThem_equalTheReference() {
    var net = Specs.initialised(spec(ALL, Over.SEQUENCE));
    var body = new ActivityPenalty(2, 1).on(net.body());
    var x = Slab.zeros(6, 3, 1);
    for (int r = 0; r < 18; r++) x.set(r, 0, r * r % 7);
    var run = Run.training(new Weights(net.shape(), Kernels.scalar()), new Philox(5, Philox.Stream.DROPOUT), 4, new Workspace());
    var report = GradCheck.model(body, net.head(), Batch.full(x, new long[] {4, 5, 6}), x, run, 3, 2);
    assertEquals(GradCheck.Against.REFERENCE, report.against());
    assertTrue(report.passed(), report::toString);
  }

  // ---- penalties

  @Test void activityPenalty_standsWhereThePaperHasIt() {
    var net = Network.build(new Spec(new Spec.Symbols(7), List.of(new Spec.Recurrent("lstm", 9, Spec.Direction.FORWARD, 1, Specs.SMALL,
        Specs.SMALL), new Spec.Dropout(0.2)), new Spec.Softmax(7, false, Head.At.EVERY_STEP, Specs.SMALL)));
    var layers = ((Chain) new ActivityPenalty(2, 1).on(net.body())).layers();
    assertEquals(List.of(new Activity(9, 0, 1), new Activity(9, 2, 0)), List.of(layers.get(1), layers.get(3)));
    assertEquals(4, layers.size());
    assertSame(net.body(), ActivityPenalty.NONE.on(net.body()));
    assertEquals(new Activity(9, 2, 0), ((Chain) new ActivityPenalty(2, 0).on(net.body())).layers().getLast());
    assertEquals(3, ((Chain) new ActivityPenalty(0, 1).on(net.body())).layers().size());
  }

  @Test void activityPenalty_outOfRangeOrWithoutARecurrentLayer_isRefused() {
    var f = assertThrows(Fault.class, () -> new ActivityPenalty(-1, 0));
    assertEquals("activity penalty: l2 is -1.0; it must be finite and not negative", f.getMessage());
    assertThrows(Fault.class, () -> new ActivityPenalty(0, Double.POSITIVE_INFINITY));
    var net = Network.build(new Spec(new Spec.Vectors(2), List.of(new Spec.Dense(3, Specs.SMALL)), new Spec.SquaredError(1,
        Head.At.EVERY_STEP, Specs.SMALL)));
    var none = assertThrows(Fault.class, () -> new ActivityPenalty(0, 1).on(net.body()));
    assertEquals(Code.C014, none.code());
    assertEquals("temporal is 1.0 and no layer is recurrent", none.what());
  }
}
