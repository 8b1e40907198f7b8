package org.unroll.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.unroll.slab.Slab;

/** {@link OurModel}, built of libtorch's parts, from the same weights; the LSTM's second bias stays 0. */
final class TorchModel {
  private final int units;
  private final LSTMImpl lstm;
  private final Tensor table, matrix, bias;
  private final TensorVector trained;
  private final Adam adam;
  private float[] h, c;

  TorchModel(OurModel from, double rate) {
    float[] w = from.params.array();
    int width = from.embedding.width(), symbols = from.dense.width();
    units = from.lstm.units();
    lstm = new LSTMImpl(new LSTMOptions(width, units));
    var weights = lstm.parameters();
    TorchWeights.set(TorchOrder.of("lstm", OurLayer.values(from.lstm.W().of(w)), OurLayer.values(from.lstm.R().of(w)),
        OurLayer.values(from.lstm.b().of(w)), units), weights, 0);
    weights.get(3).set_requires_grad(false);
    table = leaf(OurLayer.values(from.embedding.E().of(w)), symbols, width);
    matrix = leaf(TorchOrder.transpose(OurLayer.values(from.dense.W().of(w)), units, symbols), symbols, units);
    bias = leaf(OurLayer.values(from.dense.b().of(w)), symbols);
    trained = new TensorVector(weights.get(0), weights.get(1), weights.get(2), table, matrix, bias);
    adam = new Adam(trained, new AdamOptions(rate));
  }

  private static Tensor leaf(float[] values, long... shape) { return Libtorch.tensor(values, shape).set_requires_grad(true); }

  /** Trains on one chunk. @return the loss before the update, nats a character */
  double step(Slab ids, Slab targets) {
    int rows = ids.rows();
    if (h == null) h = new float[rows * units];
    if (c == null) c = new float[rows * units];
    try (var now = new PointerScope()) {
      adam.zero_grad();
      var x = torch.embedding(table, longs(ids, ids.steps(), rows));
      var in = new T_TensorTensor_T(Libtorch.tensor(h, 1, rows, units), Libtorch.tensor(c, 1, rows, units));
      var out = lstm.forward(x, in);
      var z = torch.linear(out.get0(), matrix, new org.bytedeco.pytorch.TensorOptional(bias));
      var loss = torch.cross_entropy_loss(z.reshape(ids.height(), -1), longs(targets, ids.height()));
      loss.backward();
      torch.clip_grad_norm_(trained, 1.0);
      adam.step();
      h = Libtorch.values(out.get1().get0());
      c = Libtorch.values(out.get1().get1());
      return loss.item_float();
    }
  }

  private static Tensor longs(Slab ids, long... shape) {
    long[] v = new long[ids.height()];
    for (int r = 0; r < v.length; r++) v[r] = (long) ids.get(r, 0);
    return Tensor.create(v, shape);
  }
}
