package org.unroll.tasks.run;

import java.util.function.LongSupplier;
import org.unroll.kernel.Kernels;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;
import org.unroll.tasks.config.LmConfig;

/**
 * How many steps fit into the minutes that a configuration allows. The answer becomes part of the run, so that the learning
 * rate is a function of the step and the training can be repeated bit for bit, on a slower machine too.
 */
public final class Pace {
  private static final double SHARE = 0.94;   // evaluations and samples take the rest
  /** Rounds of a second; they end when two in a row were not faster: the JVM has then compiled what it can. */
  private static final int ROUNDS = 12;
  private static final double FASTER = 0.95;

  private Pace() {}

  /** Steps for {@code train.minutes}, measured on a network of this shape that is thrown away; 0 where no minutes are set. */
  public static long steps(LmConfig config, LmData data, Kernels kernels, LongSupplier nanos) {
    double minutes = config.train().budget().minutes();
    if (minutes == 0) return 0;
    var learner = Training.learner(config, data, kernels);
    var streams = Streams.of(data, config);
    int steps = streams.steps(0);
    var x = Slab.zeros(steps, streams.batch(), 1);
    var y = Slab.zeros(steps, streams.batch(), 1);
    streams.fill(0, 0, x, y);
    var batch = Batch.full(x, new long[streams.batch()]);
    double round = Math.min(1, minutes);          // a short training gets a short trial
    double best = Double.POSITIVE_INFINITY, last = best;
    for (int i = 0, same = 0; i < ROUNDS && same < 2; i++) {
      long start = nanos.getAsLong();
      int taken = 0;
      do {
        learner.step(batch, y, State.ZERO, 0);
        taken++;
      } while ((nanos.getAsLong() - start) / 1e9 < round);
      last = (nanos.getAsLong() - start) / 1e9 / taken;
      same = last < best * FASTER ? 0 : same + 1;
      best = Math.min(best, last);
    }
    return Math.max(1, (long) (minutes * 60 * SHARE / ((best + last) / 2)));
  }
}
