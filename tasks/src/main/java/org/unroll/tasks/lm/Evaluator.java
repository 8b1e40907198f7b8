package org.unroll.tasks.lm;

import org.unroll.layer.State;
import org.unroll.model.Model;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;
import org.unroll.tasks.text.Tokens;

/**
 * How well a model predicts a text: the mean of −log p over all symbols but the first, in nats. The text is read in a few
 * stretches at once; each is preceded by what stands before it, uncounted, so that no stretch starts without a past.
 */
public final class Evaluator {
  private static final int STRETCHES = 8;
  private static final int WARM_UP = 256;
  private static final int WINDOW = 64;

  private Evaluator() {}

  /**
   * The score of a text.
   * <pre>
   *   (1) L = (1/n) Σ −log p(s_t | s_1 … s_{t−1})       (2) perplexity = e^L       (3) bits a symbol = L / log 2
   * </pre>
   *
   * @param nats Σ −log p over {@code symbols} symbols
   */
  public record Score(double nats, long symbols) {
    /** Nats a symbol. */
    public double mean() { return nats / symbols; }                               // (1)

    /** e to the power of {@link #mean}. */
    public double perplexity() { return StrictMath.exp(mean()); }                 // (2)

    /** Bits a symbol. */
    public double bits() { return mean() / StrictMath.log(2); }                   // (3)
  }

  /** Reads a text through; D005 for fewer than two symbols. */
  public static Score of(Model model, Tokens text) {
    int symbols = text.size() - 1;
    if (symbols < 1) text.requireWindow(1, 1, "text");
    int rows = symbols < STRETCHES * WARM_UP ? 1 : STRETCHES;
    int each = (symbols + rows - 1) / rows;                 // the last stretch may be shorter
    var ws = new Workspace();
    var x = Slab.zeros(WINDOW, rows, 1);
    var y = Slab.zeros(WINDOW, rows, 1);
    State state = State.ZERO;
    int warm = rows == 1 ? 0 : WARM_UP;
    for (int from = -warm; from < 0; from += WINDOW) {
      fill(text, rows, each, from, WINDOW, x, y);
      state = step(model, x, y, WINDOW, rows, state, ws).out();
    }
    for (var part : state.parts()) for (int slot = 0; slot < part.steps(); slot++) part.fillRow(slot * rows, 0f); // has no past
    double nats = 0;
    for (int from = 0; from < each; from += WINDOW) {
      int steps = Math.min(WINDOW, each - from);
      fill(text, rows, each, from, steps, x, y);
      var run = step(model, x, y, steps, rows, state, ws, alive(symbols, rows, each, from, steps));
      nats += run.sum();
      state = run.out();
    }
    return new Score(nats, symbols);
  }

  /** Symbol {@code from + t} of each stretch; before the text's start stands its first symbol. */
  private static void fill(Tokens text, int rows, int each, int from, int steps, Slab x, Slab y) {
    int last = text.size() - 1;
    for (int t = 0; t < steps; t++) {
      for (int n = 0; n < rows; n++) {
        int at = n * each + from + t;
        x.set(t * rows + n, 0, text.id(Math.clamp(at, 0, last)));
        y.set(t * rows + n, 0, text.id(Math.clamp(at + 1, 0, last)));
      }
    }
  }

  /** Stretches that reach each step: all, but for the last one, which may end early. */
  private static int[] alive(int symbols, int rows, int each, int from, int steps) {
    int[] alive = new int[steps];
    for (int t = 0; t < steps; t++) alive[t] = (rows - 1) * each + from + t < symbols ? rows : rows - 1;
    return alive;
  }

  private static Model.Evaluation step(Model m, Slab x, Slab y, int steps, int rows, State state, Workspace ws, int... alive) {
    ws.reset();
    var batch = alive.length == 0 ? Batch.full(x.steps(0, steps), new long[rows]) : new Batch(x.steps(0, steps), alive, new long[rows]);
    var run = m.evaluate(batch, y.steps(0, steps), state, ws);
    return new Model.Evaluation(run.sum(), run.count(), run.out().copy());
  }
}
