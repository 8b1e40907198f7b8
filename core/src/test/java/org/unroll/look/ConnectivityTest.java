package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.unroll.model.Spec;
import org.unroll.slab.Workspace;

class ConnectivityTest {
  private static final int[] ONCE = {3, 1, 4, 8, 2, 6, 5, 0, 7};   // no symbol twice: a row of the table is one input

  /** Against differences of the score in float. */
  @Test void norms_areSlopesByTheEmbeddedInput() {
    var spec = Glass.spec("lstm", 4, 5, 2, Spec.Direction.FORWARD);
    var c = Connectivity.of(Reading.of(Glass.model(spec, _ -> { }), ONCE));
    int t = 6;
    for (int k = 0; k <= t; k++) {
      double squares = 0;
      for (int e = 0; e < 4; e++) {
        int at = ONCE[k] * 4 + e;
        double slope = (score(spec, at, 0.02f, t, c.scores()[t]) - score(spec, at, -0.02f, t, c.scores()[t])) / 0.04;
        squares += slope * slope;
      }
      assertEquals(Math.sqrt(squares), c.norms()[t][k], 0.01 * c.norms()[t][k] + 2e-5, "input " + k);
    }
    var r = Reading.of(Glass.model(spec, _ -> { }), ONCE);
    for (int k = 0; k < Glass.SYMBOLS; k++) assertTrue(r.scores().get(t, k) <= r.scores().get(t, c.scores()[t]));
    assertEquals(0, c.norms()[t][7]);
    assertTrue(c.norms()[t][6] > c.norms()[t][0] && c.norms()[t][0] > 0);
  }

  private static double score(Spec spec, int at, float by, int t, int output) {
    var moved = Glass.model(spec, ps -> ps.array()[ps.find("embedding.E").offset() + at] += by);
    return Reading.of(moved, ONCE).scores().get(t, output);
  }

  /** One-hot rows and an embedding that is the identity are the same input. */
  @Test void oneHotInput_isAnIdentityEmbedding() {
    for (var direction : Spec.Direction.values()) {
      var hot = Glass.model(Glass.spec("gru", 0, 5, 1, direction), _ -> { });
      var identity = Glass.model(Glass.spec("gru", Glass.SYMBOLS, 5, 1, direction), ps -> {
        Glass.fill(ps, "embedding.E", 0);
        for (int v = 0; v < Glass.SYMBOLS; v++) ps.array()[ps.find("embedding.E").offset() + v * (Glass.SYMBOLS + 1)] = 1;
        float[] weights = hot.run(new Workspace()).weights().params().array();
        System.arraycopy(weights, 0, ps.array(), ps.find("embedding.E").end(), weights.length);
      });
      var want = Connectivity.of(Reading.of(identity, Glass.TEXT));
      var got = Connectivity.of(Reading.of(hot, Glass.TEXT));
      assertArrayEquals(want.scores(), got.scores());
      for (int t = 0; t < Glass.TEXT.length; t++) assertArrayEquals(want.norms()[t], got.norms()[t], 1e-6, direction + " " + t);
    }
  }

  @Test void manySteps_areDoneInGroups() {
    var model = Glass.model("gru", 1);
    var text = new int[37];
    for (int t = 0; t < text.length; t++) text[t] = t * t % Glass.SYMBOLS;
    var long_ = Connectivity.of(Reading.of(model, text));
    var short_ = Connectivity.of(Reading.of(model, java.util.Arrays.copyOf(text, 20)));
    for (int t = 0; t < 20; t++) for (int k = 0; k < 20; k++) assertEquals(short_.norms()[t][k], long_.norms()[t][k], 1e-6);
    assertTrue(long_.norms()[36][36] > 0);
  }
}
