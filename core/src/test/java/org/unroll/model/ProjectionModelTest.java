package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
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

/** Projected layers in specs, files and sessions. */
class ProjectionModelTest {
  @TempDir Path folder;

  private static Spec spec(String cell, int units, int projection) {
    var layer = new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, 1, Specs.SMALL, Specs.SMALL, projection);
    return new Spec(new Spec.Symbols(7), List.of(layer, layer), new Spec.Softmax(7, false, Head.At.EVERY_STEP, Specs.SMALL));
  }

  @Test void file_hasPyTorchsNamesAndShapes_andIsReadBack() {
    var net = Specs.initialised(spec("lstm", 9, 4));
    var m = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
    var file = folder.resolve("m.safetensors");
    m.save(file);
    var content = SafeTensorsReader.of(Disk.real(), file).read();
    assertEquals(List.of(36L, 7L), content.find("rnn.weight_ih_l0").shape());
    assertEquals(List.of(36L, 4L), content.find("rnn.weight_hh_l0").shape());
    assertEquals(List.of(4L, 9L), content.find("rnn.weight_hr_l0").shape());
    assertEquals(List.of(36L, 4L), content.find("rnn.weight_ih_l1").shape());
    assertEquals(List.of(7L, 4L), content.find("decoder.weight").shape());
    var P = net.shape().find("rnn0.P").of(m.params().array());
    assertEquals(P.get(8, 3), content.find("rnn.weight_hr_l0").floats()[3 * 9 + 8]);
    var back = Model.load(file, Kernels.scalar());
    assertEquals(m.spec(), back.spec());
    assertArrayEquals(m.params().array(), back.params().array());
  }

  @Test void session_restored_goesOnAsTheOriginal() {
    var net = Specs.initialised(spec("lstm", 9, 4));
    var m = Model.of(net, net.shape(), Kernels.scalar(), Map.of());
    var s = m.session();
    for (int id : new int[] {3, 1, 4, 1, 5}) s.step(id);
    var restored = m.session();
    restored.restore(s.snapshot());
    assertArrayEquals(s.step(2).clone(), restored.step(2));
  }

  @Test void json_withoutProjection_doesNotSpeakOfIt() {
    assertFalse(spec("lstm", 9, 0).json().contains("projection"));
    assertEquals(spec("lstm", 9, 4), Spec.parse(spec("lstm", 9, 4).json()));
  }

  @Test void projection_thatDoesNotFit_isRefused() {
    for (int wide : new int[] {-1, 9}) {
      var f = assertThrows(Fault.class, () -> spec("lstm", 9, wide));
      assertEquals(Code.C011, f.code());
      assertEquals("recurrent.projection: projection is " + wide + ", units are 9; must be 0 (none) or at least 1 and below units"
          + "; projection: 0", f.getMessage());
    }
    var f = assertThrows(Fault.class, () -> spec("gru-before", 9, 4));
    assertEquals("recurrent.projection: projection is 4, cell is 'gru-before'; a cell that resets before the product multiplies its own "
        + "state, not a projection of it; projection: 0", f.getMessage());
  }
}
