package org.unroll.bench;

import org.bytedeco.pytorch.TensorVector;

/** A layer's weights into libtorch's tensors, and their gradients back: {@link TorchOrder}. */
final class TorchWeights {
  private TorchWeights() {}

  /** To weight_ih, weight_hh, bias_ih, bias_hh, which are numbers {@code first} to {@code first} + 3 of {@code to}. */
  static void set(TorchOrder weights, TensorVector to, int first) {
    Libtorch.set(to.get(first), weights.ih());
    Libtorch.set(to.get(first + 1), weights.hh());
    Libtorch.set(to.get(first + 2), weights.bih());
    Libtorch.set(to.get(first + 3), weights.bhh());
  }

  /** Gradients of the four into {@code into}, in our order. */
  static void gradients(String cell, int H, TensorVector from, int first, String suffix, Outcome into) {
    new TorchOrder(gradient(from, first), gradient(from, first + 1), gradient(from, first + 2), gradient(from, first + 3))
        .gradients(cell, H, suffix, into);
  }

  private static float[] gradient(TensorVector from, int i) { return Libtorch.values(from.get(i).grad()); }
}
