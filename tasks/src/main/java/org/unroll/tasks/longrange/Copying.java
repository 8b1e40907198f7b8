package org.unroll.tasks.longrange;

import org.unroll.head.Head;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/**
 * The copying memory problem (Hochreiter and Schmidhuber 1997; Arjovsky, Shah and Bengio 2016, section 4.1): ten symbols out of
 * eight, T − 1 blanks, a signal, ten blanks. The answers are T + 10 blanks, then the ten symbols in their order. Who says blanks
 * and then guesses has a cross-entropy of 10 ln 8 / (T + 20) a step.
 *
 * @param lag T
 */
public record Copying(int lag) implements LongRange {
  private static final int WORDS = 8, BLANK = 8, SIGNAL = 9, LENGTH = 10;

  public Copying { Sequences.atLeast(lag, 1); }

  @Override public int steps() { return lag + 2 * LENGTH; }

  @Override public Spec.Input input() { return new Spec.Symbols(SIGNAL + 1); }

  @Override public Spec.HeadSpec head(Start start) { return new Spec.Softmax(BLANK + 1, false, Head.At.EVERY_STEP, start); }

  @Override public Examples examples(long seed, long first, int count) {
    var rng = new Philox(seed, Philox.Stream.DATA);
    var x = Slab.zeros(steps(), count, 1);
    var target = Slab.zeros(steps(), count, 1);
    for (int n = 0; n < count; n++) {
      for (int t = 0; t < steps(); t++) {
        x.set(t * count + n, 0, t == LENGTH + lag - 1 ? SIGNAL : BLANK);
        target.set(t * count + n, 0, BLANK);
      }
      for (int i = 0; i < LENGTH; i++) {
        int word = Sequences.below(WORDS, rng, first + n, i);
        x.set(i * count + n, 0, word);
        target.set((lag + LENGTH + i) * count + n, 0, word);
      }
    }
    return new Examples(Sequences.batch(x, first), target);
  }

  @Override public double measure(double loss) { return loss; }

  @Override public double baseline() { return LENGTH * StrictMath.log(WORDS) / steps(); }

  @Override public int answers() { return LENGTH; }

  /** Of the ten symbols: blanks before them are no art. */
  @Override public int wrong(Examples e, Slab said) {
    int wrong = 0;
    for (int r = (lag + LENGTH) * said.rows(); r < said.height(); r++) {
      if (Sequences.likeliest(said, r) != (int) e.target().get(r, 0)) wrong++;
    }
    return wrong;
  }
}
