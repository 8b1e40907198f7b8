package org.unroll.tasks.longrange;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.model.Model;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Workspace;

/**
 * One training on a long-range task, on one thread: every batch is new, so its loss before the step is that of unseen sequences.
 *
 * @param rows sequences of a batch
 * @param rate of Adam
 * @param forget bias that keeps the memory at the beginning, where the cell has one
 * @param steps the budget
 */
record LongRangeRun(String task, int lag, String cell, long seed, int units, int rows, double rate, double forget, int steps) {
  /** Batches over which the measure is averaged while training. */
  private static final int WINDOW = 50;

  /** A test is worth while once the measure has fallen below this share of what it is without a memory. */
  private static final double PROMISING = 0.03;

  /** Solved, and done with, is a task whose measure in a test is below this share. */
  private static final double SOLVED = 0.06;

  private static final long TEST_SEED = 1_000_003;
  private static final int TEST = 1_000, TEST_ROWS = 100;

  /**
   * What came of it.
   *
   * @param taken steps, fewer than the budget if it was solved or diverged
   * @param measure of {@link LongRange#measure}, on 1,000 sequences that no training sees; NaN if it diverged
   * @param wrong share of wrong answers on them
   */
  record Outcome(LongRangeRun run, int taken, String end, double measure, double wrong, double seconds) {
    String line() {
      return String.format(Locale.ROOT, "%s\t%d\t%s\t%.5f\t%.4f\t%.0f", run.key(), taken, end, measure, wrong, seconds);
    }

    static Outcome of(String line) {
      String[] f = line.split("\t");
      var run = new LongRangeRun(f[0], Integer.parseInt(f[1]), f[2], Long.parseLong(f[3]), Integer.parseInt(f[4]), Integer.parseInt(f[5]),
          Double.parseDouble(f[6]), Double.parseDouble(f[7]), Integer.parseInt(f[8]));
      return new Outcome(run, Integer.parseInt(f[9]), f[10], Double.parseDouble(f[11]), Double.parseDouble(f[12]), Double.parseDouble(f[13]));
    }
  }

  /** Everything that the bits of the outcome depend on. */
  String key() {
    return String.format(Locale.ROOT, "%s\t%d\t%s\t%d\t%d\t%d\t%s\t%s\t%d", task, lag, cell, seed, units, rows, rate, forget, steps);
  }

  /** Elman's tanh network starts by Glorot; his network of ReLUs with the identity and small inputs (Le et al. 2015). */
  private Spec spec(LongRange made) {
    var glorot = Start.of(Start.Kind.GLOROT);
    var layer = switch (cell) {
      case "elman" -> new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, forget, glorot, glorot);
      case "elman-relu" -> new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, forget, new Start(Start.Kind.GAUSSIAN, 0.001),
          Start.of(Start.Kind.IDENTITY));
      default -> new Spec.Recurrent(cell, units, Spec.Direction.FORWARD, forget, glorot, Start.of(Start.Kind.ORTHOGONAL));
    };
    return new Spec(made.input(), List.of(layer), made.head(glorot));
  }

  Outcome train(int every) {
    long start = System.nanoTime();
    var made = LongRange.of(task, lag);
    var settings = new Learner.Settings(Adam.usual(), Penalty.NONE, List.of(new Clip.ByNorm(1)));
    var learner = new Learner(Network.build(spec(made)), settings, Kernels.best(1), seed);
    var recent = new double[WINDOW];
    int taken = 0;
    int next = WINDOW;                                        // no test before this step
    try {
      while (taken < steps) {
        var e = made.examples(seed, (long) taken * rows, rows);
        recent[taken++ % WINDOW] = made.measure(learner.step(e.x(), e.target(), State.ZERO, rate).loss());
        double mean = taken < WINDOW ? Double.NaN : Arrays.stream(recent).average().orElseThrow();
        if (taken % every == 0) tell("%s: step %d, %.5f, %.0f s", key().replace('\t', ' '), taken, mean, seconds(start));
        if (taken < next || !(mean < PROMISING * made.baseline())) continue;
        var tested = test(made, learner.publish(Map.of()), taken, start);
        if (tested.end.equals("solved")) return tested;
        next = taken + WINDOW;
      }
    } catch (Fault f) {
      if (f.code() != Code.R001) throw f;
      return new Outcome(this, taken, "diverged", Double.NaN, Double.NaN, seconds(start));
    }
    return test(made, learner.publish(Map.of()), taken, start);
  }

  private Outcome test(LongRange made, Model model, int taken, long start) {
    var ws = new Workspace();
    double sum = 0;
    int wrong = 0;
    for (int first = 0; first < TEST; first += TEST_ROWS) {
      var e = made.examples(TEST_SEED, first, TEST_ROWS);
      ws.reset();
      var v = model.evaluate(e.x(), e.target(), State.ZERO, ws);
      sum += v.sum() / v.count() / (TEST / TEST_ROWS);
      ws.reset();
      wrong += made.wrong(e, model.predict(e.x(), State.ZERO, ws));
    }
    String end = made.measure(sum) < SOLVED * made.baseline() ? "solved" : "budget";
    return new Outcome(this, taken, end, made.measure(sum), (double) wrong / (TEST * made.answers()), seconds(start));
  }

  private static double seconds(long start) { return (System.nanoTime() - start) / 1e9; }

  static void tell(String format, Object... args) { System.out.println(String.format(Locale.ROOT, format, args)); }
}
