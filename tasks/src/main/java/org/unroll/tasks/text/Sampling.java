package org.unroll.tasks.text;

import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Philox;

/**
 * How a symbol is drawn from logits. The logits are divided by the temperature; {@code topK} keeps the most probable
 * symbols (Fan et al. 2018); {@code topP} keeps, of these, the smallest set of the most probable ones whose share
 * reaches p (Holtzman et al. 2020); what is left is renormalised and drawn from. Of equally probable symbols the one with
 * the lower id counts as the more probable.
 * <pre>
 *   (1) p_i = e^(z_i / τ) / Σ_k e^(z_k / τ)       z the logits, τ the temperature
 * </pre>
 *
 * @param temperature above 0; 1 leaves the distribution as it is, less sharpens it
 * @param topK how many symbols are kept; 0 keeps all
 * @param topP the share that is kept, in (0, 1]; 1 keeps all
 * @param seed of the random numbers
 * @param greedy always the most probable symbol; nothing else is then looked at
 */
public record Sampling(double temperature, int topK, double topP, long seed, boolean greedy) {

  /** Refuses what is out of range with C011, by the name of the component. */
  public Sampling {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw Fault.of(Code.C011, "temperature is " + number(temperature)).at("temperature")
          .because("must be a finite number greater than 0")
          .mend("greedy sampling takes the most probable symbol every time");
    }
    if (topK < 0) {
      throw Fault.of(Code.C011, "top-k is " + topK).at("top-k").because("must be 0 or more").mend("0 keeps all symbols");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw Fault.of(Code.C011, "top-p is " + number(topP)).at("top-p").because("must be greater than 0 and at most 1")
          .mend("1 keeps all symbols");
    }
  }

  /** From the whole distribution as the model gives it. */
  public static Sampling of(long seed) { return new Sampling(1, 0, 1, seed, false); }

  /** The most probable symbol every time. */
  public static Sampling most() { return new Sampling(1, 0, 1, 0, true); }

  /** With another temperature; C011 unless it is finite and greater than 0. */
  public Sampling withTemperature(double t) { return new Sampling(t, topK, topP, seed, greedy); }

  /** With another number of symbols kept; C011 below 0. */
  public Sampling withTopK(int k) { return new Sampling(temperature, k, topP, seed, greedy); }

  /** With another share kept; C011 outside (0, 1]. */
  public Sampling withTopP(double p) { return new Sampling(temperature, topK, p, seed, greedy); }

  /** With other random numbers. */
  public Sampling withSeed(long s) { return new Sampling(temperature, topK, topP, s, greedy); }

  /** Random numbers of this seed, of the stream for samples. */
  public Philox rng() { return new Philox(seed, Philox.Stream.SAMPLE); }

  /** Room for one draw after the other from up to {@code size} symbols; one thread at a time. */
  public static final class Scratch {
    private final double[] p;
    private final int[] heap;

    public Scratch(int size) {
      p = new double[size];
      heap = new int[size];
    }
  }

  /**
   * The symbol that {@code uniform} falls on. Where nothing is cut off the symbols lie side by side in the order of their
   * ids, else by falling probability. Allocates nothing; the same bits on every JVM.
   *
   * @param logits [size] or longer; −∞ bans a symbol
   * @param uniform in [0, 1)
   * @throws Fault R001 for a logit that is NaN or +∞, or when all are −∞
   */
  public int pick(float[] logits, int size, float uniform, Scratch scratch) {
    int best = best(logits, size);
    if (greedy) return best;
    double[] p = scratch.p;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      p[i] = StrictMath.exp(((double) logits[i] - logits[best]) / temperature);                        // (1)
      sum += p[i];
    }
    if ((topK == 0 || topK >= size) && topP == 1) return inOrder(p, size, uniform * sum);
    return amongMostProbable(p, scratch.heap, size, sum, uniform);
  }

  private static int inOrder(double[] p, int size, double target) {
    double running = 0;
    int last = -1;
    for (int i = 0; i < size; i++) {
      if (p[i] == 0) continue;
      last = i;
      running += p[i];
      if (running > target) break;
    }
    return last;
  }

  /** Takes symbols from a heap; the one of rank r (0 the most probable) then lies at heap[size − 1 − r]. */
  private int amongMostProbable(double[] p, int[] heap, int size, double sum, float uniform) {
    for (int i = 0; i < size; i++) heap[i] = i;
    for (int i = size / 2 - 1; i >= 0; i--) sink(p, heap, i, size);
    int most = topK == 0 ? size : Math.min(topK, size);
    int taken = 0;
    double whole = sum;
    if (most < size) {
      whole = 0;
      while (taken < most) whole += p[take(p, heap, size - taken++)];
    }
    double share = 0;
    int kept = 0;
    while (kept < most && share < topP * whole) {
      if (kept == taken) take(p, heap, size - taken++);
      share += p[heap[size - 1 - kept++]];
    }
    double running = 0;
    for (int r = 0; r < kept; r++) {
      running += p[heap[size - 1 - r]];
      if (running > uniform * share) return heap[size - 1 - r];
    }
    return heap[size - kept];
  }

  /** Moves the most probable of the first {@code count} behind the others. */
  private static int take(double[] p, int[] heap, int count) {
    int top = heap[0];
    heap[0] = heap[count - 1];
    heap[count - 1] = top;
    sink(p, heap, 0, count - 1);
    return top;
  }

  private static void sink(double[] p, int[] heap, int from, int count) {
    int moved = heap[from];
    int at = from;
    while (2 * at + 1 < count) {
      int child = 2 * at + 1;
      if (child + 1 < count && before(p, heap[child + 1], heap[child])) child++;
      if (!before(p, heap[child], moved)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }

  private static boolean before(double[] p, int a, int b) { return p[a] > p[b] || p[a] == p[b] && a < b; }

  private static int best(float[] logits, int size) {
    int best = -1;
    for (int i = 0; i < size; i++) {
      float x = logits[i];
      if (Float.isNaN(x) || x == Float.POSITIVE_INFINITY) {
        throw Fault.of(Code.R001, "the logit of symbol %d is %s", i, x).because("must be finite, or minus infinity for a symbol"
            + " that is never drawn");
      }
      if (x > Float.NEGATIVE_INFINITY && (best < 0 || x > logits[best])) best = i;
    }
    if (best < 0) throw Fault.of(Code.R001, "no symbol can be drawn: all %d logits are minus infinity", size);
    return best;
  }

  private static String number(double x) { return x == (long) x ? Long.toString((long) x) : Double.toString(x); }
}
