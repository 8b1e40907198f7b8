package org.unroll.bench;

import java.util.Arrays;
import java.util.List;
import org.unroll.kernel.Weights;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** {@link Kind#TRAIN}, {@link Kind#RAGGED} and {@link Kind#INFER} on our engine, in the run that a learner and a model take for it. */
final class OurLayer implements Contestant.Local {
  private final Job job;
  private final Params params = new Params();
  private final Workspace ws = new Workspace();
  private final Recurrent layer;
  private final Grads grads;
  private final Run run;
  private final Batch batch;
  private final Slab dy;

  OurLayer(Job job, int threads) {
    this.job = job;
    layer = Engine.layer("l", job.cell(), job.size("I"), job.size("H"), Direction.FORWARD, params);
    Engine.load(layer, job, "", params);
    grads = new Grads(params);
    var weights = new Weights(params, Engine.kernels(threads));
    run = job.kind() == Kind.INFER ? Run.inference(weights, ws)
        : Run.training(weights, new Philox(1, Philox.Stream.DROPOUT), 1, ws);
    batch = Engine.batch(job);
    dy = job.kind() == Kind.INFER ? null : Engine.slab(job.values("dy"), job.size("T"), job.size("B"), job.size("H"));
  }

  /** In training gradients start from zero and the weights count as just written, so that they are packed anew. */
  @Override public void step() {
    if (dy == null) {
      layer.forward(batch, State.ZERO, run);
    } else {
      grads.zero();
      params.touch();
      layer.forward(batch, State.ZERO, run).backward(dy, State.ZERO, grads);
    }
    ws.reset();
  }

  /** With {@code in} and {@code dOut} [S, B, H] where the job has them: a first state, and the gradient of the last one. */
  @Override public Outcome outcome() {
    var o = new Outcome();
    var pass = layer.forward(batch, state("in"), run);
    o.outputs().put("y", alive(pass.y().x()));
    if (dy != null) {
      grads.zero();
      var g = pass.backward(dy, state("dOut"), grads);
      o.gradients().put("x", alive(g.dx()));
      o.gradients().put("W", Engine.values(layer.W(), grads.array()));
      if (layer.R() != null) o.gradients().put("R", Engine.values(layer.R(), grads.array()));
      o.gradients().put("b", Engine.values(layer.b(), grads.array()));
      for (int i = 0; !state("in").isZero() && i < layer.cell().layout().states(); i++) {
        o.outputs().put("state" + i, pass.out().part(0).step(i).flat());
        o.gradients().put("state" + i, g.dIn().part(0).step(i).flat());
      }
    }
    ws.reset();
    return o;
  }

  private State state(String name) {
    if (!job.arrays().containsKey(name)) return State.ZERO;
    var s = Engine.slab(job.values(name), layer.cell().layout().states(), job.size("B"), job.size("H"));
    return new State(List.of(s));
  }

  /** The values, 0 where a sequence has ended. */
  private float[] alive(Slab s) {
    float[] v = s.flat();
    int B = s.rows(), K = s.cols();
    for (int r = 0; r < s.height(); r++) {
      if (r % B >= batch.alive()[r / B]) Arrays.fill(v, r * K, (r + 1) * K, 0);
    }
    return v;
  }
}
