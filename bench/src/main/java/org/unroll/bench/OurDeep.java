package org.unroll.bench;

import java.util.List;
import org.unroll.kernel.Weights;
import org.unroll.layer.Chain;
import org.unroll.layer.Concat;
import org.unroll.layer.Dropout;
import org.unroll.layer.Layer;
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

/** {@link Kind#DEEP} on our engine. */
final class OurDeep implements Contestant.Local {
  private static final List<String> NAMES = List.of("0f", "0b", "1f", "1b");

  private final Params params = new Params();
  private final Workspace ws = new Workspace();
  private final Recurrent[] walks = new Recurrent[4];
  private final Layer all;
  private final Weights weights;
  private final Grads grads;
  private final Batch batch;
  private final Slab dy;
  private long steps;

  OurDeep(Job job, int threads) {
    int T = job.size("T"), B = job.size("B"), H = job.size("H");
    for (int i = 0; i < 4; i++) {
      var direction = i % 2 == 0 ? Direction.FORWARD : Direction.BACKWARD;
      walks[i] = Engine.layer(NAMES.get(i), "lstm", i < 2 ? job.size("I") : 2 * H, H, direction, params);
    }
    for (int i = 0; i < 4; i++) Engine.load(walks[i], job, NAMES.get(i), params);
    all = new Chain(List.of(new Concat(List.of(walks[0], walks[1])), new Dropout(2 * H, job.size("percent") / 100.0, 0),
        new Concat(List.of(walks[2], walks[3]))));
    weights = new Weights(params, Engine.kernels(threads));
    grads = new Grads(params);
    batch = Engine.batch(job);
    dy = Engine.slab(job.values("dy"), T, B, 2 * H);
  }

  @Override public void step() {
    grads.zero();
    params.touch();
    var run = Run.training(weights, new Philox(1, Philox.Stream.DROPOUT), ++steps, ws);
    all.forward(batch, State.ZERO, run).backward(dy, State.ZERO, grads);
    ws.reset();
  }

  @Override public Outcome outcome() {
    grads.zero();
    var pass = all.forward(batch, State.ZERO, Run.evaluation(weights, ws));
    var o = new Outcome();
    o.outputs().put("y", pass.y().x().flat());
    o.gradients().put("x", pass.backward(dy, State.ZERO, grads).dx().flat());
    for (int i = 0; i < 4; i++) {
      o.gradients().put("W" + NAMES.get(i), Engine.values(walks[i].W(), grads.array()));
      o.gradients().put("R" + NAMES.get(i), Engine.values(walks[i].R(), grads.array()));
      o.gradients().put("b" + NAMES.get(i), Engine.values(walks[i].b(), grads.array()));
    }
    ws.reset();
    return o;
  }
}
