package org.unroll.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Chain;
import org.unroll.layer.Input;
import org.unroll.layer.Jordan;
import org.unroll.layer.Recurrent;
import org.unroll.slab.Batch;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

class RigTest {
  /** The normaliser n of an sLSTM is at least 1, whichever part of the state it stands in. */
  @Test void state_behindAnotherMemory_isOneThatItsOwnLayerCanHold() {
    var ps = new Params();
    var half = new Init.Uniform(0.5f);
    var inits = new Recurrent.Inits(half, half, 1);
    var jordan = Jordan.of("j", "out", Input.of(2), 7, 4, Activation.TANH, inits, half, ps);
    var slstm = Recurrent.of("s", Cells.find("slstm"), Input.of(7), 5, Recurrent.Direction.FORWARD, inits, ps);
    Rig.fill(ps, 0.5f, 1);
    var rig = Rig.of(new Chain(List.of(jordan, slstm)), ps, Kernels.scalar(), Batch.full(Slab.zeros(3, 2, 2), new long[2]), 1);
    assertEquals(2, rig.in().parts().size());
    assertEquals(4, rig.in().part(0).cols());
    boolean below = false;
    for (float v : rig.in().part(0).flat()) below |= v < 0;
    assertTrue(below);
    for (float v : rig.in().part(1).step(2).flat()) assertTrue(v >= 1, () -> "n is " + v);
    boolean free = false;
    for (float v : rig.in().part(1).step(1).flat()) free |= v < 0;
    assertTrue(free);
  }
}
