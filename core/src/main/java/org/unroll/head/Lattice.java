package org.unroll.head;

import java.util.List;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Slab;

/**
 * All labellings of one sequence under a linear-chain CRF, and exact answers about them: the best ones, how probable one is, how
 * probable a label or a run of labels is. Immutable: to be shared by any number of threads.
 */
public final class Lattice {
  private final ForwardBackward scores;
  private final int length;
  private final Slab alpha;
  private final double logZ;
  private volatile Smoothed smoothed;

  /** @param scores of one row */
  private Lattice(ForwardBackward scores) {
    this.scores = scores;
    this.length = scores.B().steps();
    this.alpha = Slab.zeros(length, 1, labels());
    this.logZ = scores.forward(0, length, alpha);
  }

  /**
   * What the walk back gives.
   *
   * @param p [T, 1, K]
   * @param q [T, 1, K·K], nothing at the last step
   */
  private record Smoothed(Slab p, Slab q) {}

  /**
   * One labelling.
   *
   * @param labels [T]
   * @param score see {@link #score}
   * @param logProbability log p(labels | x), in nats
   */
  public record Path(int[] labels, double score, double logProbability) {
    /** p(labels | x). */
    public double probability() { return StrictMath.exp(logProbability); }
  }

  /**
   * From scores at hand.
   *
   * @param emissions [T][K]
   * @param transitions [K][K]: row i, column j is label j after label i
   * @param start of the first label [K]
   * @param end of the last label [K]
   * @throws Fault C030 if their sizes differ
   */
  public static Lattice of(float[][] emissions, float[][] transitions, float[] start, float[] end) {
    int T = emissions.length, K = start.length;
    if (K == 0) throw Fault.of(Code.C030, "there are no labels").at("start");
    return new Lattice(new ForwardBackward(filled("emissions", emissions, Slab.zeros(T, 1, K)),
        filled("transitions", transitions, Slab.zeros(1, K, K)), filled("start", new float[][] {start}, Slab.zeros(1, 1, K)),
        filled("end", new float[][] {end}, Slab.zeros(1, 1, K))));
  }

  private static Slab filled(String name, float[][] from, Slab to) {
    if (from.length != to.height()) {
      throw Fault.of(Code.C030, "it has %d rows", from.length).at(name).because("it must have %d", to.height());
    }
    for (int r = 0; r < from.length; r++) {
      if (from[r].length != to.cols()) {
        throw Fault.of(Code.C030, "row %d has %d numbers", r, from[r].length).at(name).because("it must have %d, one a label", to.cols());
      }
      for (int k = 0; k < to.cols(); k++) to.set(r, k, from[r][k]);
    }
    return to;
  }

  /** Row n, copied. */
  static Lattice row(ForwardBackward all, int n, int length) {
    int N = all.B().rows(), K = all.B().cols();
    var B = Slab.zeros(length, 1, K);
    for (int t = 0; t < length; t++) B.setRow(t, all.B(), t * N + n);
    return new Lattice(new ForwardBackward(B, copy(all.A()), copy(all.start()), copy(all.end())));
  }

  private static Slab copy(Slab s) {
    var c = Slab.zeros(1, s.rows(), s.cols());
    for (int r = 0; r < s.rows(); r++) c.setRow(r, s, r);
    return c;
  }

  /** T: steps of the sequence. */
  public int length() { return length; }

  /** K: how many labels there are to choose from. */
  public int labels() { return scores.B().cols(); }

  /** log Z = log Σ exp(score) over all K^T labellings; 0 for an empty sequence, which has one. */
  public double logZ() { return logZ; }

  /** start(y_1) + Σ B_t(y_t) + Σ A(y_{t−1}, y_t) + end(y_T). C030 for labels that do not fit. */
  public double score(int... labels) {
    if (labels.length != length) {
      throw Fault.of(Code.C030, "%d labels", labels.length).at("labels").because("the sequence has %d steps", length);
    }
    requireLabels(0, labels);
    return scores.score(0, length, t -> labels[t]);
  }

  /** log p(labels | x) = score − log Z, in nats. */
  public double logProbability(int... labels) { return score(labels) - logZ; }

  /** The most probable labelling. Equal ones: see {@link #best}. */
  public Path viterbi() { return best(1).getFirst(); }

  /**
   * The n most probable labellings, the best first; fewer where there are fewer. Scores are compared in double. Of equal ones that
   * with the smaller last label comes first; if these are equal too the label before decides, and so on towards the first.
   * Time and memory grow with T·K²·n and T·K·n.
   */
  public List<Path> best(int n) {
    if (n < 1) throw Fault.of(Code.C030, "n is %d", n).because("must be at least 1");
    if ((long) n * labels() > Integer.MAX_VALUE) {
      throw Fault.of(Code.C030, "n is %d", n).because("n times %d labels must be an int", labels());
    }
    return BestPaths.of(scores, length, n).stream().map(this::path).toList();
  }

  private Path path(int[] labels) {
    double score = score(labels);
    return new Path(labels, score, score - logZ);
  }

  /** p(y_step = label | x). */
  public double marginal(int step, int label) { return span(step, label); }

  /** p(y_t = k | x) of every step and label [T][K]. */
  public float[][] marginals() {
    var p = smoothed().p;
    var all = new float[length][];
    for (int t = 0; t < length; t++) all[t] = p.copyRow(t, 0);
    return all;
  }

  /**
   * p(y_from = labels[0], y_{from+1} = labels[1], … | x): that a run of steps has these labels, whatever the others have. Given the
   * sequence, labels are a Markov chain, so it is p(y_from) times one conditional probability a step.
   *
   * @throws Fault C030 if the run does not lie within the sequence, or a label is none
   */
  public double span(int from, int... labels) {
    if (from < 0 || labels.length == 0 || labels.length > length - from) {
      throw Fault.of(Code.C030, "steps %d to %d", from, from + labels.length - 1).at("span")
          .because("must be at least one of the steps 0 to %d", length - 1);
    }
    requireLabels(from, labels);
    var s = smoothed();
    double probability = s.p.get(from, labels[0]);
    for (int i = 1; i < labels.length; i++) probability *= s.q.get(from + i - 1, labels[i - 1] * labels() + labels[i]);
    return probability;
  }

  private void requireLabels(int from, int[] labels) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= 0 && labels[i] < labels()) continue;
      throw Fault.of(Code.C030, "label is %d", labels[i]).at("step %d", from + i).because("must be in [0, %d)", labels());
    }
  }

  /** Worked out when first asked for; twice at worst, and the same. */
  private Smoothed smoothed() {
    var s = smoothed;
    if (s == null) smoothed = s = smooth();
    return s;
  }

  private Smoothed smooth() {
    int K = labels();
    var beta = Slab.zeros(length, 1, K);
    var p = Slab.zeros(length, 1, K);
    var q = Slab.zeros(length, 1, K * K);
    for (int t = length - 1; t >= 0; t--) scores.back(0, t, length, alpha, beta, p, q, t);
    return new Smoothed(p, q);
  }
}
