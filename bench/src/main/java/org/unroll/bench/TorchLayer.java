package org.unroll.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.RNNImpl;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.unroll.layer.State;

/**
 * A {@link Problem} on libtorch: {@code nn::LSTM}, {@code nn::GRU} or {@code nn::RNN}, time first. Its tensors are garbage with
 * it; those of a run are freed when the run ends.
 */
final class TorchLayer implements Contestant.Local {
  private final Problem p;
  private final Module module;
  private final TensorVector weights;
  private final Tensor x, dy;

  /** What a run gives: y [T, B, H] and the last state, [1, B, H] a slot. */
  private record Run(Tensor y, Tensor[] out) {}

  TorchLayer(Problem p) {
    this.p = p;
    int I = p.shape().inputs(), H = p.shape().units();
    module = switch (p.cell()) {
      case "lstm" -> new LSTMImpl(new LSTMOptions(I, H));
      case "gru" -> new GRUImpl(I, H);
      case "elman" -> new RNNImpl(I, H);
      default -> throw new IllegalArgumentException(p.cell() + ": libtorch has no such layer");
    };
    weights = module.parameters();
    TorchWeights.set(p.torch(), weights, 0);
    x = Libtorch.tensor(p.x(), p.shape().steps(), p.shape().rows(), I);
    x.set_requires_grad(true);
    dy = Libtorch.tensor(p.dy(), p.shape().steps(), p.shape().rows(), H);
  }

  /** Forward and backward; gradients start anew. */
  @Override public void step() {
    try (var now = new PointerScope()) {
      forget();
      Libtorch.backward(run(null).y, dy);
    }
  }

  @Override public Outcome outcome() {
    try (var now = new PointerScope()) {
      forget();
      var in = new Tensor[p.slots()];
      for (int i = 0; i < in.length; i++) in[i] = state(p.in(), i).set_requires_grad(true);
      var run = run(in);
      var loss = run.y.mul(dy).sum();
      for (int i = 0; i < in.length; i++) loss = loss.add(run.out[i].mul(state(p.dOut(), i)).sum());
      loss.backward();

      var o = new Outcome();
      o.outputs().put("y", Libtorch.values(run.y));
      for (int i = 0; i < in.length; i++) {
        o.outputs().put("state" + i, Libtorch.values(run.out[i]));
        o.gradients().put("state" + i, Libtorch.values(in[i].grad()));
      }
      o.gradients().put("x", Libtorch.values(x.grad()));
      TorchWeights.gradients(p.cell(), p.shape().units(), weights, 0, "", o);
      return o;
    }
  }

  private void forget() {
    module.zero_grad(true);
    x.mutable_grad().reset();
  }

  private Tensor state(State s, int slot) {
    return Libtorch.tensor(s.part(0).step(slot), 1, p.shape().rows(), p.shape().units());
  }

  /** @param in the first state, slot by slot; null for zeros */
  private Run run(Tensor[] in) {
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
}
