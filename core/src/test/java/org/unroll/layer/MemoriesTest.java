package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.kernel.Activation;
import org.unroll.layer.Layer.Memory;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Init;
import org.unroll.slab.Params;

/** A layer says what it carries from step to step, and which layers it is made of. */
class MemoriesTest {
  private static final int X = 4;
  private final Params ps = new Params();

  private Recurrent walk(String name, String cell, int inputs, int units, Direction d) {
    return Recurrent.of(name, Cells.find(cell), Input.of(inputs), units, d, Try.INITS, ps);
  }

  /** Every kind of layer that has memories, some within others. */
  private Layer mixed() {
    var jordan = Jordan.of("j", "out", Input.of(X), 5, 3, Activation.TANH, Try.INITS, Try.HALF, ps);
    var both = new Concat(List.of(walk("f", "lstm", 5, 3, Direction.FORWARD), walk("b", "gru", 5, 2, Direction.BACKWARD)));
    var highway = Highway.of("h", 5, new Chain(List.of(walk("s", "slstm", 5, 6, Direction.FORWARD), Dense.of("d", 6, 5, Try.HALF, ps))),
        new Init.Constant(0.1f), -1, ps);
    var mlstm = Mlstm.of("m", Input.of(5), 4, 2, Direction.FORWARD, Try.HALF, 1, ps);
    return new Chain(List.of(jordan, new Residual(5, both), highway, new Dropout(5, 0, 0), mlstm));
  }

  @Test void memories_areThoseOfTheStateThatForwardGives() {
    var layer = mixed();
    Try.random(ps, 3);
    var out = layer.forward(Try.vectors(new int[] {2, 2, 1}, 2, X, 1), State.ZERO, Try.run(ps)).out();
    var memories = layer.memories();
    assertEquals(5, layer.parts());
    assertEquals(out.parts().size(), memories.size());
    for (int i = 0; i < memories.size(); i++) {
      assertEquals(out.part(i).steps(), memories.get(i).slots());
      assertEquals(2, out.part(i).rows());
      assertEquals(out.part(i).cols(), memories.get(i).width());
    }
    assertEquals(List.of(Memory.of(3, 1), Memory.of(3, 2), Memory.of(2, 1)), memories.subList(0, 3));
    float any = Float.NEGATIVE_INFINITY;
    assertEquals(new Memory(6, List.of(any, any, 1f, any)), memories.get(3));
  }

  @Test void inner_areTheLayersOfOneMadeOfSome() {
    var chain = (Chain) mixed();
    assertEquals(chain.layers(), chain.inner());
    var highway = (Highway) chain.layers().get(2);
    assertEquals(List.of(highway.body(), highway.gate()), highway.inner());
    assertEquals(List.of(((Residual) chain.layers().get(1)).body()), chain.layers().get(1).inner());
    assertTrue(chain.layers().get(0).inner().isEmpty() && highway.gate().memories().isEmpty());
  }
}
