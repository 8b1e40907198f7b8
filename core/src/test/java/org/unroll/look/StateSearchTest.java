package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Activation;
import org.unroll.model.Spec;

class StateSearchTest {
  @Test void search_findsThePhraseItself() {
    var model = Glass.model("lstm", 2);
    var search = StateSearch.of(Reading.of(model, Glass.TEXT), 1, 4, 5, 0.02);
    var best = search.in(StateCorpus.running(Glass.TEXT), 3).getFirst();
    assertEquals(1, best.score());
    assertEquals(search.on().cardinality(), best.both());
    assertEquals(1, search.length());
    assertTrue(search.in(StateCorpus.running(Glass.TEXT), 100).stream().anyMatch(p -> p.from() == 4 && p.score() == 1));
  }

  /** Units that are on exactly where a symbol was read: places are those of the symbol. */
  @Test void places_areWhereTheUnitsAreOn_theBestFirst() {
    var model = Glass.model(Glass.spec("elman-identity", 0, Glass.SYMBOLS, 1, Spec.Direction.FORWARD), ps -> {
      Glass.fill(ps, "rnn0.W", 0);
      Glass.fill(ps, "rnn0.R", 0);
      Glass.fill(ps, "rnn0.b", 0);
      for (int v = 0; v < Glass.SYMBOLS; v++) ps.array()[ps.find("rnn0.W").offset() + v * (Glass.SYMBOLS + 1)] = 1;
      ps.array()[ps.find("rnn0.W").offset() + 6 * Glass.SYMBOLS + 5] = 1;    // symbol 6 lights unit 5 too
    });
    var search = StateSearch.of(Reading.of(model, 1, 5, 2), 0, 1, 2, 0.5);
    assertEquals("{5}", search.on().toString());
    var corpus = new int[900];
    corpus[100] = corpus[899] = corpus[431] = 5;
    corpus[20] = 6;
    var places = search.in(StateCorpus.running(corpus), 10);
    assertEquals("[100, 431, 899, 20]", places.stream().map(StateSearch.Place::from).toList().toString());
    assertEquals("[1.0, 1.0, 1.0, 0.5]", places.stream().map(StateSearch.Place::score).toList().toString());
    assertEquals(2, search.in(StateCorpus.running(corpus), 2).size());

    var two = StateSearch.of(Reading.of(model, 1, 5, 5, 2), 0, 1, 3, 0.5);
    var row = new int[] {0, 5, 5, 5, 5, 5, 0};
    assertEquals("[1, 3]", two.in(StateCorpus.running(row), 9).stream().map(StateSearch.Place::from).toList().toString());   // none overlaps
  }

  /** Symbol 5 lights unit 5 at 900 of 1000 steps, symbol 6 unit 6 at 100 of them; no other unit ever moves. */
  @Test void quantiles_areThoseOfEachUnit_andAUnitThatNeverMovesIsNeverOn() {
    var model = Glass.model(Glass.spec("elman-identity", 0, Glass.SYMBOLS, 1, Spec.Direction.FORWARD), ps -> {
      Glass.fill(ps, "rnn0.W", 0);
      Glass.fill(ps, "rnn0.R", 0);
      Glass.fill(ps, "rnn0.b", 0.25f);
      for (int v = 5; v < 7; v++) ps.array()[ps.find("rnn0.W").offset() + v * (Glass.SYMBOLS + 1)] = 1;
    });
    var corpus = new int[1000];
    for (int i = 0; i < corpus.length; i++) corpus[i] = i % 10 == 9 ? 6 : 5;
    double[][] q = StateSearch.quantiles(model, 0, StateCorpus.running(corpus), 0.5, 0.95, 0.05);
    double[] half = q[0], most = q[1];
    assertEquals(1.25, half[5]);
    assertEquals(0.25, half[6]);
    assertEquals(1.25, most[6]);
    assertEquals(0.25, q[2][5]);
    assertEquals(Double.POSITIVE_INFINITY, half[3]);
    var r = Reading.of(model, 5, 6, 0);
    assertEquals("{6}", StateSearch.of(r, 0, 1, 2, most).on().toString());
    assertEquals("{5, 6}", StateSearch.of(r, 0, 0, 1, half).on().toString());
    assertEquals(99, StateSearch.of(r, 0, 1, 2, most).in(StateCorpus.running(corpus), 1).getFirst().from() * 11);
    assertEquals(1, StateSearch.highest(r, 0, 1, 2, StateCorpus.running(corpus)));                    // unit 6 at its most
    assertEquals(899 / 999.0, StateSearch.highest(r, 0, 0, 3, StateCorpus.running(corpus)));          // both at their least, unit 6 for longer
    assertEquals("{5, 6}", StateSearch.of(r, 0, 0, 3, StateSearch.lowest(r, 0, 0, 3, StateCorpus.running(corpus))).on().toString());
    var f = assertThrows(Fault.class, () -> StateSearch.of(r, 0, 2, 3, most));
    assertTrue(f.getMessage().startsWith("no unit of rnn0 stays at or above its threshold over the stretch; the highest stays at 0.25"), f.getMessage());
  }

  @Test void search_ofAnMlstmAndAJordanLayer_isThatOfTheirH() {
    for (var spec : new Spec[] {Glass.mlstm(Spec.Direction.FORWARD), Glass.jordan(4, Activation.SOFTMAX)}) {
      var model = Glass.model(spec, _ -> { });
      var r = Reading.of(model, Glass.TEXT);
      double[] q = StateSearch.quantiles(model, 0, StateCorpus.running(Glass.TEXT), 0.7)[0];
      var search = StateSearch.of(r, 0, 4, 5, q);
      for (int u = 0; u < q.length; u++) assertEquals(r.walk(0).after(0, 4, u) >= q[u], search.on().get(u));
      assertTrue(search.in(StateCorpus.running(Glass.TEXT), 100).stream().anyMatch(p -> p.from() == 4 && p.score() == 1));
    }
  }

  /** Every place of every sentence, worked out from a reading of that sentence alone, in both directions and above them. */
  @Test void sentences_areReadEachByItself_inBothDirections() {
    var model = Glass.model(Glass.spec("lstm", 4, 5, 2, Spec.Direction.BOTH), _ -> { });
    var sentences = new ArrayList<int[]>();
    for (int i = 0; i < 19; i++) {
      int[] s = new int[1 + i * 5 % 7];
      for (int t = 0; t < s.length; t++) s[t] = (i * i + 3 * t + i * t) % Glass.SYMBOLS;
      sentences.add(s);
    }
    sentences.add(Arrays.copyOfRange(Glass.TEXT, 2, 9));
    var corpus = StateCorpus.of(sentences);
    assertEquals(19, corpus.sequence(corpus.ids().length - 1));
    assertEquals(7, corpus.ids().length - corpus.start(19));
    var r = Reading.of(model, sentences.getLast());
    for (int layer = 0; layer < 4; layer++) {
      var q = StateSearch.quantiles(model, layer, corpus, 0.5)[0];
      var values = new ArrayList<Double>();
      for (int[] s : sentences) for (int t = 0; t < s.length; t++) values.add((double) Reading.of(model, s).walk(layer).after(0, t, 3));
      assertEquals(values.stream().sorted().toList().get((int) Math.round(0.5 * (values.size() - 1))), q[3]);
      var search = StateSearch.of(r, layer, 2, 4, q);
      var want = new TreeMap<Integer, Double>();
      for (int i = 0; i < sentences.size(); i++) {
        var alone = Reading.of(model, sentences.get(i));
        for (int from = 0; from + 2 <= alone.steps(); from++) {
          var on = StateSearch.on(alone, layer, from, from + 2, q);
          var either = (BitSet) on.clone();
          either.or(search.on());
          on.and(search.on());
          if (!on.isEmpty()) want.put(corpus.start(i) + from, (double) on.cardinality() / either.cardinality());
        }
      }
      var places = search.in(corpus, 1000);
      assertEquals(1, places.getFirst().score());
      assertEquals(1, want.get(corpus.start(19) + 2), "the stretch itself");
      for (var p : places) assertEquals(want.get(p.from()), p.score(), "layer " + layer + " at " + p.from());
      assertTrue(places.size() > 9, places.toString());
    }
  }

  @Test void text_thatRunsOn_isNotForLayersThatWalkBackward() {
    var model = Glass.model(Glass.spec("gru", 4, 5, 1, Spec.Direction.BOTH), _ -> { });
    var search = StateSearch.of(Reading.of(model, Glass.TEXT), 0, 4, 5, -1);
    for (Executable e : List.<Executable>of(() -> search.in(StateCorpus.running(Glass.TEXT), 3),
        () -> StateSearch.quantiles(model, 0, StateCorpus.running(Glass.TEXT), 0.5))) {
      var f = assertThrows(Fault.class, e);
      assertEquals("M009 rnn0.backward walks backward; a text that runs on is read forward, in stretches; sequences that are read as a whole",
          f.code() + " " + f.getMessage());
    }
  }

  @Test void stretches_thatAreNone_andThresholdsTooHigh_areRefused() {
    var r = Reading.of(Glass.model("gru", 1), Glass.TEXT);
    for (int[] s : new int[][] {{-1, 2}, {3, 3}, {2, 14}}) {
      assertEquals(Code.C030, assertThrows(Fault.class, () -> StateSearch.of(r, 0, s[0], s[1], 0)).code());
    }
    var f = assertThrows(Fault.class, () -> StateSearch.of(r, 0, 0, 5, 0.99));
    assertEquals(Code.M009, f.code());
    assertTrue(f.getMessage().startsWith("no unit of rnn0 stays at or above 0.99 over the stretch; the highest stays at "),
        f.getMessage());
  }
}
