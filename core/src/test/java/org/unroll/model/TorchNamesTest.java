package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.layer.Chain;
import org.unroll.layer.Layer;
import org.unroll.layer.Pass;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;
import org.unroll.slab.Batch;
import org.unroll.slab.Init;
import org.unroll.slab.Slab;

/** No weight is left out of files without a word. */
class TorchNamesTest {
  /** A layer that the table of names has not heard of. */
  private record Unknown(int width) implements Layer {
    @Override public Pass forward(Batch x, State in, Run run) { throw new AssertionError("it is never run"); }

    @Override public Stepper open(Slab x, Run run) { throw new AssertionError("it is never run"); }
  }

  private static AssertionError refused(Network net) {
    return assertThrows(AssertionError.class, () -> TorchNames.write(net, net.shape().array()));
  }

  @Test void layerOfAnUnknownKind_isRefused() {
    var net = Network.build(Specs.language("lstm", 7, 4, 9, 1));
    var with = new Network(net.spec(), new Chain(List.of(net.body(), new Unknown(9))), net.output(), net.head(), net.shape());
    assertTrue(refused(with).getMessage().contains("Unknown"));
  }

  @Test void weightsWithoutAName_areRefused() {
    var net = Network.build(Specs.language("lstm", 7, 4, 9, 1));
    int size = net.shape().size();
    net.shape().add("lost", 2, 3, new Init.Constant(0));
    assertEquals(size + " of " + (size + 6) + " weights have a name in files", refused(net).getMessage());
  }

  @Test void weightsWithTwoNames_areRefused() {
    var net = Network.build(Specs.language("gru", 7, 4, 9, 1));
    int size = net.shape().size();
    var twice = new Network(net.spec(), new Chain(List.of(net.body(), net.output())), net.output(), net.head(), net.shape());
    assertEquals((size + 70) + " of " + size + " weights have a name in files", refused(twice).getMessage());
  }
}
