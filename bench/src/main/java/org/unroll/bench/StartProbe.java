package org.unroll.bench;

import java.util.Arrays;
import java.util.List;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** What {@link OurStart} starts: one training step of a language model with two LSTM layers. */
final class StartProbe {
  private StartProbe() {}

  /** Arguments: the number of threads, T, B, I, H and how many symbols. */
  public static void main(String[] args) {
    int[] n = Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    int T = n[1], B = n[2], symbols = n[5];
    var settings = new Learner.Settings(new Adam(0.9, 0.999, 1e-8), new Penalty(0, 0), List.of(new Clip.ByNorm(1)));
    var learner = new Learner(OurModel.network(symbols, n[3], n[4]), settings, Engine.kernels(n[0]), 7);
    var x = Slab.zeros(T, B, 1);
    for (int r = 0; r < T * B; r++) x.set(r, 0, r * 31 % symbols);
    learner.step(Batch.full(x, new long[B]), x, State.ZERO, 1e-3);
    System.out.println(OurStart.READY);
  }
}
