package org.unroll.bench;

import org.unroll.head.Crf;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Weights;
import org.unroll.layer.Activate;
import org.unroll.layer.Dense;
import org.unroll.layer.Run;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** {@link Kind#SOFTMAX}, {@link Kind#CRF} and {@link Kind#VITERBI} on our engine: a head on given hidden states. */
final class OurHeads implements Contestant.Local {
  private final Kind kind;
  private final Params params = new Params();
  private final Workspace ws = new Workspace();
  private final Head<Slab> head;
  private final Grads grads;
  private final Run run;
  private final Batch h;
  private final Slab y;

  OurHeads(Job job, int threads) {
    kind = job.kind();
    var none = new Init.Constant(0);
    if (kind == Kind.SOFTMAX) {
      int N = job.size("N");
      var dense = Dense.of("d", job.size("H"), job.size("V"), none, params);
      head = new Softmax(dense, Head.At.EVERY_STEP);
      Engine.set(params, dense.W(), job.values("W"));
      Engine.set(params, dense.b(), job.values("b"));
      h = Batch.full(Engine.slab(job.values("h"), 1, N, job.size("H")), new long[N]);
      y = Engine.slab(job.values("y"), 1, N, 1);
    } else {
      int T = job.size("T"), B = job.size("B"), K = job.size("K");
      var crf = Crf.of("c", new Activate(K, Activation.IDENTITY), none, params);
      head = crf;
      Engine.set(params, crf.A(), job.values("A"));
      Engine.set(params, crf.start(), job.values("start"));
      Engine.set(params, crf.end(), job.values("end"));
      h = Batch.full(Engine.slab(job.values("e"), T, B, K), new long[B]);
      y = kind == Kind.VITERBI ? null : Engine.slab(job.values("y"), T, B, 1);
    }
    grads = new Grads(params);
    run = Run.evaluation(new Weights(params, Engine.kernels(threads)), ws);
  }

  @Override public void step() {
    if (kind == Kind.VITERBI) {
      paths();
    } else {
      grads.zero();
      params.touch();
      head.learn(h, y, run, grads);
    }
    ws.reset();
  }

  private int[][] paths() { return ((Crf) head).decode(h, run); }

  @Override public Outcome outcome() {
    var o = new Outcome();
    if (kind == Kind.VITERBI) {
      o.outputs().put("path", timeFirst(paths()));
    } else {
      grads.zero();
      var learned = head.learn(h, y, run, grads);
      o.outputs().put("loss", new float[] {(float) learned.mean()});
      o.gradients().put(kind == Kind.SOFTMAX ? "h" : "e", learned.dh().flat());
      switch (head) {
        case Softmax s -> put(o, ((Dense) s.output()).W(), "W", ((Dense) s.output()).b(), "b");
        case Crf c -> put(o, c.A(), "A", c.start(), "start", c.end(), "end");
        default -> throw new AssertionError(head);
      }
    }
    ws.reset();
    return o;
  }

  /** Windows of the gradients and their names, in turn. */
  private void put(Outcome o, Object... windows) {
    for (int i = 0; i < windows.length; i += 2) {
      o.gradients().put((String) windows[i + 1], Engine.values((Param) windows[i], grads.array()));
    }
  }

  private float[] timeFirst(int[][] paths) {
    int T = h.x().steps(), B = paths.length;
    float[] v = new float[T * B];
    for (int n = 0; n < B; n++) for (int t = 0; t < T; t++) v[t * B + n] = paths[n][t];
    return v;
  }
}
