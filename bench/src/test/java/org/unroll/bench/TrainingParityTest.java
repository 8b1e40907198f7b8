package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the same weights, on the same characters, our engine and libtorch train to the same losses. */
@Tag("libtorch")
class TrainingParityTest {
  private static final int STEPS = 50, T = 64, B = 32, WIDTH = 64, UNITS = 256;
  private static final double RATE = 2e-3, CLOSE = 1e-4;

  @Test
  void losses_fiftySteps_equalLibtorchs() throws IOException {
    var text = CharText.load();
    var ours = new OurModel(text.symbols(), WIDTH, UNITS, RATE);
    Libtorch.threads(1);
    var theirs = new TorchModel(ours, RATE);
    double first = 0, last = 0;
    for (int i = 0; i < STEPS; i++) {
      var x = text.chunk(i, T, B, 0);
      var y = text.chunk(i, T, B, 1);
      double a = ours.step(x, y), b = theirs.step(x, y);
      assertTrue(Math.abs(a - b) <= CLOSE * b, "step " + (i + 1) + ": our loss " + a + ", libtorch's " + b);
      if (i == 0) first = a;
      last = a;
    }
    assertTrue(last < 0.85 * first, "nothing was learnt: " + first + " to " + last);
  }
}
