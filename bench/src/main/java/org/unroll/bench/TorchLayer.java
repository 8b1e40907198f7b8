package org.unroll.bench;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.PackedSequence;
import org.bytedeco.pytorch.RNNImpl;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** {@link Kind#TRAIN}, {@link Kind#RAGGED} and {@link Kind#INFER} on libtorch: one module, time first. */
final class TorchLayer extends Libtorch.Threaded {
  private final Job job;
  private final Module module;
  private final TensorVector weights;
  private final Tensor x, dy, lengths;
  private final boolean packed;
  private final int T, B, H;

  /** What a run gives: y [T, B, H] and the last state, [1, B, H] a slot. */
  private record Run(Tensor y, Tensor[] out) {}

  TorchLayer(Job job, String mode, int threads) {
    super(threads);
    this.job = job;
    T = job.size("T");
    B = job.size("B");
    H = job.size("H");
    int I = job.size("I");
    module = switch (job.cell()) {
      case "lstm" -> new LSTMImpl(new LSTMOptions(I, H));
      case "gru" -> new GRUImpl(I, H);
      case "elman" -> new RNNImpl(I, H);
      default -> throw new IllegalArgumentException(job.cell() + ": libtorch has no such layer");
    };
    weights = module.parameters();
    TorchWeights.set(TorchOrder.of(job, ""), weights, 0);
    boolean train = job.kind() != Kind.INFER;
    x = Libtorch.tensor(job, "x").set_requires_grad(train);
    dy = train ? Libtorch.tensor(job, "dy") : null;
    packed = mode.equals("packed");
    lengths = packed ? Libtorch.longs(job, "lengths", B) : null;
  }

  /** Forward and, in training, backward; gradients start anew. */
  @Override public void step() {
    try (var now = new PointerScope()) {
      if (dy != null) {
        forget();
        Libtorch.backward(run(null).y, dy);
      } else {
        try (var guard = new NoGradGuard()) {
          run(null);
        }
      }
    }
  }

  @Override public Outcome outcome() {
    try (var now = new PointerScope()) {
      var o = new Outcome();
      if (dy == null) {
        try (var guard = new NoGradGuard()) {
          o.outputs().put("y", Libtorch.values(run(null).y));
        }
        return o;
      }
      forget();
      Tensor[] in = states("in"), dOut = states("dOut");
      if (in != null) for (var s : in) s.set_requires_grad(true);
      var run = run(in);
      var loss = run.y.mul(dy).sum();
      for (int i = 0; in != null && i < in.length; i++) loss = loss.add(run.out[i].mul(dOut[i]).sum());
      loss.backward();
      o.outputs().put("y", alive(Libtorch.values(run.y)));
      for (int i = 0; in != null && i < in.length; i++) {
        o.outputs().put("state" + i, Libtorch.values(run.out[i]));
        o.gradients().put("state" + i, Libtorch.values(in[i].grad()));
      }
      o.gradients().put("x", alive(Libtorch.values(x.grad())));
      TorchWeights.gradients(job.cell(), H, weights, 0, "", o);
      return o;
    }
  }

  private void forget() {
    module.zero_grad(true);
    Libtorch.forget(x);
  }

  /** The job's slots of that name, [1, B, H] each; null without. */
  private Tensor[] states(String name) {
    if (!job.arrays().containsKey(name)) return null;
    float[] all = job.values(name);
    var slots = new Tensor[all.length / (B * H)];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Libtorch.tensor(Arrays.copyOfRange(all, i * B * H, (i + 1) * B * H), 1, B, H);
    }
    return slots;
  }

  private Run run(Tensor[] in) { return packed ? new Run(packed(), null) : padded(in); }

  /** Packing and unpacking are a part of the work: the batch comes and goes padded. */
  private Tensor packed() {
    var p = torch.pack_padded_sequence(x, lengths, false, true);
    PackedSequence y = switch (module) {
      case LSTMImpl lstm -> lstm.forward_with_packed_input(p).get0();
      case GRUImpl gru -> gru.forward_with_packed_input(p).get0();
      default -> ((RNNImpl) module).forward_with_packed_input(p).get0();
    };
    return torch.pad_packed_sequence(y, false, 0, new LongOptional(T)).get0();
  }

  /** @param in the first state, slot by slot; null for zeros */
  private Run padded(Tensor[] in) {
    return switch (module) {
      case LSTMImpl lstm -> {
        var r = in == null ? lstm.forward(x) : lstm.forward(x, new T_TensorTensor_T(in[0], in[1]));
        yield new Run(r.get0(), new Tensor[] {r.get1().get0(), r.get1().get1()});
      }
      case GRUImpl gru -> of(in == null ? gru.forward(x) : gru.forward(x, in[0]));
      case RNNImpl rnn -> of(in == null ? rnn.forward(x) : rnn.forward(x, in[0]));
      default -> throw new AssertionError(module);
    };
  }

  private static Run of(T_TensorTensor_T r) { return new Run(r.get0(), new Tensor[] {r.get1()}); }

  /** The values, 0 where a sequence has ended. */
  private float[] alive(float[] v) {
    if (job.kind() != Kind.RAGGED) return v;
    int[] ends = job.ints("lengths");
    int K = v.length / (T * B);
    for (int r = 0; r < T * B; r++) if (r / B >= ends[r % B]) Arrays.fill(v, r * K, (r + 1) * K, 0);
    return v;
  }
}
