package org.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.State;
import org.unroll.layer.Try;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;

/** What holds for an sLSTM whatever its weights: the stabiliser stabilises and does nothing else. */
class SlstmTest {
  private static final int N = 4, H = 19, C = 1, NORM = 2, M = 3;

  private final Params ps = new Params();
  private final Recurrent layer = Recurrent.of("a", Cells.find("slstm"), Input.of(3), H, Direction.FORWARD, Try.INITS, ps);

  /** States as they come up: n at least 1. */
  private static Slab state() {
    var s = Try.numbers(4, N, H, 5);
    for (int r = NORM * N; r < (NORM + 1) * N; r++) for (int k = 0; k < H; k++) s.set(r, k, 1 + Math.abs(s.get(r, k)));
    return s;
  }

  /** c and n scaled by e^−3 and m raised by 3 are the same memory. */
  @Test void output_otherStabiliser_isTheSame() {
    Try.random(ps, 3);
    var other = state();
    for (int r = N; r < 4 * N; r++) {
      for (int k = 0; k < H; k++) other.set(r, k, r < M * N ? (float) (other.get(r, k) * StrictMath.exp(-3)) : other.get(r, k) + 3);
    }
    var x = Try.vectors(Try.RAGGED, N, 3, 1);
    var one = layer.forward(x, new State(List.of(state())), Try.run(ps)).y();
    var two = layer.forward(x, new State(List.of(other)), Try.run(ps)).y();
    for (int t = 0; t < 7; t++) {
      for (int n = 0; n < Try.RAGGED[t]; n++) {
        for (int k = 0; k < H; k++) assertEquals(one.x().get(t * N + n, k), two.x().get(t * N + n, k), 1e-6);
      }
    }
  }

  /** So by a loss of h alone m has the gradient that c and n leave it: ∂L/∂m' = c' ∂L/∂c' + n' ∂L/∂n'. */
  @Test void gradientOfTheStabiliser_lossOfTheOutputAlone_cancels() {
    Try.random(ps, 3);
    var in = state();
    var pass = layer.forward(Try.vectors(Try.RAGGED, N, 3, 1), new State(List.of(in)), Try.run(ps));
    var d = pass.backward(Try.numbers(7, N, H, 8), State.ZERO, new Grads(ps)).dIn().part(0);
    double most = 0;
    for (int n = 0; n < N; n++) {
      for (int k = 0; k < H; k++) {
        double c = in.get(C * N + n, k) * d.get(C * N + n, k), norm = in.get(NORM * N + n, k) * d.get(NORM * N + n, k);
        assertEquals(c + norm, d.get(M * N + n, k), 1e-6);
        most = Math.max(most, Math.abs(d.get(M * N + n, k)));
      }
    }
    assertTrue(most > 0.1, "δm is " + most);
  }

  /** e^200 and e^−200 are no floats; h is in (−1, 1) all the same, from nothing on. */
  @Test void exponentialGates_farBeyondFloat_stayFinite() {
    for (float bias : new float[] {-200, 200}) {
      Try.random(ps, 3);
      for (int k = 0; k < 2 * H; k++) ps.array()[layer.b().offset() + k] = bias;
      ps.touch();
      var pass = layer.forward(Try.vectors(Try.RAGGED, N, 3, 1), State.ZERO, Try.run(ps));
      var grads = new Grads(ps);
      pass.backward(Try.numbers(7, N, H, 8), State.ZERO, grads);
      for (float g : grads.array()) assertTrue(Float.isFinite(g), "gradient " + g);
      for (int n = 0; n < N; n++) {
        for (int k = 0; k < H; k++) {
          float h = pass.y().x().get(n, k), norm = pass.out().part(0).get(NORM * N + n, k);
          assertTrue(h != 0 && Math.abs(h) < 1, "h is " + h);
          assertTrue(norm >= 1, "n is " + norm);
        }
      }
    }
  }
}
