package org.unroll.bench;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LSTMCellImpl;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.T_TensorT_TensorTensor_T_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/** {@link Kind#STREAM} on libtorch: {@code nn::LSTM} called for one step, x [1, 1, I], or {@code nn::LSTMCell}, x [1, I]. */
final class TorchStream extends Libtorch.Threaded {
  private final LSTMImpl lstm;
  private final LSTMCellImpl cell;
  private final Tensor[] x;
  private final long[] shape;
  private Pointer owner;
  private T_TensorTensor_T state;
  private int t;

  TorchStream(Job job, boolean oneCell, int threads) {
    super(threads);
    int T = job.size("T"), I = job.size("I"), H = job.size("H");
    lstm = oneCell ? null : new LSTMImpl(new LSTMOptions(I, H));
    cell = oneCell ? new LSTMCellImpl(I, H) : null;
    TorchWeights.set(TorchOrder.of(job, ""), oneCell ? cell.parameters() : lstm.parameters(), 0);
    shape = oneCell ? new long[] {1, H} : new long[] {1, 1, H};
    x = new Tensor[T];
    float[] all = job.values("x");
    for (t = 0; t < T; t++) {
      float[] row = Arrays.copyOfRange(all, t * I, (t + 1) * I);
      x[t] = oneCell ? Libtorch.tensor(row, 1, I) : Libtorch.tensor(row, 1, 1, I);
    }
    restart();
  }

  private void restart() {
    var zero = Libtorch.tensor(new float[(int) shape[shape.length - 1]], shape);
    state = new T_TensorTensor_T(zero, zero);
    owner = state;
    t = 0;
  }

  /** The state lives as long as what it came in, and no longer than the next step. */
  @Override public void step() {
    Pointer next;
    try (var now = new PointerScope(); var guard = new NoGradGuard()) {
      next = lstm == null ? cell.forward(x[t], state) : lstm.forward(x[t], state);
      next.retainReference();
    }
    owner.close();
    owner = next;
    state = next instanceof T_TensorT_TensorTensor_T_T both ? both.get1() : (T_TensorTensor_T) next;
    if (++t == x.length) t = 0;
  }

  @Override public Outcome outcome() {
    restart();
    do step(); while (t > 0);
    var o = new Outcome();
    try (var now = new PointerScope()) {
      o.outputs().put("h", Libtorch.values(state.get0()));
    }
    restart();
    return o;
  }
}
