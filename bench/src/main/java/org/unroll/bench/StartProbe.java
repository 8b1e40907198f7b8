package org.unroll.bench;

import java.util.List;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** What {@link OurStart} starts: one training step of a language model with two LSTM layers of 256, T 64, B 32. */
final class StartProbe {
  private static final int T = 64, B = 32, SYMBOLS = 65;

  private StartProbe() {}

  public static void main(String[] args) {
    var settings = new Learner.Settings(new Adam(0.9, 0.999, 1e-8), new Penalty(0, 0), List.of(new Clip.ByNorm(1)));
    var learner = new Learner(OurModel.network(SYMBOLS, 64, 256), settings, Engine.kernels(Integer.parseInt(args[0])), 7);
    var x = Slab.zeros(T, B, 1);
    for (int r = 0; r < T * B; r++) x.set(r, 0, r * 31 % SYMBOLS);
    learner.step(Batch.full(x, new long[B]), x, State.ZERO, 1e-3);
    System.out.println(OurStart.READY);
  }
}
