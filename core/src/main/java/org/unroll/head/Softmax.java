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
 * Softmax with cross-entropy, natural logarithm; targets are ids [T, N, 1].
 * <pre>
 *   (1) z = output(h)                    (B1) δz = (p − onehot(y)) / count
 *   (2) p = softmax(z)                   (B2) δh by the output
 *   (3) L = − Σ log p_y / count
 * </pre>
 *
 * @param output the output matrix: a Dense, or one tied to the embedding
 */
public record Softmax(Layer output, At at) implements Head<Slab> {

  /** @param dz ∂mean/∂z [T, N, V], in the place of the scores */
  private record Scored(Pass z, Slab dz, double sum, int count) implements Loss {
    @Override public Slab backward(Grads into) { return z.backward(dz, State.ZERO, into).dx(); }
  }

  @Override public int outputs() { return output.width(); }

  @Override public Loss loss(Batch h, Slab target, Run run) {
    var pass = output.forward(h, State.ZERO, run);                                                       // (1)
    var z = pass.y().x();
    var nll = run.ws().raw(z.steps(), z.rows(), 1);
    int count = Counted.count(h, at);
    Rows.parallel(run.k(), h, (from, rows) -> {
      for (int r = from; r < from + rows; r++) run.k().crossEntropy(z, r, target, nll, 1f / count);      // (2) (3) (B1)
    });
    return new Scored(pass, z, Counted.sum(h, at, nll, z), count);
  }

  @Override public Slab predict(Batch h, Run run) {
    var z = output.forward(h, State.ZERO, run).y().x();                                                  // (1)
    Rows.parallel(run.k(), h, (from, rows) -> {
      for (int r = from; r < from + rows; r++) run.k().softmax(z, r);                                    // (2)
    });
    return z;
  }
}
