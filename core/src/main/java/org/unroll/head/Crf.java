package org.unroll.head;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.unroll.layer.Layer;
import org.unroll.layer.Pass;
import org.unroll.layer.Rows;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * Linear-chain conditional random field (Lafferty, McCallum and Pereira 2001) on any encoder; with a bidirectional LSTM it is
 * the tagger of Huang, Xu and Yu 2015. Labels of a sequence are chosen together; targets are labels [T, N, 1].
 * <pre>
 *   (1) B_t = output(h_t) = h_t V + c                 p_t and q_t of {@link ForwardBackward}; sums over all sequences
 *   (2) L = Σ (log Z − score(y)) / count              (B1) δB_t(i) = (p_t(i) − [y_t = i]) / count
 *                                                     (B2) δA(i, j) = Σ_t (p_t(i) q_t(i, j) − [y_t = i, y_{t+1} = j]) / count
 *                                                     (B3) δstart = Σ δB_1
 *                                                     (B4) δend = Σ δB_T
 *                                                     (B5) δh by the output
 * </pre>
 * L is the mean over sequences, since p(y | x) is the probability of a whole sequence; one without steps does not count. Each
 * sequence's share of (B2) is summed by itself, the shares then in the order of the rows.
 *
 * @param output the output matrix: V and c
 * @param A transitions K × K: A(i, j) is the score of label j after label i
 * @param start scores of the first label [K]
 * @param end scores of the last label [K]
 */
public record Crf(Layer output, Param A, Param start, Param end) implements Head<Slab> {

  /** @param init how {@code A}, {@code start} and {@code end} start */
  public static Crf of(String name, Layer output, Init init, Params ps) {
    int K = output.width();
    return new Crf(output, ps.add(name + ".A", K, K, init), ps.add(name + ".start", 1, K, init), ps.add(name + ".end", 1, K, init));
  }

  /**
   * @param target labels [T, N, 1]
   * @param alpha [T, N, K]
   * @param sum Σ −log p(y | x)
   * @param count of sequences
   */
  private record Scored(Crf head, Run run, Batch h, Pass B, Slab target, Slab alpha, double sum, int count) implements Loss {
    @Override public Slab backward(Grads into) { return head.backward(this, into); }
  }

  @Override public int outputs() { return output.width(); }

  @Override public Loss loss(Batch h, Slab target, Run run) {
    var B = output.forward(h, State.ZERO, run);                                                         // (1)
    var lattice = lattice(B.y().x(), run);
    var alpha = like(B.y().x(), run);
    int N = h.x().rows();
    var nll = new double[sequences(h)];
    each(run, nll.length, n -> {
      int length = h.length(n);
      nll[n] = lattice.forward(n, length, alpha) - lattice.score(n, length, t -> label(target, t * N + n));
    });
    double sum = 0;
    for (double each : nll) sum += each;                                                                // (2)
    return new Scored(this, run, h, B, target, alpha, sum, nll.length);
  }

  private Slab backward(Scored s, Grads into) {
    int K = outputs(), N = s.h.x().rows();
    var ws = s.run.ws();
    var dB = like(s.alpha, s.run);
    var dA = ws.zeros(1, N, K * K);
    var dEnd = ws.raw(1, N, K);
    var lattice = lattice(s.B.y().x(), s.run);
    var beta = like(s.alpha, s.run);
    var q = ws.raw(1, N, K * K);
    each(s.run, s.count, n -> {
      int length = s.h.length(n);
      for (int t = length - 1; t >= 0; t--) {
        lattice.back(n, t, length, s.alpha, beta, dB, q, n);
        if (t < length - 1) transitions(s, n, t, dB, q, dA);
        emissions(s, t * N + n, dB);
      }
      dEnd.setRow(n, dB, (length - 1) * N + n);
    });
    var k = s.run.k();
    k.columnSums(dA, 0, s.count, Slab.matrix(into.array(), A.offset(), 1, A.size()));                   // (B2)
    k.columnSums(dB, 0, s.count, start.of(into.array()));                                               // (B3)
    k.columnSums(dEnd, 0, s.count, end.of(into.array()));                                               // (B4)
    return s.B.backward(dB, State.ZERO, into).dx();                                                     // (B5)
  }

  /** Row r of p becomes δB. */
  private static void emissions(Scored s, int r, Slab p) {
    int y = label(s.target, r);
    float scale = 1f / s.count;
    for (int i = 0; i < p.cols(); i++) p.set(r, i, (p.get(r, i) - (i == y ? 1 : 0)) * scale);          // (B1)
  }

  /** Step t of row n is added to its share of δA. */
  private static void transitions(Scored s, int n, int t, Slab p, Slab q, Slab dA) {
    int K = p.cols(), N = p.rows(), r = t * N + n;
    int gold = label(s.target, r) * K + label(s.target, r + N);
    float scale = 1f / s.count;
    for (int i = 0; i < K; i++) {
      for (int j = 0, at = i * K; j < K; j++, at++) {
        float both = p.get(r, i) * q.get(n, at) - (at == gold ? 1 : 0);
        dA.set(n, at, Math.fma(both, scale, dA.get(n, at)));
      }
    }
  }

  /** The probability of each label at each step, p(y_t = k | x): exact, summed over all labellings. */
  @Override public Slab predict(Batch h, Run run) {
    var B = output.forward(h, State.ZERO, run).y().x();                                                 // (1)
    var lattice = lattice(B, run);
    var alpha = like(B, run);
    var beta = like(B, run);
    var p = like(B, run);
    var q = run.ws().raw(1, B.rows(), outputs() * outputs());
    each(run, sequences(h), n -> {
      int length = h.length(n);
      lattice.forward(n, length, alpha);
      for (int t = length - 1; t >= 0; t--) lattice.back(n, t, length, alpha, beta, p, q, n);
    });
    return p;
  }

  /** All labellings of each sequence of the batch, for every question about them. They outlive the run. */
  public List<Lattice> lattices(Batch h, Run run) {
    var B = output.forward(h, State.ZERO, run).y().x();                                                 // (1)
    var all = lattice(B, run);
    var list = new ArrayList<Lattice>();
    for (int n = 0; n < B.rows(); n++) list.add(Lattice.row(all, n, h.length(n)));
    return list;
  }

  /** Calls {@code row} for 0 … count − 1; the threads share them. */
  private static void each(Run run, int count, IntConsumer row) {
    Rows.split(run.k(), count, (from, rows) -> {
      for (int n = from; n < from + rows; n++) row.accept(n);
    });
  }

  /** Those with at least one step. */
  private static int sequences(Batch h) { return Counted.count(h, At.LAST_STEP); }

  private ForwardBackward lattice(Slab B, Run run) {
    var w = run.weights();
    return new ForwardBackward(B, w.of(A), w.of(start), w.of(end));
  }

  private static Slab like(Slab s, Run run) { return run.ws().raw(s.steps(), s.rows(), s.cols()); }

  private static int label(Slab target, int r) { return (int) target.get(r, 0); }
}
