package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.unroll.slab.Init;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

class BlendTest {
  private static final int ROWS = 5, COLS = 3, FROM = 1, COUNT = 3;

  /** Columns 2 to 4 of rows of 7. */
  private static Slab view(int key) {
    var s = Slab.zeros(1, ROWS, 7);
    new Init.Range(0.1f, 0.9f).fill(s, new Philox(1, Philox.Stream.DATA), key);
    return s.cols(2, 2 + COLS);
  }

  private static final float GUARD = 9;

  private static Slab guarded() {
    var s = view(0);
    Arrays.fill(s.data(), GUARD);
    return s;
  }

  private interface Formula { float at(int r, int k); }

  private static void holds(Slab s, Formula want) {
    for (int i = 0; i < s.data().length; i++) {
      int r = i / 7, k = i % 7 - 2;
      boolean within = r >= FROM && r < FROM + COUNT && k >= 0 && k < COLS;
      assertEquals(within ? want.at(r, k) : GUARD, s.data()[i], within ? 1e-6f : 0, "row " + r + ", column " + k);
    }
  }

  @Test void forward_mixesTheRowsThatAreAskedFor_andTouchesNothingElse() {
    Slab t = view(1), f = view(2), x = view(3), y = guarded();
    Blend.forward(t, f, x, y, FROM, COUNT);
    holds(y, (r, k) -> t.get(r, k) * f.get(r, k) + (1 - t.get(r, k)) * x.get(r, k));
  }

  @Test void backward_givesTheThreeGradients_andTouchesNothingElse() {
    Slab t = view(1), f = view(2), x = view(3), dy = view(4), df = guarded(), dt = guarded(), dx = guarded();
    Blend.backward(t, f, x, dy, df, dt, dx, FROM, COUNT);
    holds(df, (r, k) -> dy.get(r, k) * t.get(r, k));
    holds(dt, (r, k) -> dy.get(r, k) * (f.get(r, k) - x.get(r, k)));
    holds(dx, (r, k) -> dy.get(r, k) * (1 - t.get(r, k)));
  }
}
