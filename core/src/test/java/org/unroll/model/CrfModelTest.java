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
import org.unroll.file.Tensor;
import org.unroll.file.TensorFile;
import org.unroll.head.Crf;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** A tagger with a CRF as a model: its file, its answers, its checkpoints. */
class CrfModelTest {
  private static final int T = 5, N = 3, SYMBOLS = 7, LABELS = 4;
  private static final int[] ALIVE = {3, 3, 2, 1, 1};

  @TempDir Path folder;

  private static Spec spec(Spec.Direction d) {
    return new Spec(new Spec.Symbols(SYMBOLS), List.of(new Spec.Embedding(3, Specs.SMALL),
        new Spec.Recurrent("lstm", 4, d, 1, Specs.SMALL, Specs.SMALL)), new Spec.Crf(LABELS, Specs.SMALL, new Start(Start.Kind.UNIFORM, 0.1)));
  }

  private static Model model(Spec.Direction d) {
    var net = Specs.initialised(spec(d));
    return Model.of(net, net.shape(), Kernels.scalar(), Map.of());
  }

  private static Slab ids(int below, int step) {
    var s = Slab.zeros(T, N, 1);
    for (int r = 0; r < T * N; r++) s.set(r, 0, (r * step + r / 3) % below);
    return s;
  }

  private static Batch batch() { return new Batch(ids(SYMBOLS, 5), ALIVE, new long[] {4, 5, 6}); }

  @Test void file_namesTheTransitionsAsTorchcrfDoes_andIsReadBack() {
    var m = model(Spec.Direction.BOTH);
    var names = m.tensors().stream().filter(t -> t.name().startsWith("crf") || t.name().startsWith("decoder")).map(t -> t.name() + t.shape()).toList();
    assertEquals(List.of("decoder.weight[4, 8]", "decoder.bias[4]", "crf.transitions[4, 4]", "crf.start_transitions[4]", "crf.end_transitions[4]"), names);
    var crf = (Crf) m.network().head();
    float[] A = m.tensors().stream().filter(t -> t.name().equals("crf.transitions")).map(Tensor::floats).findFirst().orElseThrow();
    assertEquals(crf.A().of(m.params().array()).get(1, 2), A[1 * 4 + 2]);
    var file = folder.resolve("tagger.safetensors");
    m.save(file);
    var back = Model.load(file, Kernels.scalar());
    assertEquals(m.spec(), back.spec());
    assertArrayEquals(m.params().array(), back.params().array());
    assertEquals(m.id(), back.id());
  }

  @Test void predict_givesTheMarginalsOfTheLattices() {
    var m = model(Spec.Direction.BOTH);
    var lattices = m.lattices(batch(), State.ZERO, new Workspace());
    var p = m.predict(batch(), State.ZERO, new Workspace());
    assertEquals(List.of(5, 3, 2), lattices.stream().map(l -> l.length()).toList());
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < ALIVE[t]; n++) assertArrayEquals(lattices.get(n).marginals()[t], p.copyRow(t, n), 1e-6f);
    }
    double sum = 0;
    var target = ids(LABELS, 3);
    for (int n = 0; n < N; n++) {
      var y = new int[lattices.get(n).length()];
      for (int t = 0; t < y.length; t++) y[t] = (int) target.get(t * N + n, 0);
      sum -= lattices.get(n).logProbability(y);
    }
    var e = m.evaluate(batch(), target, State.ZERO, new Workspace());
    assertEquals(sum, e.sum(), 1e-6 * sum);
    assertEquals(3, e.count());
  }

  @Test void session_givesTheEmissionsOfTheBatch() {
    var m = model(Spec.Direction.FORWARD);
    var lattice = m.lattices(batch(), State.ZERO, new Workspace()).getFirst();
    var crf = (Crf) m.network().head();
    try (var s = m.session()) {
      double score = crf.start().of(m.params().array()).get(0, 0) + crf.end().of(m.params().array()).get(0, 0);
      for (int t = 0; t < T; t++) score += s.step((int) batch().x().get(t * N, 0))[0];
      for (int t = 1; t < T; t++) score += crf.A().of(m.params().array()).get(0, 0);
      assertEquals(lattice.score(0, 0, 0, 0, 0), score, 1e-6);
    }
  }

  @Test void learner_onACrf_learnsAndResumesBitForBit() {
    var net = Network.build(spec(Spec.Direction.BOTH));
    var settings = new Learner.Settings(Adam.usual(), Penalty.NONE, List.of(new Clip.ByNorm(5)));
    var learner = new Learner(net, settings, Kernels.scalar(), 1);
    var target = ids(LABELS, 3);
    double first = learner.step(batch(), target, State.ZERO, 0.02).loss();
    for (int i = 0; i < 30; i++) learner.step(batch(), target, State.ZERO, 0.02);
    assertEquals(List.of(), learner.unmoved());
    var resumed = new Learner(net, settings, Kernels.best(2), 2);
    resumed.restore(new TensorFile(learner.metadata(), learner.tensors(Map.of())), learner.steps());
    for (int i = 0; i < 90; i++) {
      assertEquals(learner.step(batch(), target, State.ZERO, 0.02).loss(), resumed.step(batch(), target, State.ZERO, 0.02).loss());
    }
    double last = learner.step(batch(), target, State.ZERO, 0.02).loss();
    assertTrue(last < 0.1 * first, first + " to " + last);
    var lattices = learner.publish(Map.of()).lattices(batch(), State.ZERO, new Workspace());
    for (int n = 0; n < N; n++) {
      var best = lattices.get(n).viterbi().labels();
      for (int t = 0; t < best.length; t++) assertEquals((int) target.get(t * N + n, 0), best[t]);
    }
  }

  @Test void lattices_ofAnotherHead_areRefused() {
    var net = Specs.initialised(Specs.language("lstm", SYMBOLS, 3, 4, 1));
    var m = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
    var f = assertThrows(Fault.class, () -> m.lattices(batch(), State.ZERO, new Workspace()));
    assertEquals(Code.C030, f.code());
    assertEquals("the model's head does not label sequences; its head must be a crf; ask for predict", f.getMessage());
    var p = m.predict(batch(), State.ZERO, new Workspace());
    double sum = 0;
    for (int k = 0; k < SYMBOLS; k++) sum += p.get(0, k);
    assertEquals(1, sum, 1e-6);
  }

  @Test void questions_withABatchThatDoesNotFit_areRefused() {
    var m = model(Spec.Direction.BOTH);
    var bad = new Batch(ids(SYMBOLS + 1, 1), ALIVE, new long[N]);
    String message = "x, step 2, row 0: the symbol is 8.0; it must be a whole number in [0, 7)";
    bad.x().set(2 * N, 0, 8);
    assertEquals(message, assertThrows(Fault.class, () -> m.predict(bad, State.ZERO, new Workspace())).getMessage());
    assertEquals(message, assertThrows(Fault.class, () -> m.lattices(bad, State.ZERO, new Workspace())).getMessage());
    var in = new State(List.of(Slab.zeros(2, N, 4)));
    assertEquals("in: it has 1 parts; it must have 2, one for each recurrent walk, or none",
        assertThrows(Fault.class, () -> m.predict(batch(), in, new Workspace())).getMessage());
    var target = ids(LABELS, 3);
    target.set(N, 0, LABELS);
    assertEquals("target, step 1, row 0: the label is 4.0; it must be a whole number in [0, 4)",
        assertThrows(Fault.class, () -> m.evaluate(batch(), target, State.ZERO, new Workspace())).getMessage());
  }

  @Test void load_withoutTransitions_isRefused() {
    var m = model(Spec.Direction.BOTH);
    var tensors = m.tensors().stream().filter(t -> !t.name().equals("crf.end_transitions")).toList();
    var file = folder.resolve("x.safetensors");
    org.unroll.file.SafeTensorsWriter.save(org.unroll.file.Disk.real(), file, tensors, ModelFile.metadata(m.spec()));
    assertEquals(Code.M007, assertThrows(Fault.class, () -> Model.load(file, Kernels.scalar())).code());
  }
}
