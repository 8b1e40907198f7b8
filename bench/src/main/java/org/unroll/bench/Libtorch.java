package org.unroll.bench;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's C++ library in this process, and the way between its tensors and our arrays. Tensors live until the caller's
 * {@link PointerScope} closes.
 */
final class Libtorch implements Peer {

  @Override public String name() { return "libtorch"; }

  @Override public String version() throws Absent {
    try {
      return describe();
    } catch (LinkageError e) {
      throw new Absent("libtorch cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** Version and build, as far as it matters for speed. */
  private static String describe() {
    String config = torch.show_config().getString();
    var kept = config.lines().map(String::strip)
        .filter(l -> l.startsWith("- CPU cap") || l.startsWith("- Intel(R) MK")).toList();
    String version = config.replaceAll("(?s).*TORCH_VERSION=([^,]*),.*", "$1");
    return "libtorch " + version + ": " + String.join("; ", kept).replace("- ", "");
  }

  @Override public List<String> modes(Job job) {
    if (job.cell().startsWith("min")) return List.of();
    return switch (job.kind()) {
      case TRAIN, INFER -> List.of(module(job.cell()));
      case RAGGED -> List.of("packed", "padded");
      case DEEP -> List.of("nn::LSTM");
      case STREAM -> job.cell().equals("lstm") ? List.of("nn::LSTM", "nn::LSTMCell") : List.of();
      case MODEL -> List.of("modules");
      case SOFTMAX -> List.of("linear + cross_entropy");
      case CRF, VITERBI -> List.of("pytorch-crf's algorithm");
    };
  }

  private static String module(String cell) {
    return switch (cell) {
      case "lstm" -> "nn::LSTM";
      case "gru" -> "nn::GRU";
      default -> "nn::RNN";
    };
  }

  @Override public String why(Job job) { return "has no such layer"; }

  @Override public Contestant enter(Job job, String mode, int threads) {
    threads(threads);
    return switch (job.kind()) {
      case TRAIN, RAGGED, INFER -> new TorchLayer(job, mode, threads);
      case DEEP -> new TorchDeep(job, threads);
      case STREAM -> new TorchStream(job, mode.equals("nn::LSTMCell"), threads);
      case MODEL -> new TorchModel(job, threads);
      case SOFTMAX -> new TorchSoftmax(job, threads);
      case CRF, VITERBI -> new TorchCrf(job, threads);
    };
  }

  /** Of its own loops and of the BLAS, whose number is another. */
  static void threads(int n) {
    torch.set_num_threads(n);
    openblas.blas_set_num_threads(n);
  }

  /** One that runs with libtorch's number of threads set for it. */
  abstract static class Threaded implements Contestant.Local {
    private final int threads;

    Threaded(int threads) { this.threads = threads; }

    @Override public void enter() { threads(threads); }
  }

  static Tensor tensor(float[] values, long... shape) { return Tensor.create(values, shape); }

  /** An array of the job, in the shape it has there. */
  static Tensor tensor(Job job, String name) {
    int[] shape = job.arrays().get(name).shape();
    return tensor(job.values(name), Arrays.stream(shape).asLongStream().toArray());
  }

  /** Ids of the job, 64 bits each. */
  static Tensor longs(Job job, String name, long... shape) {
    return Tensor.create(Arrays.stream(job.ints(name)).asLongStream().toArray(), shape);
  }

  static Tensor leaf(Tensor t) { return t.set_requires_grad(true); }

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

  /** The next backward gives new gradients instead of adding to these. */
  static void forget(Tensor... leaves) {
    for (var leaf : leaves) leaf.mutable_grad().reset();
  }
}
