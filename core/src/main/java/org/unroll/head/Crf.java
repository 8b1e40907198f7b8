package org.unroll.head;

import static org.unroll.kernel.ChainSums.LANES;

import java.util.ArrayList;
import java.util.List;
import org.unroll.kernel.Activation;
import org.unroll.layer.Activate;
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
 * L is the mean over sequences, since p(y | x) is the probability of a whole sequence; one without steps does not count. The sums
 * over all labellings are those of {@link ChainSweep}, each sequence's share of (B2) summed by itself.
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

  /** @param sum Σ −log p(y | x) of {@code count} sequences */
  private record Scored(Crf head, Run run, Batch h, Pass B, Slab target, ChainSweep sweep, double sum, int count) implements Loss {
    @Override public Slab backward(Grads into) { return head.backward(this, into); }
  }

  @Override public int outputs() { return output.width(); }

  @Override public Loss loss(Batch h, Slab target, Run run) {
    var B = output.forward(h, State.ZERO, run);                                                         // (1)
    var lattice = lattice(B.y().x(), run);
    var sweep = sweep(h, lattice, run);
    int N = h.x().rows(), count = sequences(h);
    double[] scores = run.ws().doubles(N);
    run.k().parallel(sweep.groups(), g -> {
      sweep.forward(g);
      for (int n = g * LANES; n < Math.min(N, (g + 1) * LANES); n++) {
        int row = n;
        scores[n] = lattice.score(n, h.length(n), t -> label(target, t * N + row));
      }
    });
    double sum = 0;
    for (int n = 0; n < count; n++) sum += sweep.logZ(n) - scores[n];                                   // (2)
    return new Scored(this, run, h, B, target, sweep, sum, count);
  }

  private static ChainSweep sweep(Batch h, ForwardBackward lattice, Run run) {
    return new ChainSweep(h, lattice.B(), lattice.A(), lattice.start(), lattice.end(), run);
  }

  private Slab backward(Scored s, Grads into) {
    int K = outputs(), N = s.h.x().rows();
    var k = s.run.k();
    var sums = k.chainSums();
    float scale = s.count == 0 ? 0f : 1f / s.count;
    var dB = like(s.B.y().x(), s.run);
    var dEnd = s.run.ws().raw(1, N, K);
    k.parallel(s.sweep.groups(), g -> s.sweep.gradients(g, s.target, (p, at, row, rows) -> {
      sums.turnBack(p, at, dB, row, rows, scale);
      for (int l = 0; l < rows; l++) {
        int y = label(s.target, row + l);
        dB.set(row + l, y, (p[at + y * LANES + l] - 1) * scale);                                        // (B1)
      }
    }));
    for (int n = 0; n < s.count; n++) dEnd.setRow(n, dB, (s.h.length(n) - 1) * N + n);
    var dA = A.of(into.array());
    Rows.split(k, K, (from, rows) -> s.sweep.transitions(dA, from, rows, scale));                       // (B2)
    k.columnSums(dB, 0, s.count, start.of(into.array()));                                               // (B3)
    k.columnSums(dEnd, 0, s.count, end.of(into.array()));                                               // (B4)
    return s.B.backward(dB, State.ZERO, into).dx();                                                     // (B5)
  }

  /** The probability of each label at each step, p(y_t = k | x): exact, summed over all labellings. */
  @Override public Slab predict(Batch h, Run run) {
    var B = scores(h, run);
    var sweep = sweep(h, lattice(B, run), run);
    run.k().parallel(sweep.groups(), sweep::forward);
    var p = like(B, run);
    var sums = run.k().chainSums();
    run.k().parallel(sweep.groups(), g -> sweep.marginals(g, (from, at, row, rows) -> sums.turnBack(from, at, p, row, rows, 1f)));
    return p;
  }

  /** The most probable labels of each sequence [N][its length]: those of {@link Lattice#viterbi}, without a lattice. */
  public int[][] decode(Batch h, Run run) {
    var sweep = new BestSweep(h, lattice(scores(h, run), run), run);
    var labels = new int[h.x().rows()][];
    for (int n = 0; n < labels.length; n++) labels[n] = new int[h.length(n)];
    run.k().parallel(sweep.groups(), g -> sweep.labels(g, labels));
    return labels;
  }

  /** All labellings of each sequence of the batch, for every question about them. They outlive the run. */
  public List<Lattice> lattices(Batch h, Run run) {
    var B = scores(h, run);
    var all = lattice(B, run);
    var list = new ArrayList<Lattice>();
    for (int n = 0; n < B.rows(); n++) list.add(Lattice.row(all, n, h.length(n)));
    return list;
  }

  /** Those with at least one step. */
  private static int sequences(Batch h) { return Counted.count(h, At.LAST_STEP); }

  /** B for what has no way back; where h are scores already, they are read where they lie. */
  private Slab scores(Batch h, Run run) {
    if (output instanceof Activate a && a.f() == Activation.IDENTITY) return h.x();
    return output.forward(h, State.ZERO, run).y().x();                                                  // (1)
  }

  private ForwardBackward lattice(Slab B, Run run) {
    var w = run.weights();
    return new ForwardBackward(B, w.of(A), w.of(start), w.of(end));
  }

  private static Slab like(Slab s, Run run) { return run.ws().raw(s.steps(), s.rows(), s.cols()); }

  private static int label(Slab target, int r) { return (int) target.get(r, 0); }
}
