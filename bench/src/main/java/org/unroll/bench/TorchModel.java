package org.unroll.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** {@link Kind#MODEL} on libtorch's parts; the LSTM's second biases stay 0. */
final class TorchModel extends Libtorch.Threaded {
  private final Job job;
  private final int T, B, chunks;
  private LSTMImpl lstm;
  private Tensor table, matrix, bias;
  private TensorVector trained;
  private Adam adam;
  private Tensor h, c;
  private int chunk;

  TorchModel(Job job, int threads) {
    super(threads);
    this.job = job;
    T = job.size("T");
    B = job.size("B");
    chunks = job.size("chunks");
    restart();
  }

  private void restart() {
    int I = job.size("I"), H = job.size("H"), V = job.size("V");
    var options = new LSTMOptions(I, H);
    options.num_layers().put(2);
    lstm = new LSTMImpl(options);
    var w = lstm.parameters();
    for (int l = 0; l < 2; l++) {
      TorchWeights.set(TorchOrder.of(job, Integer.toString(l)), w, 4 * l);
      w.get(4 * l + 3).set_requires_grad(false);
    }
    table = Libtorch.leaf(Libtorch.tensor(job, "E"));
    matrix = Libtorch.leaf(Libtorch.tensor(TorchOrder.transpose(job.values("U"), H, V), V, H));
    bias = Libtorch.leaf(Libtorch.tensor(job, "c"));
    trained = new TensorVector(w.get(0), w.get(1), w.get(2), w.get(4), w.get(5), w.get(6), table, matrix, bias);
    adam = new Adam(trained, new AdamOptions(job.size("micro") * 1e-6));
    h = Libtorch.tensor(new float[2 * B * H], 2, B, H);
    c = Libtorch.tensor(new float[2 * B * H], 2, B, H);
    chunk = 0;
  }

  @Override public void step() { train(); }

  /** @return mean loss before the update */
  private float train() {
    Tensor nextH, nextC;
    float loss;
    try (var now = new PointerScope()) {
      adam.zero_grad();
      var x = torch.embedding(table, ids(chunk * T, T, B));
      var out = lstm.forward(x, new T_TensorTensor_T(h, c));
      var z = torch.linear(out.get0(), matrix, new TensorOptional(bias));
      var mean = torch.cross_entropy_loss(z.reshape(T * B, -1), ids(chunk * T + 1, T * B));
      mean.backward();
      torch.clip_grad_norm_(trained, 1.0);
      adam.step();
      nextH = out.get1().get0().detach();
      nextC = out.get1().get1().detach();
      nextH.retainReference();
      nextC.retainReference();
      loss = mean.item_float();
    }
    h.close();
    c.close();
    h = nextH;
    c = nextC;
    if (++chunk == chunks) chunk = 0;
    return loss;
  }

  /** T·B ids from row {@code from} on. */
  private Tensor ids(int from, long... shape) {
    float[] all = job.values("ids");
    long[] v = new long[T * B];
    for (int i = 0; i < v.length; i++) v[i] = (long) all[from * B + i];
    return Tensor.create(v, shape);
  }

  @Override public Outcome outcome() {
    restart();                                                 // steps may have been timed before
    float[] losses = new float[chunks];
    for (int i = 0; i < chunks; i++) losses[i] = train();
    restart();
    var o = new Outcome();
    o.outputs().put("loss", losses);
    return o;
  }
}
