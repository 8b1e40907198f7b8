package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.check.GradCheck;
import org.unroll.kernel.Kernels;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** Layers whose output is a projection of the state. */
class ProjectionTest {
  private static final int X = 3, H = 19, WIDTH = 5, N = 4, T = 7;

  private final Params ps = new Params();

  static Stream<String> cells() { return Stream.of("lstm", "lstm-peephole", "slstm", "gru", "elman", "mingru"); }

  private Recurrent layer(String cell, Direction d) {
    var layer = Recurrent.of("a", Cells.find(cell), Input.of(X), H, WIDTH, d, Try.INITS, ps);
    Try.random(ps, 3);
    return layer;
  }

  private static State state(Recurrent layer) {
    var s = Try.numbers(layer.stateRows().slots(), N, H, 5);
    for (int i = 0; i < s.data().length; i++) if (i / (N * H) == 2) s.data()[i] = 1 + Math.abs(s.data()[i]);
    return new State(List.of(s));
  }

  @Test void leastUnits_areEnough() {
    assertEquals(1, Recurrent.of("a", Cells.find("elman"), Input.of(X), 1, Direction.FORWARD, Try.INITS, ps).width());
    assertEquals(2, Recurrent.of("b", Cells.find("gru-ln-unbiased"), Input.of(X), 2, Direction.FORWARD, Try.INITS, ps).width());
  }

  @ParameterizedTest
  @MethodSource("cells")
  void gradients_equalTheReference(String cell) {
    for (var d : Direction.values()) {
      var fresh = new Params();
      var layer = Recurrent.of("a", Cells.find(cell), Input.of(X), H, WIDTH, d, Try.INITS, fresh);
      Try.random(fresh, 3);
      var report = GradCheck.layer(layer, Try.vectors(Try.RAGGED, N, X, 1), Try.run(fresh), 5, 2);
      assertEquals(GradCheck.Against.REFERENCE, report.against());
      assertTrue(report.rows().stream().anyMatch(r -> r.tensor().equals("δa.P")), report::toString);
      assertTrue(report.passed(), report::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void stepper_givesTheBitsOfTheWhole(String cell) {
    var layer = layer(cell, Direction.FORWARD);
    var all = Try.vectors(new int[] {N, N, N, N, N}, N, X, 1);
    var pass = layer.forward(all, state(layer), Try.run(ps));
    var x = Slab.zeros(1, N, X);
    var stepper = layer.open(x, Try.run(ps));
    stepper.step();                                           // from where it is set stands then in the other half
    stepper.set(state(layer));
    for (int t = 0; t < 5; t++) {
      for (int n = 0; n < N; n++) x.setRow(n, all.x(), t * N + n);
      stepper.step();
      for (int n = 0; n < N; n++) assertArrayEquals(pass.y().x().copyRow(t, n), stepper.y().copyRow(0, n), "step " + t);
    }
    assertArrayEquals(pass.out().part(0).data(), stepper.state().part(0).data());
  }

  @ParameterizedTest
  @MethodSource("cells")
  void chunksOfTime_haveTheBitsOfTheWhole_bothWays(String cell) {
    var layer = layer(cell, Direction.FORWARD);
    var x = Try.vectors(Try.RAGGED, N, X, 1);
    var dy = Try.numbers(T, N, WIDTH, 7);
    var whole = layer.forward(x, state(layer), Try.run(ps));
    var g = whole.backward(dy, State.ZERO, new Grads(ps));
    var first = layer.forward(part(x, 0, 3), state(layer), Try.run(ps));
    var second = layer.forward(part(x, 3, T), first.out(), Try.run(ps));
    var late = second.backward(dy.steps(3, T), State.ZERO, new Grads(ps));
    var early = first.backward(dy.steps(0, 3), late.dIn(), new Grads(ps));
    assertArrayEquals(whole.out().part(0).data(), second.out().part(0).data());
    assertArrayEquals(g.dIn().part(0).data(), early.dIn().part(0).data());
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < Try.RAGGED[t]; n++) {
        assertArrayEquals(g.dx().copyRow(t, n), t < 3 ? early.dx().copyRow(t, n) : late.dx().copyRow(t - 3, n), "step " + t);
      }
    }
  }

  private static Batch part(Batch x, int from, int to) {
    return new Batch(x.x().steps(from, to), Arrays.copyOfRange(x.alive(), from, to), x.ids());
  }

  @ParameterizedTest
  @MethodSource("cells")
  void kernelsAndThreads_giveTheSameBits(String cell) {
    for (var d : Direction.values()) for (int rows : new int[] {4, 37}) {
      var layer = Recurrent.of("a" + d + rows, Cells.find(cell), Input.of(X), H, WIDTH, d, Try.INITS, ps);
      Try.random(ps, 3);
      float[] one = Try.twice(layer, rows, ps, Try.run(ps, Kernels.of("scalar", 1)));
      assertArrayEquals(one, Try.twice(layer, rows, ps, Try.run(ps, Kernels.of("fast", 3))), cell);
      assertArrayEquals(one, Try.twice(layer, rows, ps, Try.run(ps, Kernels.of("plain", 2))), cell);
    }
  }

  /** P that picks the first units out is an LSTM whose other units nobody hears. */
  @Test void projection_thatPicksUnits_isAnLstmWithHolesInR() {
    var layer = layer("lstm", Direction.FORWARD);
    var P = layer.P().of(ps.array());
    for (int r = 0; r < H; r++) for (int k = 0; k < WIDTH; k++) P.set(r, k, r == k ? 1 : 0);
    ps.touch();
    var plainPs = new Params();
    var plain = Recurrent.of("a", Cells.find("lstm"), Input.of(X), H, Direction.FORWARD, Try.INITS, plainPs);
    plainPs.array();
    for (String name : List.of("a.W", "a.b")) {
      System.arraycopy(ps.array(), ps.find(name).offset(), plainPs.array(), plainPs.find(name).offset(), ps.find(name).size());
    }
    System.arraycopy(ps.array(), layer.R().offset(), plainPs.array(), plain.R().offset(), layer.R().size());
    Arrays.fill(plainPs.array(), plain.R().offset() + layer.R().size(), plain.R().end(), 0f);
    plainPs.touch();
    var x = Try.vectors(Try.RAGGED, N, X, 1);
    var y = layer.forward(x, state(layer), Try.run(ps)).y().x();
    var h = plain.forward(x, state(plain), Try.run(plainPs)).y().x();
    assertEquals(WIDTH, layer.width());
    for (int t = 0; t < T; t++) {
      for (int n = 0; n < Try.RAGGED[t]; n++) assertArrayEquals(Arrays.copyOf(h.copyRow(t, n), WIDTH), y.copyRow(t, n));
    }
  }
}
