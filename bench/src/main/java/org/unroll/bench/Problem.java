package org.unroll.bench;

import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.State;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/**
 * One recurrent layer with its weights, a batch, and gradients that come from above: what both engines are given.
 *
 * @param cell lstm, gru or elman
 * @param x [T, B, I]
 * @param dy ∂L/∂y [T, B, H]
 * @param in state before the first step
 * @param dOut ∂L/∂(state after the last step)
 */
public record Problem(String cell, Shape shape, Recurrent layer, Params params, Slab x, Slab dy, State in, State dOut) {

  /** All values random, states included. Weights are uniform on ±1/√H, as libtorch starts them. */
  public static Problem random(String cell, Shape shape, long seed) {
    var ps = new Params();
    var init = new Init.Uniform((float) (1 / StrictMath.sqrt(shape.units())));
    var kind = Cells.find(cell);
    var layer = Recurrent.of("l", kind, Input.of(shape.inputs()), shape.units(), Recurrent.Direction.FORWARD,
        new Recurrent.Inits(init, init, 0), ps);
    var rng = new Philox(seed, Philox.Stream.INIT);
    for (int i = 0; i < ps.all().size(); i++) init.fill(ps.all().get(i).of(ps.array()), rng, i);
    ps.touch();

    int T = shape.steps(), B = shape.rows(), H = shape.units(), S = kind.layout().states();
    var x = slab(seed, T, B, shape.inputs(), 0);
    var dy = slab(seed, T, B, H, 1);
    return new Problem(cell, shape, layer, ps, x, dy, new State(List.of(slab(seed, S, B, H, 2))), new State(List.of(slab(seed, S, B, H, 3))));
  }

  /** How many gates the equations have; the flops follow from it. */
  int gates() { return layer.cell().layout().byW(); }

  /** Slots of the state: 2 for h and c, 1 for h. */
  int slots() { return layer.cell().layout().states(); }

  /** The weights in PyTorch's order. */
  TorchOrder torch() {
    float[] a = params.array();
    return TorchOrder.of(cell, OurLayer.values(layer.W().of(a)), OurLayer.values(layer.R().of(a)), OurLayer.values(layer.b().of(a)),
        shape.units());
  }

  private static Slab slab(long seed, int steps, int rows, int cols, int key) {
    var s = Slab.zeros(steps, rows, cols);
    new Init.Uniform(1).fill(s, new Philox(seed, Philox.Stream.DATA), key);
    return s;
  }
}
