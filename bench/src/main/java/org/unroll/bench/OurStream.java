package org.unroll.bench;

import org.unroll.kernel.Precision;
import org.unroll.kernel.Weights;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;
import org.unroll.slab.Params;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** {@link Kind#STREAM} on our engine: an open {@link Stepper}, its weights of four bytes or of two. */
final class OurStream implements Contestant.Local {
  private final Slab all, x;
  private final Stepper stepper;
  private int t;

  OurStream(Job job, int threads, Precision precision) {
    int T = job.size("T"), I = job.size("I");
    var params = new Params();
    var layer = Engine.layer("l", job.cell(), I, job.size("H"), Direction.FORWARD, params);
    Engine.load(layer, job, "", params);
    all = Engine.slab(job.values("x"), T, 1, I);
    x = Slab.zeros(1, 1, I);
    var weights = new Weights(params, Engine.kernels(threads), precision).ofSingleRows();              // as a session has them
    stepper = layer.open(x, Run.evaluation(weights, new Workspace()));
  }

  @Override public void step() {
    x.setRow(0, all, t);
    stepper.step();
    if (++t == all.steps()) t = 0;
  }

  @Override public Outcome outcome() {
    stepper.set(State.ZERO);
    t = 0;
    do step(); while (t > 0);
    var o = new Outcome();
    o.outputs().put("h", stepper.y().flat());
    stepper.set(State.ZERO);
    return o;
  }
}
