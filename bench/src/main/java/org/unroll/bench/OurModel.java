package org.unroll.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unroll.head.Head;
import org.unroll.layer.State;
import org.unroll.model.Learner;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;

/** {@link Kind#MODEL} on our engine: the {@link Learner} that trains every model. */
final class OurModel implements Contestant.Local {
  private final Job job;
  private final int threads, T, B, chunks;
  private final Slab[] x, y;
  private Learner learner;
  private State state;
  private int chunk;

  OurModel(Job job, int threads) {
    this.job = job;
    this.threads = threads;
    T = job.size("T");
    B = job.size("B");
    chunks = job.size("chunks");
    x = new Slab[chunks];
    y = new Slab[chunks];
    float[] ids = job.values("ids");
    for (int c = 0; c < chunks; c++) {
      x[c] = Engine.slab(Arrays.copyOfRange(ids, c * T * B, (c + 1) * T * B), T, B, 1);
      y[c] = Engine.slab(Arrays.copyOfRange(ids, (c * T + 1) * B, ((c + 1) * T + 1) * B), T, B, 1);
    }
    restart();
  }

  private void restart() {
    var settings = new Learner.Settings(new Adam(0.9, 0.999, 1e-8), new Penalty(0, 0), List.of(new Clip.ByNorm(1)));
    learner = new Learner(network(job.size("V"), job.size("I"), job.size("H")), settings, Engine.kernels(threads), job.size("seed"));
    state = State.ZERO;
    chunk = 0;
  }

  /** Embedding, two layers of LSTM, dense, softmax. */
  static Network network(int symbols, int width, int units) {
    return Network.build(new Spec(new Spec.Symbols(symbols),
        List.of(new Spec.Embedding(width, Start.of(Start.Kind.GAUSSIAN)), lstm(units), lstm(units)),
        new Spec.Softmax(symbols, false, Head.At.EVERY_STEP, Start.of(Start.Kind.FAN_IN))));
  }

  private static Spec.Layer lstm(int units) {
    var start = Start.of(Start.Kind.UNITS);
    return new Spec.Recurrent("lstm", units, Spec.Direction.FORWARD, 1, start, start, 0);
  }

  /** The weights that training starts from, by the names of {@link Kind#MODEL}. */
  static Map<String, Values> weights(int symbols, int width, int units, int seed) {
    Params ps = network(symbols, width, units).shape().copy();
    ps.initialise(new Philox(seed, Philox.Stream.INIT));
    var names = Map.of("E", "embedding.E", "W0", "rnn0.W", "R0", "rnn0.R", "b0", "rnn0.b",
        "W1", "rnn1.W", "R1", "rnn1.R", "b1", "rnn1.b", "U", "head.W", "c", "head.b");
    var all = new LinkedHashMap<String, Values>();
    names.forEach((name, of) -> {
      var p = ps.find(of);
      float[] v = Engine.values(p, ps.array());
      all.put(name, p.rows() == 1 ? new Values(v, v.length) : new Values(v, p.rows(), p.cols()));
    });
    return all;
  }

  /** @return mean loss before the update */
  private double train() {
    var step = learner.step(Batch.full(x[chunk], new long[B]), y[chunk], state, job.size("micro") * 1e-6);
    if (state.isZero()) state = step.out().copy();
    else state.set(step.out());
    if (++chunk == chunks) chunk = 0;
    return step.loss();
  }

  @Override public void step() { train(); }

  @Override public Outcome outcome() {
    restart();                                                 // steps may have been timed before
    float[] losses = new float[chunks];
    for (int c = 0; c < chunks; c++) losses[c] = (float) train();
    restart();
    var o = new Outcome();
    o.outputs().put("loss", losses);
    return o;
  }
}
