package org.unroll.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.unroll.slab.Slab;

/** Between libtorch's tensors and our arrays. Tensors made here live until the caller's {@link PointerScope} closes. */
final class Libtorch {
  private Libtorch() {}

  static void threads(int n) { torch.set_num_threads(n); }

  /** Version and build of the peer, as far as it matters for speed. */
  static String describe() {
    String config = torch.show_config().getString();
    var kept = config.lines().map(String::strip).filter(l -> l.startsWith("- CPU cap") || l.startsWith("- Intel(R) MKL")).toList();
    String version = config.replaceAll("(?s).*TORCH_VERSION=([^,]*),.*", "$1");
    return "libtorch " + version + ": " + String.join("; ", kept).replace("- ", "");
  }

  static Tensor tensor(float[] values, long... shape) { return Tensor.create(values, shape); }

  static Tensor tensor(Slab s, long... shape) { return tensor(OurLayer.values(s), shape); }

  static float[] values(Tensor t) {
    float[] v = new float[Math.toIntExact(t.numel())];
    t.contiguous().data_ptr_float().get(v);
    return v;
  }

  /** Writes into a parameter. */
  static void set(Tensor parameter, float[] values) {
    try (var scope = new PointerScope(); var guard = new NoGradGuard()) {
      parameter.copy_(tensor(values, parameter.shape()));
    }
  }

  static void backward(Tensor y, Tensor dy) { y.backward(dy, new BoolOptional(), false, new TensorArrayRefOptional()); }
}
