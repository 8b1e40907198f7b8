package org.unroll.head;

import org.unroll.layer.Layer;
import org.unroll.layer.Pass;
import org.unroll.layer.Rows;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;

/**
 * Regression with squared error; targets are values [T, N, K].
 * <pre>
 *   (1) y = output(h)                    (B1) δy = (y − t) / count
 *   (2) L = Σ ½ ‖y − t‖² / count
 * </pre>
 */
public record SquaredError(Layer output, At at) implements Head<Slab> {

  /** @param dy ∂mean/∂y [T, N, K], in the place of the values */
  private record Compared(Pass y, Slab dy, double sum, int count) implements Loss {
    @Override public Slab backward(Grads into) { return y.backward(dy, State.ZERO, into).dx(); }
  }

  @Override public int outputs() { return output.width(); }

  @Override public Loss loss(Batch h, Slab target, Run run) {
    var pass = output.forward(h, State.ZERO, run);                                                       // (1)
    var y = pass.y().x();
    var loss = run.ws().raw(y.steps(), y.rows(), 1);
    int count = Counted.count(h, at);
    Rows.alive(h, (from, rows) -> {
      for (int r = from; r < from + rows; r++) run.k().squaredError(y, r, target, loss, 1f / count);     // (2) (B1)
    });
    return new Compared(pass, y, Counted.sum(h, at, loss, y), count);
  }

  @Override public Slab predict(Batch h, Run run) { return output.forward(h, State.ZERO, run).y().x(); } // (1)
}
