package org.unroll.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** {@link Kind#SOFTMAX} on libtorch: {@code linear} and {@code cross_entropy_loss}, the logits stored whole. */
final class TorchSoftmax extends Libtorch.Threaded {
  private final int H, V;
  private final Tensor h, W, b, y;

  TorchSoftmax(Job job, int threads) {
    super(threads);
    H = job.size("H");
    V = job.size("V");
    h = Libtorch.leaf(Libtorch.tensor(job, "h"));
    W = Libtorch.leaf(Libtorch.tensor(TorchOrder.transpose(job.values("W"), H, V), V, H));
    b = Libtorch.leaf(Libtorch.tensor(job, "b"));
    y = Libtorch.longs(job, "y", job.size("N"));
  }

  @Override public void step() {
    try (var now = new PointerScope()) {
      run();
    }
  }

  private Tensor run() {
    Libtorch.forget(h, W, b);
    var loss = torch.cross_entropy_loss(torch.linear(h, W, new TensorOptional(b)), y);
    loss.backward();
    return loss;
  }

  @Override public Outcome outcome() {
    try (var now = new PointerScope()) {
      var o = new Outcome();
      o.outputs().put("loss", new float[] {run().item_float()});
      o.gradients().put("h", Libtorch.values(h.grad()));
      o.gradients().put("W", TorchOrder.transpose(Libtorch.values(W.grad()), V, H));
      o.gradients().put("b", Libtorch.values(b.grad()));
      return o;
    }
  }
}
