package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.SafeTensorsWriter;
import org.unroll.file.Tensor;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

class ModelTest {
  private static final Kernels K = Kernels.scalar();
  private static final int[] TEXT = {3, 1, 4, 1, 5, 2, 6, 5, 3, 5, 0, 6};

  @TempDir Path folder;

  static Stream<String> cells() { return Cells.names().stream(); }

  private static Model model(Spec spec) {
    var net = Specs.initialised(spec);
    return Model.of(net, net.shape(), K, Map.of("vocabulary", "天地玄黃".getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void load_savedModel_hasTheSameBits(String cell) {
    for (int embed : new int[] {0, 5}) {
      var m = model(Specs.language(cell, 7, embed, 9, 2));
      var file = folder.resolve(cell + embed + ".safetensors");
      m.save(file);
      var back = Model.load(file, K);
      assertEquals(m.spec(), back.spec());
      assertArrayEquals(m.params().array(), back.params().array());
      assertEquals(m.id(), back.id());
      assertEquals("天地玄黃", new String(back.attachment("vocabulary"), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void step_symbolBySymbol_givesTheBitsOfTheWholeSequence(String cell) {
    for (int embed : new int[] {0, 5}) {
      var m = model(Specs.language(cell, 7, embed, 9, 2));
      var x = Slab.zeros(TEXT.length, 1, 1);
      for (int t = 0; t < TEXT.length; t++) x.set(t, 0, TEXT[t]);
      var run = Run.evaluation(m.weights(), new Workspace());
      var h = m.network().body().forward(Batch.full(x, new long[1]), State.ZERO, run).y();
      var z = m.network().output().forward(h, State.ZERO, run).y().x();
      try (var s = m.session()) {
        for (int t = 0; t < TEXT.length; t++) assertArrayEquals(z.copyRow(t, 0), s.step(TEXT[t]), "step " + t);
        assertEquals(TEXT.length, s.position());
      }
    }
  }

  @Test void fork_andSnapshot_goOnAsTheOriginal() {
    var m = model(Specs.language("lstm", 7, 4, 9, 2));
    var s = m.session();
    for (int id : TEXT) s.step(id);
    var fork = s.fork();
    var restored = m.session();
    restored.restore(s.snapshot());
    assertArrayEquals(s.scores(), restored.scores());
    float[] next = s.step(2).clone();
    assertArrayEquals(next, fork.step(2));
    assertArrayEquals(next, restored.step(2));
    assertEquals(TEXT.length + 1, restored.position());
    s.reset();
    assertArrayEquals(m.session().step(3), s.step(3));
    assertNotEquals(next[0], s.scores()[0]);
  }

  @Test void restore_ofAnotherModelOrDamaged_isRefused() {
    var m = model(Specs.language("gru", 7, 4, 9, 1));
    var other = model(Specs.language("gru", 7, 4, 8, 1));
    byte[] bytes = m.session().snapshot();
    assertEquals(Code.M007, assertThrows(Fault.class, () -> other.session().restore(bytes)).code());
    var cut = assertThrows(Fault.class, () -> m.session().restore(java.util.Arrays.copyOf(bytes, bytes.length - 1)));
    assertEquals("the snapshot is cut short at byte " + (bytes.length - 1), cut.getMessage());
    assertEquals(Code.M003, assertThrows(Fault.class, () -> m.session().restore(java.util.Arrays.copyOf(bytes, bytes.length + 1))).code());
    var s = m.session();
    float[] before = s.step(3).clone();
    var none = assertThrows(Fault.class, () -> s.restore(new byte[0]));
    assertEquals("the snapshot is cut short at byte 0", none.getMessage());
    assertArrayEquals(before, s.scores());
    assertEquals(1, s.position());
  }

  @Test void step_unknownSymbol_isRefused() {
    var s = model(Specs.language("elman", 7, 0, 4, 1)).session();
    assertEquals("the symbol is 7, must be in [0, 7)", assertThrows(Fault.class, () -> s.step(7)).getMessage());
    assertEquals(Code.C030, assertThrows(Fault.class, () -> s.step(1f, 2f)).code());
  }

  @Test void loadedModel_sharesItsWeightsWithNobody() {
    var file = folder.resolve("m.safetensors");
    model(Specs.language("lstm", 7, 4, 9, 1)).save(file);
    var m = Model.load(file, K);
    float[] before = m.session().step(3).clone();
    java.util.Arrays.fill(m.network().shape().array(), 9f);
    m.network().shape().touch();
    assertArrayEquals(before, m.session().step(3));
  }

  @Test void attachment_isACopy_inAndOut() {
    var net = Specs.initialised(Specs.language("lstm", 7, 4, 9, 1));
    byte[] bytes = {1, 2};
    var m = Model.of(net, net.shape(), K, Map.of("a", bytes));
    bytes[0] = 9;
    m.attachment("a")[1] = 9;
    assertArrayEquals(new byte[] {1, 2}, m.attachment("a"));
    assertNull(m.attachment("b"));
  }

  private Path file(String spec, Tensor... tensors) {
    var file = folder.resolve("bad.safetensors");
    SafeTensorsWriter.save(Disk.real(), file, List.of(tensors), Map.of(ModelFile.SPEC, spec));
    return file;
  }

  private static String spec(String input, String units) {
    return Specs.language("lstm", 7, 0, 4, 1).json().replace("{\"symbols\":7}", input).replace("\"units\":4", "\"units\":" + units);
  }

  @Test void load_specThatIsNone_isAFaultOfTheFile() {
    var one = Tensor.of("w", new float[] {1});
    for (String bad : List.of("{", "[]", spec("{\"symbols\":0}", "4"), spec("{\"symbols\":7}", "0"), spec("{\"symbols\":7}", "100000"),
        spec("{\"symbols\":7}", "1073741824"), spec("{\"symbols\":7}", "4").replace("recurrent\"", "dropout\""),
        spec("{\"symbols\":7}", "4").replace("\"tied\":false", "\"tied\":true"))) {
      var file = file(bad, one);
      var f = assertThrows(Fault.class, () -> Model.load(file, K), bad);
      assertEquals(Code.M003, f.code(), f::getMessage);
      assertTrue(f.where().startsWith(file.toString()), f::getMessage);
    }
  }

  @Test void load_specOfMoreWeightsThanTheFileHas_isRefusedBeforeTheyAreAllocated() {
    var file = file(spec("{\"symbols\":7}", "18000"), Tensor.of("rnn.weight_ih_l0", new float[] {1}));
    var f = assertThrows(Fault.class, () -> Model.load(file, K));
    assertEquals(Code.M007, f.code());
    assertEquals(file + ": its tensors hold 1 numbers, its spec needs 1296702007 weights", f.getMessage());
  }

  @Test void sessions_ofSeveralThreadsAtOnce_giveTheBitsOfOneByOne() throws Exception {
    var net = Specs.initialised(Specs.language("lstm", 7, 4, 65, 2));
    var alone = Model.of(net, net.shape(), K, Map.of());
    var kernels = Kernels.best(2);
    int threads = 4;
    for (int round = 0; round < 20; round++) {
      var shared = alone.with(kernels); // fresh: the threads pack its weights together
      assertEquals(alone.id(), shared.id());
      var ready = new CyclicBarrier(threads);
      try (var pool = Executors.newFixedThreadPool(threads)) {
        var results = new ArrayList<Future<float[][]>>();
        for (int i = 0; i < threads; i++) {
          int first = i;
          results.add(pool.submit(() -> {
            ready.await();
            return read(shared.session(), first);
          }));
        }
        for (int i = 0; i < threads; i++) assertArrayEquals(read(alone.session(), i), results.get(i).get());
      }
    }
  }

  private static float[][] read(Session s, int first) {
    var scores = new float[TEXT.length][];
    for (int t = 0; t < TEXT.length; t++) scores[t] = s.step((TEXT[t] + first) % 7).clone();
    return scores;
  }

  @Test void attachment_withoutBytes_isRefused() {
    var net = Specs.initialised(Specs.language("lstm", 7, 4, 9, 1));
    var f = assertThrows(Fault.class, () -> Model.of(net, net.shape(), K, Map.of("a", new byte[0])));
    assertEquals(Code.C030, f.code());
    assertEquals("attachment a: it has no bytes; a file holds no empty tensor; leave it out", f.getMessage());
  }
}
