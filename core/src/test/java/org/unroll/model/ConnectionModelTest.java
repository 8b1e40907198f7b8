package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.SafeTensorsReader;
import org.unroll.head.Head;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Stacks of different layers, some with a way around them, in specs, files and sessions. */
class ConnectionModelTest {
  private static final int[] TEXT = {3, 1, 4, 1, 5, 2, 6, 5, 3, 5, 0, 6};

  @TempDir Path folder;

  private static Spec.Recurrent walk(String cell, int units, int projection) {
    return new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, Specs.SMALL, Specs.SMALL, projection);
  }

  private static Spec spec(Spec.Layer... layers) {
    return new Spec(new Spec.Symbols(7), List.of(layers), new Spec.Softmax(7, false, Head.At.EVERY_STEP, Specs.SMALL));
  }

  private static Spec mixed() {
    return spec(new Spec.Embedding(5, Specs.SMALL), walk("lstm", 9, 0),
        new Spec.Residual(List.of(walk("gru", 9, 0), new Spec.Dropout(0.2))),
        new Spec.Highway(List.of(walk("slstm", 9, 0)), -2, Specs.SMALL), walk("lstm", 11, 4),
        new Spec.Highway(List.of(new Spec.Dense(6, Specs.SMALL), new Spec.Residual(List.of(walk("mingru", 6, 0))), walk("elman", 4, 0)), -1,
            Specs.SMALL));
  }

  private static Model model() {
    var net = Specs.initialised(mixed());
    return Model.of(net, net.shape(), Kernels.scalar(), Map.of());
  }

  @Test void file_hasAGateEach_andIsReadBack() {
    var m = model();
    var file = folder.resolve("m.safetensors");
    m.save(file);
    var content = SafeTensorsReader.of(Disk.real(), file).read();
    assertEquals(List.of(9L, 9L), content.find("highway0.weight").shape());
    assertEquals(List.of(4L), content.find("highway1.bias").shape());
    assertEquals(List.of(27L, 9L), content.find("rnn.weight_ih_l1").shape());
    assertEquals(List.of(4L, 6L), content.find("rnn.weight_ih_l5").shape());
    var W = m.params().find("highway0.W").of(m.params().array());
    assertEquals(W.get(8, 3), content.find("highway0.weight").floats()[3 * 9 + 8]);
    var back = Model.load(file, Kernels.scalar());
    assertEquals(m.spec(), back.spec());
    assertEquals(m.id(), back.id());
    assertArrayEquals(m.params().array(), back.params().array());
  }

  @Test void json_isReadBack() {
    assertEquals(mixed(), Spec.parse(mixed().json()));
    assertEquals("{\"kind\":\"residual\",\"body\":[{\"kind\":\"dropout\",\"rate\":0.5}]}",
        org.unroll.file.Json.write(((List<?>) spec(new Spec.Residual(List.of(new Spec.Dropout(0.5)))).values().get("layers")).getFirst()));
  }

  @Test void session_symbolBySymbol_givesTheBitsOfTheWhole_andGoesOnWhenRestored() {
    var m = model();
    var x = Slab.zeros(TEXT.length, 1, 1);
    for (int t = 0; t < TEXT.length; t++) x.set(t, 0, TEXT[t]);
    var run = Run.evaluation(m.weights(), new Workspace());
    var pass = m.network().body().forward(Batch.full(x, new long[1]), State.ZERO, run);
    var z = m.network().output().forward(pass.y(), State.ZERO, run).y().x();
    var s = m.session();
    for (int t = 0; t < TEXT.length; t++) {
      if (t == 5) {
        var restored = m.session();
        restored.restore(s.snapshot());
        s = restored;
      }
      assertArrayEquals(z.copyRow(t, 0), s.step(TEXT[t]), "step " + t);
    }
    assertEquals(6, pass.out().parts().size());
    m.read(Batch.full(x, new long[1]), pass.out(), new Workspace());          // the state is as the check of batches wants it
  }

  @Test void sizesThatDoNotFit_sayWhichLayer() {
    var wide = spec(new Spec.Embedding(5, Specs.SMALL), new Spec.Residual(List.of(walk("gru", 9, 0))));
    var f = assertThrows(Fault.class, () -> Network.build(wide));
    assertEquals(Code.C014, f.code());
    assertEquals("layers[1]: a residual connection takes 5 columns, the layers in it give 9; y = x + f(x) needs both equally wide; "
        + "make the last layer in it 5 wide; make the layer below it 9 wide", f.getMessage());
    var within = spec(new Spec.Embedding(5, Specs.SMALL),
        new Spec.Residual(List.of(walk("gru", 5, 0), new Spec.Highway(List.of(walk("gru", 9, 0)), -2, Specs.SMALL))));
    assertEquals("layers[1].body[1]", assertThrows(Fault.class, () -> Network.build(within)).where());
  }

  @Test void oneHotInput_hasNothingToAdd() {
    for (var layer : List.of(new Spec.Residual(List.of(walk("gru", 7, 0))), new Spec.Highway(List.of(walk("gru", 7, 0)), -2, Specs.SMALL))) {
      String who = layer instanceof Spec.Residual ? "residual" : "highway";
      assertEquals("layers: a " + who + " connection takes vectors, not symbols; put an embedding or a recurrent layer before it",
          assertThrows(Fault.class, () -> Network.build(spec(layer))).getMessage());
    }
  }

  @Test void jordanLayer_withAWayAroundIt_isRefused() {
    var jordan = new Spec.Jordan(5, org.unroll.kernel.Activation.SOFTMAX, Specs.SMALL, Specs.SMALL);
    var f = assertThrows(Fault.class,
        () -> Network.build(spec(new Spec.Embedding(5, Specs.SMALL), new Spec.Residual(List.of(jordan)))));
    assertEquals(Code.C014, f.code());
  }

  @Test void badSpecs_areRefused() {
    assertEquals("residual.body: residual.body has no layer; a way around leads around at least one; a layer in body, or leave it out",
        assertThrows(Fault.class, () -> new Spec.Residual(List.of())).getMessage());
    assertEquals("residual.body[1]: it is missing", assertThrows(Fault.class,
        () -> new Spec.Residual(Arrays.asList(new Spec.Dropout(0), null))).getMessage());
    assertEquals("highway.body: it is missing", assertThrows(Fault.class, () -> new Spec.Highway(null, -2, Specs.SMALL)).getMessage());
    assertEquals("highway.start: it is missing",
        assertThrows(Fault.class, () -> new Spec.Highway(List.of(new Spec.Dropout(0)), -2, null)).getMessage());
    var f = assertThrows(Fault.class, () -> new Spec.Highway(List.of(new Spec.Dropout(0)), Double.NaN, Specs.SMALL));
    assertEquals(Code.C011, f.code());
    assertEquals("highway.bias: highway.bias is NaN, must be finite; bias: a finite number", f.getMessage());
  }
}
