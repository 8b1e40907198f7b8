package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** Which rows are alive, in as few ranges as there are, and how they are dealt to threads. */
class RowsTest {
  private static Batch batch(int rows, int... alive) { return new Batch(Slab.zeros(alive.length, rows, 1), alive, new long[rows]); }

  private static String ranges(Consumer<Rows.Range> body) {
    List<String> list = new ArrayList<>();
    body.accept((from, rows) -> list.add(from + "+" + rows));
    return list.toString();
  }

  @Test void alive_fullSteps_areOneRange() {
    assertEquals("[0+12]", ranges(r -> Rows.alive(batch(4, 4, 4, 4), r)));
    assertEquals("[0+10]", ranges(r -> Rows.alive(batch(4, 4, 4, 2), r)));
  }

  @Test void alive_raggedSteps_areARangeEach() {
    assertEquals("[0+7, 8+1]", ranges(r -> Rows.alive(batch(4, 4, 3, 1), r)));
    assertEquals("[0+3, 4+3, 8+2]", ranges(r -> Rows.alive(batch(4, 3, 3, 2), r)));
  }

  @Test void alive_nothing_isNoRange() {
    assertEquals("[]", ranges(r -> Rows.alive(batch(4), r)));
    assertEquals("[]", ranges(r -> Rows.alive(batch(4, 0, 0), r)));
    assertEquals("[0+2]", ranges(r -> Rows.alive(batch(4, 2, 0, 0), r)));
  }

  /** Kernels that say how many threads they have and do the parts in order. */
  private static Kernels threads(int n) {
    return (Kernels) java.lang.reflect.Proxy.newProxyInstance(RowsTest.class.getClassLoader(), new Class<?>[] {Kernels.class},
        (_, m, args) -> {
          if (m.getName().equals("threads")) return n;
          for (int i = 0; i < (int) args[0]; i++) ((java.util.function.IntConsumer) args[1]).accept(i);
          return null;
        });
  }

  @Test void split_fewRows_areForOneThread() {
    assertEquals("[0+15]", ranges(r -> Rows.split(threads(2), 15, r)));
    assertEquals("[0+40]", ranges(r -> Rows.split(threads(1), 40, r)));
    assertEquals("[0+0]", ranges(r -> Rows.split(threads(2), 0, r)));
  }

  @Test void split_threadsGetWholeTilesOfFour_theLastTheRest() {
    assertEquals("[0+8, 8+8]", ranges(r -> Rows.split(threads(2), 16, r)));
    assertEquals("[0+8, 8+11]", ranges(r -> Rows.split(threads(2), 19, r)));
    assertEquals("[0+4, 4+4, 8+4, 12+5]", ranges(r -> Rows.split(threads(9), 17, r)));
    assertEquals("[0+12, 12+12, 24+13]", ranges(r -> Rows.split(threads(3), 37, r)));
    assertEquals("[0+8, 8+8, 16+8, 24+8, 32+5]", ranges(r -> Rows.split(threads(8), 37, r)));
    assertEquals("[0+8, 8+8, 16+9]", ranges(r -> Rows.split(threads(3), 25, r)));
  }
}
