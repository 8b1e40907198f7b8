package org.unroll.bench;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Kind#CRF} and {@link Kind#VITERBI} as the Python package pytorch-crf computes them, on libtorch: a loop over time, at
 * each step the sum of scores before, transitions and emissions spread out to [B, K, K], then log Σ exp or the maximum over the
 * label before. Without its masks, and with the scores of the given labels and the way back gathered for all sequences at once:
 * that is less work than the package has.
 */
final class TorchCrf extends Libtorch.Threaded {
  private final int T, B, K;
  private final Tensor e, A, start, end, y;

  TorchCrf(Job job, int threads) {
    super(threads);
    T = job.size("T");
    B = job.size("B");
    K = job.size("K");
    e = Libtorch.leaf(Libtorch.tensor(job, "e"));
    A = Libtorch.leaf(Libtorch.tensor(job, "A"));
    start = Libtorch.leaf(Libtorch.tensor(job, "start"));
    end = Libtorch.leaf(Libtorch.tensor(job, "end"));
    y = job.kind() == Kind.VITERBI ? null : Libtorch.longs(job, "y", T, B);
  }

  @Override public void step() {
    try (var now = new PointerScope()) {
      if (y != null) {
        loss();
      } else {
        try (var guard = new NoGradGuard()) {
          best();
        }
      }
    }
  }

  private Tensor loss() {
    Libtorch.forget(e, A, start, end);
    var alpha = start.add(e.select(0, 0));
    for (int t = 1; t < T; t++) alpha = torch.logsumexp(spread(alpha, t), 1);
    var mean = torch.logsumexp(alpha.add(end), 1).sub(score()).mean();
    mean.backward();
    return mean;
  }

  /** Scores of the labels given [B]. */
  private Tensor score() {
    var emitted = e.gather(2, y.unsqueeze(2)).sum();
    var pairs = y.narrow(0, 0, T - 1).mul(new Scalar(K)).add(y.narrow(0, 1, T - 1)).reshape(-1);
    var moved = A.reshape(-1).index_select(0, pairs).sum();
    var ends = start.index_select(0, y.select(0, 0)).add(end.index_select(0, y.select(0, T - 1)));
    return ends.add(emitted.add(moved).div(new Scalar((float) B)));
  }

  /** [B, K, K]: what stood before, the step from one label to the other, what the new one emits. */
  private Tensor spread(Tensor before, int t) { return before.unsqueeze(2).add(A).add(e.select(0, t).unsqueeze(1)); }

  /** Best labels [T][B]. */
  private Tensor[] best() {
    var score = start.add(e.select(0, 0));
    var from = new Tensor[T];
    for (int t = 1; t < T; t++) {
      var best = torch.max(spread(score, t), 1);
      score = best.get0();
      from[t] = best.get1();
    }
    var labels = new Tensor[T];
    labels[T - 1] = torch.max(score.add(end), 1).get1();
    for (int t = T - 1; t > 0; t--) labels[t - 1] = from[t].gather(1, labels[t].unsqueeze(1)).select(1, 0);
    return labels;
  }

  @Override public Outcome outcome() {
    try (var now = new PointerScope()) {
      var o = new Outcome();
      if (y != null) {
        o.outputs().put("loss", new float[] {loss().item_float()});
        o.gradients().put("e", Libtorch.values(e.grad()));
        o.gradients().put("A", Libtorch.values(A.grad()));
        o.gradients().put("start", Libtorch.values(start.grad()));
        o.gradients().put("end", Libtorch.values(end.grad()));
      } else {
        o.outputs().put("path", paths());
      }
      return o;
    }
  }

  private float[] paths() {
    try (var guard = new NoGradGuard()) {
      var labels = best();
      float[] v = new float[T * B];
      long[] row = new long[B];
      for (int t = 0; t < T; t++) {
        labels[t].contiguous().data_ptr_long().get(row);
        for (int n = 0; n < B; n++) v[t * B + n] = row[n];
      }
      return v;
    }
  }
}
