package org.unroll.bench;

import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.kernel.Weights;
import org.unroll.layer.Chain;
import org.unroll.layer.Dense;
import org.unroll.layer.Embedding;
import org.unroll.layer.Input;
import org.unroll.layer.Recurrent;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.optim.Adam;
import org.unroll.optim.Clip;
import org.unroll.optim.Slots;
import org.unroll.optim.Windows;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Embedding, LSTM, dense, softmax: trained by Adam, clipped at norm 1, its state carried from chunk to chunk. */
final class OurModel {
  final Params params = new Params();
  final Embedding embedding;
  final Recurrent lstm;
  final Dense dense;
  private final Chain body;
  private final Softmax head;
  private final Grads grads;
  private final Workspace ws = new Workspace();
  private final Run run;
  private final Adam adam = Adam.usual();
  private final Slots slots;
  private final double rate;
  private int step;
  private State state = State.ZERO;

  OurModel(int symbols, int width, int units, double rate) {
    var init = new Init.Uniform((float) (1 / StrictMath.sqrt(units)));
    embedding = Embedding.of("e", symbols, width, new Init.Uniform(1), params);
    lstm = Recurrent.of("l", Cells.find("lstm"), Input.of(width), units, Recurrent.Direction.FORWARD,
        new Recurrent.Inits(init, init, 1), params);
    dense = Dense.of("d", units, symbols, init, params);
    params.initialise(new Philox(11, Philox.Stream.INIT));
    body = new Chain(List.of(embedding, lstm));
    head = new Softmax(dense, Head.At.EVERY_STEP);
    grads = new Grads(params);
    run = Run.evaluation(new Weights(params, Engine.kernels(1)), ws);
    slots = Slots.of(adam, params);
    this.rate = rate;
  }

  /** Trains on one chunk. @return the loss before the update, nats a character */
  double step(Slab ids, Slab targets) {
    ws.reset();
    grads.zero();
    var pass = body.forward(Batch.full(ids, new long[ids.rows()]), state, run);
    var loss = head.loss(pass.y(), targets, run);
    pass.backward(loss.backward(grads), State.ZERO, grads);
    state = pass.out().copy();
    new Clip.ByNorm(1).apply(grads, Windows.all(params));
    adam.step(params, grads, slots, ++step, rate);
    return loss.mean();
  }
}
