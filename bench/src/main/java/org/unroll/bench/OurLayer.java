package org.unroll.bench;

import org.unroll.kernel.Weights;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** A {@link Problem} on our engine. */
final class OurLayer implements Contestant.Local {
  private final Problem p;
  private final Workspace ws = new Workspace();
  private final Grads grads;
  private final Run run;
  private final Batch batch;

  OurLayer(Problem p, int threads) {
    this.p = p;
    this.grads = new Grads(p.params());
    this.run = Run.evaluation(new Weights(p.params(), Engine.kernels(threads)), ws);
    this.batch = Batch.full(p.x(), new long[p.shape().rows()]);
  }

  /** As in training: gradients from zero, weights just written, so that they are packed anew. */
  @Override public void step() {
    grads.zero();
    p.params().touch();
    p.layer().forward(batch, State.ZERO, run).backward(p.dy(), State.ZERO, grads);
    ws.reset();
  }

  @Override public Outcome outcome() {
    grads.zero();
    var pass = p.layer().forward(batch, p.in(), run);
    var g = pass.backward(p.dy(), p.dOut(), grads);
    var o = new Outcome();
    o.outputs().put("y", values(pass.y().x()));
    for (int i = 0; i < p.slots(); i++) {
      o.outputs().put("state" + i, values(pass.out().part(0).step(i)));
      o.gradients().put("state" + i, values(g.dIn().part(0).step(i)));
    }
    o.gradients().put("x", values(g.dx()));
    o.gradients().put("W", values(p.layer().W().of(grads.array())));
    o.gradients().put("R", values(p.layer().R().of(grads.array())));
    o.gradients().put("b", values(p.layer().b().of(grads.array())));
    ws.reset();
    return o;
  }

  /** The slab's rows, without what lies between them. */
  static float[] values(Slab s) {
    float[] v = new float[s.height() * s.cols()];
    for (int r = 0; r < s.height(); r++) System.arraycopy(s.copyRow(r / s.rows(), r % s.rows()), 0, v, r * s.cols(), s.cols());
    return v;
  }
}
