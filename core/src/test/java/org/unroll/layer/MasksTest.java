package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** What the masks of a recurrent layer hold, and where they act. */
class MasksTest {
  private static final Noise STATE = Try.NOISES.get(0), CANDIDATE = Try.NOISES.get(1), MEMORY = Try.NOISES.get(3), CONNECT = Try.NOISES.get(4);
  private static final int X = 3, N = 4, T = 7;

  private final Params ps = new Params();

  private Recurrent layer(String cell, Noise noise) {
    var layer = Recurrent.of("a", Cells.find(cell), Input.of(X), 19, Direction.FORWARD, Try.INITS, ps).with(noise, 3);
    Try.random(ps, 3);
    return layer;
  }

  @Test void stateDropout_hasOneMaskForAllSteps_andLeavesTheOutput() {
    var layer = layer("lstm", STATE);
    var tr = layer.forward(Try.vectors(Try.RAGGED, N, X, 1), State.ZERO, Try.training(ps, 17));
    int dropped = 0;
    for (int n = 0; n < N; n++) for (int k = 0; k < 19; k++) {
      float m = tr.masks().state().get(n, k);
      if (m == 0) dropped++;
      else assertEquals(1 / (float) (1 - 0.4), m);
      for (int t = 0; t < T && Try.RAGGED[t] > n; t++) {
        assertEquals(m * tr.y().x().get(t * N + n, k), tr.fed().get((t + 1) * N + n, k));
        assertEquals(tr.states().get((t + 1) * N + n, k), tr.y().x().get(t * N + n, k));
      }
    }
    assertTrue(dropped > 18 && dropped < 43, "of 76 units " + dropped + " are dropped");
    assertFalse(Arrays.equals(tr.masks().state().copyRow(0, 0), tr.masks().state().copyRow(0, 1)), "two sequences, one mask");
  }

  /** No row of the last step has ended: one mask more would lie outside. */
  @Test void masks_ofAFullBatch_endWithItsLastRow() {
    var plain = layer("lstm", Noise.NONE);
    int[] full = {N, N, N};
    for (var noise : List.of(CANDIDATE, MEMORY)) {
      var m = plain.with(noise, 3).forward(Try.vectors(full, N, X, 1), State.ZERO, Try.training(ps, 17)).masks();
      var last = noise == CANDIDATE ? m.candidate() : m.zone();
      assertEquals(3 * N, last.steps() * last.rows());
      int zeros = 0;
      for (int k = 0; k < 19; k++) if (last.get(3 * N - 1, k) == 0) zeros++;
      assertTrue(zeros > 2, noise + ": " + zeros + " of 19");
    }
  }

  @Test void dropConnect_ofBothRecurrentMatrices_hasTwoMasks() {
    var layer = layer("gru-before", CONNECT);
    var m = layer.forward(Try.vectors(Try.RAGGED, N, X, 1), State.ZERO, Try.training(ps, 17)).masks();
    int dropped = 0, same = 0;
    var R = layer.R().of(ps.array());
    for (int r = 0; r < 19; r++) for (int k = 0; k < 38; k++) {
      if (m.R().mask().get(r, k) == 0) dropped++;
      assertEquals(m.R().mask().get(r, k) * R.get(r, k), m.R().weights().get(r, k));
      if (k < 19 && m.R().mask().get(r, k) == m.S().mask().get(r, k)) same++;
    }
    assertTrue(dropped > 230 && dropped < 350, "of 722 weights " + dropped + " are dropped");
    assertTrue(same < 250, "of 361 weights " + same + " have one mask");
  }

  /** What is not asked for is not made: no mask of ones, no matrix of its own. */
  @Test void masks_areThoseThatTheNoiseNames() {
    var plain = layer("lstm", Noise.NONE);
    for (var noise : Try.NOISES) {
      for (boolean training : new boolean[] {true, false}) {
        var run = training ? Try.training(ps, 17) : Try.run(ps);
        var m = plain.with(noise, 3).forward(Try.vectors(Try.RAGGED, N, X, 1), State.ZERO, run).masks();
        assertEquals(training && noise.equals(STATE), m.state() != null);
        assertEquals(training && noise.equals(CANDIDATE), m.candidate() != null);
        assertEquals(noise.zones(), m.zone() != null);
        assertEquals(training && noise.equals(CONNECT), m.R() != null);
        assertNull(m.S());
      }
    }
  }

  /** Nothing but seed, step, layer, sequence, time and unit decide. */
  @Test void masks_areTheNumbersOfTheirKeys() {
    var layer = layer("gru-before", new Noise(0.4, 0.3, 0.2, 0, 0.1));
    var x = Try.vectors(Try.RAGGED, N, X, 1);
    var m = layer.forward(x, State.ZERO, Try.training(ps, 17)).masks();
    var want = Slab.zeros(1, 1, 19);
    for (int n = 0; n < N; n++) {
      rng(Philox.Stream.STATE_DROPOUT).mask(17, 3, x.ids()[n], 0, (float) (1 - 0.4), want, 0);
      for (int t = 0; t <= T; t++) assertArrayEquals(want.data(), m.state().copyRow(t, n));
    }
    for (int t = 0; t < T; t++) for (int n = 0; n < Try.RAGGED[t]; n++) {
      rng(Philox.Stream.RECURRENT_DROPOUT).mask(17, 3, x.ids()[n], t * 19, (float) (1 - 0.3), want, 0);
      assertArrayEquals(want.data(), m.candidate().copyRow(t, n));
      rng(Philox.Stream.ZONEOUT).choice(17, 3, x.ids()[n], t * 19, 0.2f, want, 0);
      assertArrayEquals(want.data(), layer.stateRows().slot(m.zone(), 0).copyRow(t, n));
    }
    var wide = Slab.zeros(1, 1, 38);
    for (int r = 0; r < 19; r++) {
      rng(Philox.Stream.DROP_CONNECT).mask(17, 6, r, 0, (float) (1 - 0.1), wide, 0);
      assertArrayEquals(wide.data(), m.R().mask().copyRow(0, r));
      rng(Philox.Stream.DROP_CONNECT).mask(17, 7, r, 0, (float) (1 - 0.1), want, 0);
      assertArrayEquals(want.data(), m.S().mask().copyRow(0, r));
    }
  }

  @Test void masksOfZoneout_haveAShareForEachSlot() {
    var layer = layer("lstm", MEMORY);
    var x = Try.vectors(Try.RAGGED, N, X, 1);
    var want = Slab.zeros(1, 1, 19);
    var z = layer.forward(x, State.ZERO, Try.training(ps, 17)).masks().zone();
    for (int t = 0; t < T; t++) for (int n = 0; n < Try.RAGGED[t]; n++) for (int i = 0; i < 2; i++) {
      rng(Philox.Stream.ZONEOUT).choice(17, 3, x.ids()[n], (2 * t + i) * 19, i == 0 ? 0.1f : 0.5f, want, 0);
      assertArrayEquals(want.data(), layer.stateRows().slot(z, i).copyRow(t, n));
    }
    var means = layer.forward(x, State.ZERO, Try.run(ps)).masks().zone();
    for (int k = 0; k < 19; k++) assertEquals(List.of(0.1f, 0.5f), List.of(means.get(0, k), means.get(0, layer.stateRows().slot() + k)));
  }

  private static Philox rng(Philox.Stream stream) { return new Philox(11, stream); }

  /** A fused cell knows of no mask: it must not be asked where there is one. */
  @Test void fastKernels_giveTheBitsOfTheScalarOnes() {
    var plain = layer("lstm", Noise.NONE);
    for (var noise : Try.NOISES) {
      var x = Try.vectors(Try.RAGGED, N, X, 1);
      var run = Run.training(new Weights(ps, Kernels.of("fast", 1)), new Philox(11, Philox.Stream.DROPOUT), 17,
          new Workspace());
      var one = plain.with(noise, 3).forward(x, State.ZERO, Try.training(ps, 17)).out().part(0);
      var fast = plain.with(noise, 3).forward(x, State.ZERO, run).out().part(0);
      for (int r = 0; r < one.height(); r++) assertArrayEquals(one.copyRow(r / N, r % N), fast.copyRow(r / N, r % N), noise.toString());
    }
  }
}
