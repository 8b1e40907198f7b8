package org.unroll.tasks.longrange;

import org.unroll.head.Head;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/**
 * The adding problem (Hochreiter and Schmidhuber 1997, experiment 4), in the form of Arjovsky, Shah and Bengio 2016, section 5.1: T
 * pairs of a number from [0, 1) and a mark; one mark stands in the first half, one in the second. The answer, at the end, is the
 * sum of the two marked numbers. Who always says 1 has a mean squared error of 2/12, the variance of the sum of two uniform numbers.
 *
 * @param lag T
 */
public record Adding(int lag) implements LongRange {
  /** Off by more counts as wrong: experiment 4's 0.04, whose answers are half as large. */
  private static final float NEAR = 0.08f;

  public Adding { Sequences.atLeast(lag, 2); }

  @Override public int steps() { return lag; }

  @Override public Spec.Input input() { return new Spec.Vectors(2); }

  @Override public Spec.HeadSpec head(Start start) { return new Spec.SquaredError(1, Head.At.LAST_STEP, start); }

  @Override public Examples examples(long seed, long first, int count) {
    var rng = new Philox(seed, Philox.Stream.DATA);
    var x = Slab.zeros(lag, count, 2);
    var target = Slab.zeros(lag, count, 1);
    int half = lag / 2;
    for (int n = 0; n < count; n++) {
      for (int t = 0; t < lag; t++) x.set(t * count + n, 0, rng.uniform(0, 0, first + n, t));
      int a = Sequences.below(half, rng, first + n, lag) * count + n;
      int b = (half + Sequences.below(lag - half, rng, first + n, lag + 1)) * count + n;
      x.set(a, 1, 1);
      x.set(b, 1, 1);
      target.set((lag - 1) * count + n, 0, x.get(a, 0) + x.get(b, 0));
    }
    return new Examples(Sequences.batch(x, first), target);
  }

  @Override public double measure(double loss) { return 2 * loss; }

  @Override public double baseline() { return 1.0 / 6; }

  @Override public int answers() { return 1; }

  @Override public int wrong(Examples e, Slab said) {
    int wrong = 0, last = (lag - 1) * said.rows();
    for (int r = last; r < last + said.rows(); r++) if (!(Math.abs(said.get(r, 0) - e.target().get(r, 0)) < NEAR)) wrong++;
    return wrong;
  }
}
