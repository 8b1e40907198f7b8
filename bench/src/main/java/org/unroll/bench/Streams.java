package org.unroll.bench;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LSTMCellImpl;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Weights;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.layer.Stepper;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * One LSTM layer that is fed step by step, batch of one, nothing to be differentiated: ours opened, {@code nn::LSTM} called for
 * one step, {@code nn::LSTMCell}. One call makes all steps of the problem from a state of zeros, each step's state the next one's.
 */
final class Streams {
  private static final String DISAGREE = "engines that disagree are not timed: states must be within %.0e";

  private Streams() {}

  /** A stream that can tell where it has come to. */
  interface Stream extends Contestant.Local {
    @Override void step();

    @Override default Outcome outcome() { throw new UnsupportedOperationException(); }

    /** h after the last step. */
    float[] h();
  }

  /** Refuses with R002 unless all come to the same h. */
  static void check(Problem p, List<Stream> streams) {
    float[] want = null;
    for (var s : streams) {
      s.step();
      float[] h = s.h();
      if (want == null) want = h;
      for (int i = 0; i < h.length; i++) {
        if (Math.abs(h[i] - want[i]) <= Agreement.OUTPUT) continue;
        throw Fault.of(Code.R002, "after the last step h[%d] is %g and %g", i, h[i], want[i]).at("stream %s", p.shape())
            .because(DISAGREE, Agreement.OUTPUT);
      }
    }
  }

  /** Our {@link Stepper}. */
  static final class Ours implements Stream {
    private final Problem p;
    private final Slab x;
    private final Stepper stepper;

    Ours(Problem p, int threads) {
      this.p = p;
      x = Slab.zeros(1, 1, p.shape().inputs());
      stepper = p.layer().open(x, Run.evaluation(new Weights(p.params(), Engine.kernels(threads)), new Workspace()));
    }

    @Override public void step() {
      stepper.set(State.ZERO);
      for (int t = 0; t < p.shape().steps(); t++) {
        x.setRow(0, p.x(), t);
        stepper.step();
      }
    }

    @Override public float[] h() { return OurLayer.values(stepper.y()); }
  }

  /** {@code nn::LSTM}, x [1, 1, I] a call. */
  static final class Lstm implements Stream {
    private final LSTMImpl lstm;
    private final Tensor[] x;
    private final Tensor zero;
    private float[] h;

    Lstm(Problem p) {
      lstm = new LSTMImpl(new LSTMOptions(p.shape().inputs(), p.shape().units()));
      TorchWeights.set(p.torch(), lstm.parameters(), 0);
      x = inputs(p, 1, 1, p.shape().inputs());
      zero = Libtorch.tensor(new float[p.shape().units()], 1, 1, p.shape().units());
    }

    @Override public void step() {
      try (var now = new PointerScope(); var guard = new NoGradGuard()) {
        var state = new T_TensorTensor_T(zero, zero);
        for (var input : x) state = lstm.forward(input, state).get1();
        h = Libtorch.values(state.get0());
      }
    }

    @Override public float[] h() { return h; }
  }

  /** {@code nn::LSTMCell}, x [1, I] a call. */
  static final class LstmCell implements Stream {
    private final LSTMCellImpl cell;
    private final Tensor[] x;
    private final Tensor zero;
    private float[] h;

    LstmCell(Problem p) {
      cell = new LSTMCellImpl(p.shape().inputs(), p.shape().units());
      TorchWeights.set(p.torch(), cell.parameters(), 0);
      x = inputs(p, 1, p.shape().inputs());
      zero = Libtorch.tensor(new float[p.shape().units()], 1, p.shape().units());
    }

    @Override public void step() {
      try (var now = new PointerScope(); var guard = new NoGradGuard()) {
        var state = new T_TensorTensor_T(zero, zero);
        for (var input : x) state = cell.forward(input, state);
        h = Libtorch.values(state.get0());
      }
    }

    @Override public float[] h() { return h; }
  }

  private static Tensor[] inputs(Problem p, long... shape) {
    var x = new Tensor[p.shape().steps()];
    for (int t = 0; t < x.length; t++) x[t] = Libtorch.tensor(p.x().step(t), shape);
    return x;
  }
}
