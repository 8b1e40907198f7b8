package org.unroll.tasks.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * The statistical language model: n-gram counts with interpolated Kneser-Ney smoothing (Kneser and Ney 1995; the
 * interpolated form of Chen and Goodman 1999), order 1 to 6. It is what a network has to beat.
 *
 * <p>With c(hw) the count of the n-gram "context h, then w" and h′ the context without its oldest symbol:
 *
 * <pre>
 *   p(w|h) = max(c(hw) − D, 0) / c(h·) + D · t(h) / c(h·) · p(w|h′)
 *   c(h·)  = Σ_w c(hw)        t(h) = the number of w with c(hw) &gt; 0
 *   D      = n1 / (n1 + 2 n2), between 0.1 and 0.95; n1, n2: n-grams of the order with count 1 and 2
 * </pre>
 *
 * In the highest order c is how often the n-gram occurs, in lower ones how many different symbols stand before it. Below
 * order 1 every symbol has probability 1/V, so nothing has probability 0. A context never seen gives p(w|h′). The lower
 * bound of D keeps a share for the unseen even when no n-gram occurs once; the upper one keeps seen ones above it.
 *
 * <p>Memory is capped. The highest order may fill 70 % of the cap, order 2 all of it, orders between by even steps. An
 * order that is full takes no new n-grams (single symbols are always taken); those it has go on counting, and one that it
 * could not take counts as a new left neighbour each time it is met. The result is still a distribution, and {@link #notes}
 * says what happened.
 */
public final class NGram {
  /** Longest n-gram that is supported. */
  public static final int MAX_ORDER = 6;

  private final int order;
  private final int vocabulary;
  private final long cap;
  private final NGramTable[] tables;
  private final long[] refused;
  private final double[] discount;

  private NGram(int order, int vocabulary, long cap) {
    this.order = order;
    this.vocabulary = vocabulary;
    this.cap = cap;
    tables = new NGramTable[order + 1];
    for (int k = 0; k <= order; k++) tables[k] = new NGramTable(k < order);
    refused = new long[order + 1];
    discount = new double[order + 1];
    tables[0].add(0, 0); // the empty context
  }

  /**
   * Counts the n-grams of {@code text}.
   *
   * @param vocabulary how many symbols there are, seen or not
   * @param order 1 to 6
   * @param memoryBytes cap of the tables
   */
  public static NGram of(Tokens text, int vocabulary, int order, long memoryBytes) {
    if (order < 1 || order > MAX_ORDER) {
      throw Fault.of(Code.C011, "the order is " + order).at("ngram-order").because("must be from 1 to " + MAX_ORDER);
    }
    if (memoryBytes < 1) {
      throw Fault.of(Code.C011, "the memory is " + memoryBytes).at("ngram-memory").because("must be at least 1 byte");
    }
    if (text.size() == 0) throw Fault.of(Code.D002, "there is nothing to count n-grams of").mend("give more text");
    var model = new NGram(order, vocabulary, memoryBytes);
    model.count(text);
    return model;
  }

  private void count(Tokens text) {
    int[] before = start();
    int[] now = start();
    for (int i = 0; i < text.size(); i++) {
      int w = text.id(i);
      boolean fresh = false;
      for (int k = 1; k <= order; k++) {
        // fresh: the n-gram one symbol longer than this suffix is new, so the suffix has one more left neighbour
        now[k] = before[k - 1] < 0 ? -1 : tables[k].find(before[k - 1], w);
        fresh = before[k - 1] >= 0 && now[k] < 0;
        if (fresh) now[k] = add(k, before[k - 1], w);
        if (k > 1 && (fresh || before[k - 1] < 0 && i >= k - 1) && now[k - 1] >= 0) increment(k - 1, now[k - 1], before[k - 2]);
      }
      if (now[order] >= 0) increment(order, now[order], before[order - 1]);
      var swap = before;
      before = now;
      now = swap;
      now[0] = 0;
    }
    for (int k = 1; k <= order; k++) discount[k] = discount(tables[k].withCount(1), tables[k].withCount(2));
  }

  private int add(int k, int parent, int w) {
    long need = tables[k].bytesToGrow();
    if (k > 1 && need > 0 && bytes() + need > share(k) * cap) {
      refused[k]++;
      return -1;
    }
    return tables[k].add(parent, w);
  }

  private void increment(int k, int id, int parent) {
    var contexts = tables[k - 1];
    if (tables[k].count[id]++ == 0) contexts.types[parent]++;
    contexts.total[parent]++;
  }

  private double share(int k) { return order == 2 ? 1 : 1 - 0.3 * (k - 2) / (order - 2); }

  static double discount(long n1, long n2) {
    if (n1 == 0) return 0.1;
    return Math.clamp(n1 / (n1 + 2.0 * n2), 0.1, 0.95);
  }

  /**
   * p(id | context).
   *
   * @param context the symbols before, the newest last; as many of them are used as the order allows
   */
  public double prob(int[] context, int id) {
    int[] nodes = start();
    for (int w : context) nodes = next(nodes, w);
    return probability(nodes, id);
  }

  private double probability(int[] contexts, int w) {
    double p = 1.0 / vocabulary;
    for (int k = 1; k <= order; k++) {
      int h = contexts[k - 1];
      if (h < 0 || tables[k - 1].total[h] == 0) continue;
      int id = tables[k].find(h, w);
      double total = tables[k - 1].total[h];
      double c = id < 0 ? 0 : tables[k].count[id];
      p = Math.max(c - discount[k], 0) / total + discount[k] * tables[k - 1].types[h] / total * p;
    }
    return p;
  }

  /** −ln p of every symbol given those before it, added up: nats. */
  public double nll(Tokens text) {
    int[] contexts = start();
    double sum = 0;
    for (int i = 0; i < text.size(); i++) {
      sum -= StrictMath.log(probability(contexts, text.id(i)));
      contexts = next(contexts, text.id(i));
    }
    return sum;
  }

  /** {@link #nll} for each symbol: nats per token. */
  public double nllPerToken(Tokens text) { return nll(text) / text.size(); }

  /** e to the {@link #nllPerToken}. */
  public double perplexity(Tokens text) { return StrictMath.exp(nllPerToken(text)); }

  /** What the cap on memory cost; empty if nothing. */
  public List<Note> notes() {
    var notes = new ArrayList<Note>();
    for (int k = order; k > 1; k--) {
      if (refused[k] == 0) continue;
      notes.add(new Note("", String.format(Locale.ROOT, "the n-gram tables reached their cap of %,d bytes: %,d %d-grams are"
          + " kept, %,d later ones were not taken; more memory makes the baseline stronger",
          cap, tables[k].size(), k, refused[k])));
    }
    return List.copyOf(notes);
  }

  /** The longest n-grams that it counts. */
  public int order() { return order; }

  /** D of n-grams of order {@code k}. */
  public double discount(int k) { return discount[k]; }

  /** How many different n-grams of order {@code k} are held. */
  public int size(int k) { return tables[k].size(); }

  /** Memory of the tables. */
  public long bytes() {
    long sum = 0;
    for (var t : tables) sum += t.bytes();
    return sum;
  }

  /** Numbers of the n-grams that end here, by length: of length 0 the empty one, of others none yet. */
  private int[] start() {
    int[] nodes = new int[order + 1];
    Arrays.fill(nodes, 1, order + 1, -1);
    return nodes;
  }

  private int[] next(int[] nodes, int w) {
    for (int k = order; k > 0; k--) nodes[k] = nodes[k - 1] < 0 ? -1 : tables[k].find(nodes[k - 1], w);
    return nodes;
  }
}
