package org.unroll.layer;

import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.head.Head;
import org.unroll.head.Softmax;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Precision;
import org.unroll.kernel.Weights;
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

/** Prints the bytes that all threads together allocate for a training step and for twenty streaming steps. */
final class AllocationProbe {
  private static final int STREAM_STEPS = 20, SYMBOLS = 30;
  private static final Init INIT = new Init.Uniform(0.1f);

  private AllocationProbe() {}

  static void main(String[] args) throws Throwable {
    long limit = Long.parseLong(args[0]);
    for (int threads : new int[] {1, 2}) {
      System.out.println("train 24 units, threads " + threads + ":" + AllocatedBytes.steady(training(10, 32, 24, "lstm", threads), limit));
      System.out.println("train 96 units, threads " + threads + ":" + AllocatedBytes.steady(training(40, 32, 96, "lstm", threads), limit));
      System.out.println("stream 40 units, threads " + threads + ":" + AllocatedBytes.steady(streaming("lstm", 40, threads), 1));
      System.out.println("stream 160 units, threads " + threads + ":" + AllocatedBytes.steady(streaming("lstm", 160, threads), 1));
      System.out.println("stream of halves, threads " + threads + ":" + AllocatedBytes.steady(streamingHalves(threads), 1));
      System.out.println("stream mlstm, threads " + threads + ":" + AllocatedBytes.steady(streamingMatrices(threads), 1));
      System.out.println("stream projected, threads " + threads + ":" + AllocatedBytes.steady(streamingProjected(threads), 1));
      System.out.println("stream with ways around, threads " + threads + ":" + AllocatedBytes.steady(streamingAround(threads), 1));
    }
    System.out.println("train 256 units:" + AllocatedBytes.steady(training(2, 16, 256, "lstm", 1), limit));
    System.out.println("train minlstm by scan:" + AllocatedBytes.steady(training(24, 8, 40, "minlstm", 8, 1), limit));
    for (String cell : Cells.names()) {
      System.out.println("train " + cell + ":" + AllocatedBytes.steady(training(6, 16, 24, cell, 1), limit));
      System.out.println("stream " + cell + ":" + AllocatedBytes.steady(streaming(cell, 40, 1), 1));
    }
  }

  /** Forward, loss, backward, clipping and the optimizer's step, as a trainer makes them. */
  private static Runnable training(int T, int N, int units, String cell, int threads) { return training(T, N, units, cell, 0, threads); }

  private static Runnable training(int T, int N, int units, String cell, int scan, int threads) {
    var ps = new Params();
    var embedding = Embedding.of("e", SYMBOLS, units, INIT, ps);
    var body = new Chain(List.of(embedding, recurrent(cell, units, units, ps).scanned(scan)));
    var head = new Softmax(Dense.of("d", units, SYMBOLS, INIT, ps), Head.At.EVERY_STEP);
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    var adam = Adam.usual();
    var slots = Slots.of(adam, ps);
    var windows = Windows.all(ps);
    var clip = new Clip.ByNorm(1);
    var grads = new Grads(ps);
    var ws = new Workspace();
    var run = Run.training(new Weights(ps, Kernels.best(threads)), new Philox(1, Philox.Stream.DROPOUT), 1, ws);
    var ids = Batch.full(Slab.zeros(T, N, 1), new long[N]);
    var targets = Slab.zeros(T, N, 1);
    int[] step = {0};
    return () -> {
      ws.reset();
      grads.zero();
      var pass = body.forward(ids, State.ZERO, run);
      pass.backward(head.learn(pass.y(), targets, run, grads).dh(), State.ZERO, grads);
      clip.apply(grads, windows);
      adam.step(ps, grads, slots, ++step[0], 1e-3, windows);
    };
  }

  private static Runnable streaming(String cell, int units, int threads) {
    var ps = new Params();
    return streaming(recurrent(cell, 24, units, ps), ps, threads);
  }

  private static Runnable streamingProjected(int threads) {
    var ps = new Params();
    var inits = new Recurrent.Inits(INIT, INIT, 1);
    var layer = Recurrent.of("l", Cells.find("lstm"), Input.of(24), 40, 16, Recurrent.Direction.FORWARD, inits, ps);
    return streaming(layer, ps, threads);
  }

  private static Runnable streamingHalves(int threads) {
    var ps = new Params();
    return streaming(recurrent("gru", 24, 160, ps), ps, new Weights(ps, Kernels.best(threads), Precision.BF16).ofSingleRows());
  }

  private static Runnable streamingAround(int threads) {
    var ps = new Params();
    var residual = new Residual(24, recurrent("lstm", 24, 24, ps));
    return streaming(Highway.of("t", 24, residual, INIT, -2, ps), ps, threads);
  }

  private static Runnable streamingMatrices(int threads) {
    var ps = new Params();
    return streaming(mlstm(24, ps), ps, threads);
  }

  private static Mlstm mlstm(int units, Params ps) {
    return Mlstm.of("m", Input.of(24), units, 4, Recurrent.Direction.FORWARD, INIT, 1, ps);
  }

  private static Runnable streaming(Layer layer, Params ps, int threads) {
    return streaming(layer, ps, new Weights(ps, Kernels.best(threads)));
  }

  private static Runnable streaming(Layer layer, Params ps, Weights weights) {
    ps.initialise(new Philox(1, Philox.Stream.INIT));
    var stepper = layer.open(Slab.zeros(1, 1, 24), Run.evaluation(weights, new Workspace()));
    return () -> {
      for (int i = 0; i < STREAM_STEPS; i++) stepper.step();
    };
  }

  private static Recurrent recurrent(String cell, int inputs, int units, Params ps) {
    var inits = new Recurrent.Inits(INIT, INIT, 1);
    return Recurrent.of("l", Cells.find(cell), Input.of(inputs), units, Recurrent.Direction.FORWARD, inits, ps);
  }
}
