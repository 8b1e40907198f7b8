package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.ScalarKernels;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

class ModelTest {
  private static final Kernels K = new ScalarKernels();
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
  }

  @Test void group_ofSessions_givesTheBitsOfOneByOne() {
    var m = model(Specs.language("lstm-peephole", 7, 4, 9, 2));
    var alone = List.of(m.session(), m.session(), m.session());
    var together = List.of(m.session(), m.session(), m.session());
    alone.get(1).step(6);
    together.get(1).step(6);
    var group = m.group(3);
    for (int t = 0; t + 3 <= TEXT.length; t++) {
      int[] ids = {TEXT[t], TEXT[t + 1], TEXT[t + 2]};
      group.step(together, ids);
      for (int n = 0; n < 3; n++) assertArrayEquals(alone.get(n).step(ids[n]), together.get(n).scores());
    }
    assertEquals(11, together.get(1).position());
  }

  @Test void step_unknownSymbol_isRefused() {
    var s = model(Specs.language("elman", 7, 0, 4, 1)).session();
    assertEquals("symbol is 7, must be in [0, 7)", assertThrows(Fault.class, () -> s.step(7)).getMessage());
    assertEquals(Code.C030, assertThrows(Fault.class, () -> s.step(1f, 2f)).code());
  }
}
