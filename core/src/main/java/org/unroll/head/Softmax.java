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
 * Scores are made for a portion of the rows, used and forgotten, so that those of a large vocabulary never stand whole in memory:
 * {@link #learn} makes the scores of a portion, their loss and all that follows from it before it goes on to the next. No bit depends
 * on the portions: a row's scores and loss are its own, and gradients of weights are summed over rows in the order of rows.
 *
 * @param output the output matrix: a Dense, or one tied to the embedding
 * @param scores how many scores may stand at a time; a portion has at least {@value #ROWS} rows
 */
public record Softmax(Layer output, At at, int scores) implements Head<Slab> {
  /**
   * Rows of the smallest portion, and what others are multiples of. U and its gradient pass once a portion, so more rows are faster
   * (the gradient of U: 146 GF/s with 192, 166 with 512; docs/performance.md, softmax) but leave fewer of their scores in the caches.
   */
  private static final int ROWS = 192;

  /** The second caches of two cores, 2 MiB: there scores wait for their gradient. Of 2,731 words or more, {@link #ROWS} rows are more. */
  private static final int SCORES = 1 << 19;

  private static final long[] NAMELESS = {};

  /** With the usual memory for scores: 2 MiB, more where {@value #ROWS} rows need it. */
  public Softmax(Layer output, At at) { this(output, at, SCORES); }

  /** Backward makes the scores again: {@link #learn} spares that. */
  private record Scored(Softmax head, Batch h, Slab target, Run run, double sum, int count) implements Loss {
    @Override public Slab backward(Grads into) { return head.learn(h, target, run, into).dh(); }
  }

  /** Some of the counted rows, side by side. */
  private record Portion(Batch h, Slab target) {}

  @Override public int outputs() { return output.width(); }

  @Override public Loss loss(Batch h, Slab target, Run run) {
    return new Scored(this, h, target, run, walk(h, target, run, null, null), Counted.count(h, at));
  }

  @Override public Learned learn(Batch h, Slab target, Run run, Grads into) {
    int count = Counted.count(h, at);
    if (!Counted.all(h, at) || count > most()) {
      var dh = run.ws().raw(h.x().steps(), h.x().rows(), h.x().cols());
      if (at == At.LAST_STEP) Rows.alive(h, (from, rows) -> zero(dh, from, rows));
      return new Learned(walk(h, target, run, into, dh), count, dh);
    }
    var nll = run.ws().raw(h.x().steps(), h.x().rows(), 1);                    // one portion: no row has to move
    var pass = scored(h, target, nll, run, 1f / count);
    return new Learned(sum(nll), count, pass.backward(pass.y().x(), State.ZERO, into).dx());             // (B2)
  }

  /** Σ loss; where there is {@code into}, the gradients join it, and ∂mean/∂h goes to the counted rows of {@code dh}. */
  private double walk(Batch h, Slab target, Run run, Grads into, Slab dh) {
    int count = Counted.count(h, at);
    var nll = run.ws().raw(1, count, 1);
    for (int first = 0; first < count; first += most()) {
      int mark = run.ws().mark(), end = Math.min(count, first + most());
      var some = portion(h, target, run, first, end);
      var pass = scored(some.h, some.target, nll.window(first, end - first), run, 1f / count);
      if (into != null) {
        var dx = pass.backward(pass.y().x(), State.ZERO, into).dx();                                     // (B2)
        Counted.spread(run.k(), h, at, first, end, dx, dh);
      }
      run.ws().reset(mark);
    }
    return sum(nll);
  }

  /** Rows of a portion. */
  private int most() { return Math.max(ROWS, scores / outputs() / ROWS * ROWS); }

  /** Scores, of which only δz is left. */
  private Pass scored(Batch h, Slab target, Slab nll, Run run, float scale) {
    var pass = output.forward(h, State.ZERO, run);                                                      // (1)
    var z = pass.y().x();
    Rows.split(run.k(), z.height(), (from, rows) -> {
      for (int r = from; r < from + rows; r++) run.k().crossEntropy(z, r, target, nll, scale);           // (2) (3) (B1)
    });
    return pass;
  }

  private static double sum(Slab nll) {
    double sum = 0;
    for (int r = 0; r < nll.height(); r++) sum += nll.get(r, 0);
    return sum;
  }

  private Portion portion(Batch h, Slab target, Run run, int first, int end) {
    int rows = end - first;
    Slab x, y;
    if (Counted.all(h, at)) {
      x = h.x().window(first, rows);
      y = target.window(first, rows);
    } else {
      x = run.ws().raw(1, rows, h.x().cols());
      y = run.ws().raw(1, rows, 1);
      Counted.gather(run.k(), h, at, first, end, h.x(), x);
      Counted.gather(run.k(), h, at, first, end, target, y);
    }
    return new Portion(Batch.full(x, NAMELESS), y);
  }

  private static void zero(Slab s, int from, int rows) {
    for (int r = from; r < from + rows; r++) s.fillRow(r, 0f);
  }

  @Override public Slab predict(Batch h, Run run) {
    var z = output.forward(h, State.ZERO, run).y().x();                                                  // (1)
    Rows.parallel(run.k(), h, (from, rows) -> {
      for (int r = from; r < from + rows; r++) run.k().softmax(z, r);                                    // (2)
    });
    return z;
  }
}
