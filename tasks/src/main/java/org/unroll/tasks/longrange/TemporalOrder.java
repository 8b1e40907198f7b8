package org.unroll.tasks.longrange;

import org.unroll.head.Head;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/**
 * Temporal order (Hochreiter and Schmidhuber 1997, experiment 6a): E, symbols out of a b c d, B; but two of them are X or Y, one between
 * T/10 and 2T/10, the other between 5T/10 and 6T/10. The answer, at the end, is which of XX, XY, YX, YY it was. All sequences have T
 * elements here; there, for T = 100, 100 to 110. Without a memory three answers of four are wrong, and the cross-entropy is ln 4.
 *
 * @param lag T
 */
public record TemporalOrder(int lag) implements LongRange {
  private static final int IDLE = 4, X = 4, TRIGGER = 6, START = 7, CLASSES = 4;

  public TemporalOrder { Sequences.atLeast(lag, 10); }

  @Override public int steps() { return lag; }

  @Override public Spec.Input input() { return new Spec.Symbols(START + 1); }

  @Override public Spec.HeadSpec head(Start start) { return new Spec.Softmax(CLASSES, false, Head.At.LAST_STEP, start); }

  @Override public Examples examples(long seed, long first, int count) {
    var rng = new Philox(seed, Philox.Stream.DATA);
    var x = Slab.zeros(lag, count, 1);
    var target = Slab.zeros(lag, count, 1);
    int tenth = lag / 10;
    for (int n = 0; n < count; n++) {
      long id = first + n;
      for (int t = 0; t < lag; t++) x.set(t * count + n, 0, Sequences.below(IDLE, rng, id, t));
      x.set(n, 0, START);
      x.set((lag - 1) * count + n, 0, TRIGGER);
      int a = Sequences.below(2, rng, id, lag), b = Sequences.below(2, rng, id, lag + 1);
      x.set((tenth + Sequences.below(tenth, rng, id, lag + 2)) * count + n, 0, X + a);
      x.set((5 * tenth + Sequences.below(tenth, rng, id, lag + 3)) * count + n, 0, X + b);
      target.set((lag - 1) * count + n, 0, 2 * a + b);
    }
    return new Examples(Sequences.batch(x, first), target);
  }

  @Override public double measure(double loss) { return loss; }

  @Override public double baseline() { return StrictMath.log(CLASSES); }

  @Override public int answers() { return 1; }

  @Override public int wrong(Examples e, Slab said) {
    int wrong = 0, last = (lag - 1) * said.rows();
    for (int r = last; r < last + said.rows(); r++) if (Sequences.likeliest(said, r) != (int) e.target().get(r, 0)) wrong++;
    return wrong;
  }
}
