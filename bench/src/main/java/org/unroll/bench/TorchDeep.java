package org.unroll.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** {@link Kind#DEEP} on libtorch: {@code nn::LSTM} with two layers, both directions, dropout. */
final class TorchDeep extends Libtorch.Threaded {
  /** libtorch's order: layer by layer, forward before backward. */
  private static final String[] NAMES = {"0f", "0b", "1f", "1b"};

  private final int H;
  private final LSTMImpl module;
  private final TensorVector weights;
  private final Tensor x, dy;

  TorchDeep(Job job, int threads) {
    super(threads);
    H = job.size("H");
    var options = new LSTMOptions(job.size("I"), H);
    options.num_layers().put(2);
    options.bidirectional().put(true);
    options.dropout().put(job.size("percent") / 100.0);
    module = new LSTMImpl(options);
    weights = module.parameters();
    for (int i = 0; i < 4; i++) TorchWeights.set(TorchOrder.of(job, NAMES[i]), weights, 4 * i);
    x = Libtorch.leaf(Libtorch.tensor(job, "x"));
    dy = Libtorch.tensor(job, "dy");
  }

  @Override public void step() {
    try (var now = new PointerScope()) {
      run();
    }
  }

  private Tensor run() {
    module.zero_grad(true);
    Libtorch.forget(x);
    var y = module.forward(x).get0();
    Libtorch.backward(y, dy);
    return y;
  }

  @Override public Outcome outcome() {
    module.eval();
    try (var now = new PointerScope()) {
      var o = new Outcome();
      o.outputs().put("y", Libtorch.values(run()));
      o.gradients().put("x", Libtorch.values(x.grad()));
      for (int i = 0; i < 4; i++) TorchWeights.gradients("lstm", H, weights, 4 * i, NAMES[i], o);
      return o;
    } finally {
      module.train(true);
    }
  }
}
