package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.slab.Philox;

class NGramTest {
  private static final long MUCH = 1L << 30;

  /** Text with structure: a symbol mostly follows from the two before it. */
  private static Tokens text(int n, int vocabulary, long seed) {
    var rng = new Philox(seed, Philox.Stream.DATA);
    var ids = new int[n];
    for (int i = 2; i < n; i++) {
      float u = rng.uniform(0, 0, i, 0);
      ids[i] = u < 0.6f ? (ids[i - 1] * 3 + ids[i - 2]) % (vocabulary - 1) : (int) (rng.uniform(0, 0, i, 1) * (vocabulary - 1));
    }
    return Tokens.of(ids);
  }

  /**
   * a b a b a c, V = 4 (d is never seen). Bigrams: ab 2, ba 2, ac 1, so n1 = 1, n2 = 2, D2 = 1/5.
   * Left neighbours: a {b} 1, b {a} 1, c {a} 1, so n1 = 3, n2 = 0, D1 = 0.95 (its bound), c(·) = 3, t = 3.
   */
  @Test
  void prob_handComputedBigrams_agree() {
    var m = NGram.of(Tokens.of(0, 1, 0, 1, 0, 2), 4, 2, MUCH);
    assertEquals(0.2, m.discount(2), 1e-15);
    assertEquals(0.95, m.discount(1), 1e-15);
    double seen = (1 - 0.95) / 3 + 0.95 * 3 / 3 / 4; // a, b, c alone: 0.254166…
    double unseen = 0.95 / 4; // d alone: 0.2375
    assertEquals(0.2541666666666667, m.prob(new int[] {}, 0), 1e-15);
    assertEquals(0.2375, m.prob(new int[] {}, 3), 1e-15);
    // after a: c(a·) = 3, two different symbols, so 0.4/3 goes down
    assertEquals((2 - 0.2) / 3 + 0.4 / 3 * seen, m.prob(new int[] {0}, 1), 1e-15);
    assertEquals((1 - 0.2) / 3 + 0.4 / 3 * seen, m.prob(new int[] {0}, 2), 1e-15);
    assertEquals(0.4 / 3 * seen, m.prob(new int[] {0}, 0), 1e-15);
    assertEquals(0.4 / 3 * unseen, m.prob(new int[] {0}, 3), 1e-15);
    // after b: always a
    assertEquals((2 - 0.2) / 2 + 0.2 / 2 * seen, m.prob(new int[] {1}, 0), 1e-15);
    // after c and d nothing was ever seen
    assertEquals(seen, m.prob(new int[] {2}, 0), 1e-15);
    assertEquals(unseen, m.prob(new int[] {3}, 3), 1e-15);
    // a b: both terms in nats
    double nll = -Math.log(seen) - Math.log((2 - 0.2) / 3 + 0.4 / 3 * seen);
    assertEquals(nll, m.nll(Tokens.of(0, 1)), 1e-12);
    assertEquals(nll / 2, m.nllPerToken(Tokens.of(0, 1)), 1e-12);
    assertEquals(Math.exp(nll / 2), m.perplexity(Tokens.of(0, 1)), 1e-12);
  }

  /** Kneser and Ney's point: after an unknown context a symbol counts by its company, not by how often it occurs. */
  @Test
  void prob_symbolInOneContextOnly_isLessThanItsFrequency() {
    var m = NGram.of(Tokens.of(0, 1, 0, 1, 0, 1, 0, 1, 2, 3, 0, 3, 1, 3), 5, 2, MUCH);
    assertTrue(m.prob(new int[] {4}, 3) > m.prob(new int[] {4}, 1)); // 3 occurs 3 times after 3 symbols, 1 occurs 5 times after 2
  }

  @Test
  void prob_orderOne_isTheDiscountedUnigram() {
    var m = NGram.of(Tokens.of(0, 0, 0, 1, 1, 2), 4, 1, MUCH); // n1 = 1, n2 = 1, D = 1/3
    assertEquals((3 - 1 / 3.0) / 6 + 1 / 3.0 * 3 / 6 / 4, m.prob(new int[] {}, 0), 1e-15);
    assertEquals(1 / 3.0 * 3 / 6 / 4, m.prob(new int[] {2, 1}, 3), 1e-15);
  }

  @Test
  void prob_everyOrderAndContext_sumsToOne() {
    int v = 13;
    var train = text(3000, v, 1);
    for (int order = 1; order <= 6; order++) {
      var m = NGram.of(train, v, order, MUCH);
      for (int i = 0; i < 60; i++) {
        assertEquals(1, sum(m, Arrays.copyOfRange(train.ids(), i * 40, i * 40 + i % 7), v), 1e-9);
        assertEquals(1, sum(m, Arrays.copyOfRange(text(200, v, 2).ids(), i, i + 6), v), 1e-9);
      }
      assertEquals(1, sum(m, new int[] {12, 12, 12}, v), 1e-9); // a symbol never seen
    }
  }

  private static double sum(NGram m, int[] context, int vocabulary) {
    double sum = 0;
    for (int w = 0; w < vocabulary; w++) {
      double p = m.prob(context, w);
      assertTrue(p > 0);
      sum += p;
    }
    return sum;
  }

  /** The equations again, with maps from lists to sets, counted from the whole text at once. */
  private static final class Plain {
    private final int order;
    private final int vocabulary;
    private final Map<List<Integer>, Integer> count = new HashMap<>();
    private final double[] d;

    Plain(Tokens text, int vocabulary, int order) {
      this.order = order;
      this.vocabulary = vocabulary;
      d = new double[order + 1];
      var left = new HashMap<List<Integer>, Set<Integer>>();
      var all = Arrays.stream(text.toArray()).boxed().toList();
      for (int k = 1; k <= order; k++) {
        for (int i = 0; i + k <= all.size(); i++) {
          var gram = List.copyOf(all.subList(i, i + k));
          if (k == order) count.merge(gram, 1, Integer::sum);
          else if (i > 0) left.computeIfAbsent(gram, g -> new HashSet<>()).add(all.get(i - 1));
        }
      }
      left.forEach((gram, symbols) -> count.put(gram, symbols.size()));
      for (int k = 1; k <= order; k++) {
        double n1 = 0;
        double n2 = 0;
        for (var e : count.entrySet()) {
          if (e.getKey().size() != k) continue;
          if (e.getValue() == 1) n1++;
          if (e.getValue() == 2) n2++;
        }
        d[k] = Math.min(0.95, Math.max(0.1, n1 == 0 ? 0 : n1 / (n1 + 2 * n2)));
      }
    }

    double prob(List<Integer> context, int w) {
      int k = context.size() + 1;
      if (k > order) return prob(context.subList(1, context.size()), w);
      double lower = context.isEmpty() ? 1.0 / vocabulary : prob(context.subList(1, context.size()), w);
      double total = 0;
      double types = 0;
      double mine = 0;
      for (int x = 0; x < vocabulary; x++) {
        var gram = new java.util.ArrayList<>(context);
        gram.add(x);
        int c = count.getOrDefault(List.copyOf(gram), 0);
        total += c;
        if (c > 0) types++;
        if (x == w) mine = c;
      }
      return total == 0 ? lower : Math.max(mine - d[k], 0) / total + d[k] * types / total * lower;
    }
  }

  @Test
  void prob_everyOrder_equalsThePlainForm() {
    int v = 9;
    var train = text(700, v, 3);
    var other = text(60, v, 4).ids();
    for (int order = 1; order <= 6; order++) {
      var m = NGram.of(train, v, order, MUCH);
      var plain = new Plain(train, v, order);
      for (int i = 0; i < 50; i++) {
        var context = Arrays.copyOfRange(other, i, i + i % 8);
        var list = Arrays.stream(context).boxed().toList();
        for (int w = 0; w < v; w++) assertEquals(plain.prob(list, w), m.prob(context, w), 1e-13, "order " + order + " at " + i);
      }
      for (int k = 1; k <= order; k++) assertEquals(plain.d[k], m.discount(k), 1e-15);
    }
  }

  @Test
  void nll_runningContexts_equalsProbOneByOne() {
    var train = text(2000, 11, 5);
    var dev = text(120, 11, 6);
    var m = NGram.of(train, 11, 4, MUCH);
    double sum = 0;
    for (int i = 0; i < dev.size(); i++) sum -= Math.log(m.prob(Arrays.copyOfRange(dev.ids(), 0, i), dev.id(i)));
    assertEquals(sum, m.nll(dev), 1e-9);
    var part = new Tokens(dev.ids(), 20, 50, new int[] {20});
    assertEquals(m.nll(Tokens.of(part.toArray())), m.nll(part), 1e-12);
  }

  @Test
  void of_structuredText_moreContextIsBetterThanLess() {
    var train = text(40_000, 20, 7);
    var dev = new Tokens(text(45_000, 20, 7).ids(), 40_000, 45_000, new int[] {40_000});
    double one = NGram.of(train, 20, 1, MUCH).perplexity(dev);
    double three = NGram.of(train, 20, 3, MUCH).perplexity(dev);
    assertTrue(one > 15 && one < 20, "order 1: " + one);
    assertTrue(three < 7, "order 3: " + three);
  }

  @Test
  void of_smallCap_staysBelowIt_saysSo_isStillADistribution() {
    int v = 50;
    var train = text(60_000, v, 8);
    var free = NGram.of(train, v, 5, MUCH);
    assertEquals(List.of(), free.notes());
    long cap = 1_000_000;
    assertTrue(free.bytes() > 2 * cap);
    var m = NGram.of(train, v, 5, cap);
    assertTrue(m.bytes() <= cap, m.bytes() + " bytes");
    assertTrue(m.size(5) > 0 && m.size(5) < free.size(5));
    var note = m.notes().getFirst().what();
    assertTrue(note.startsWith("the n-gram tables reached their cap of 1,000,000 bytes: "), note);
    assertTrue(note.contains(" 5-grams are kept, "), note);
    assertTrue(note.contains(" later ones were not taken; more memory makes the baseline"), note);
    for (int i = 0; i < 40; i++) assertEquals(1, sum(m, Arrays.copyOfRange(train.ids(), i * 1400, i * 1400 + 5), v), 1e-9);
    var dev = text(3000, v, 9);
    double order1 = NGram.of(train, v, 1, MUCH).perplexity(dev);
    assertTrue(m.perplexity(dev) < order1 / 2, m.perplexity(dev) + " against " + order1);
  }

  @Test
  void of_badArguments_areFaults() {
    var t = Tokens.of(0, 1);
    var f = assertThrows(Fault.class, () -> NGram.of(t, 2, 7, MUCH));
    assertEquals("ngram-order: the order is 7; must be from 1 to 6", f.getMessage());
    assertEquals(Code.C011, f.code());
    assertEquals("ngram-memory: the memory is 0; must be at least 1 byte",
        assertThrows(Fault.class, () -> NGram.of(t, 2, 2, 0)).getMessage());
    assertEquals(Code.D002, assertThrows(Fault.class, () -> NGram.of(Tokens.of(), 2, 2, MUCH)).code());
  }

  @Test
  void discount_extremes_areBounded() {
    assertEquals(0.1, NGram.discount(0, 0));
    assertEquals(0.1, NGram.discount(1, 1000));
    assertEquals(0.95, NGram.discount(10, 0));
    assertEquals(0.5, NGram.discount(4, 2), 1e-15);
  }
}
