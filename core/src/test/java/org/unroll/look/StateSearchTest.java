package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.kernel.Activation;
import org.unroll.model.Spec;

class StateSearchTest {
  @Test void search_findsThePhraseItself() {
    var model = Glass.model("lstm", 2);
    var search = StateSearch.of(Reading.of(model, Glass.TEXT), 1, 4, 5, 0.02);
    var best = search.in(Glass.TEXT, 3).getFirst();
    assertEquals(1, best.score());
    assertEquals(search.on().cardinality(), best.both());
    assertEquals(1, search.length());
    assertTrue(search.in(Glass.TEXT, 100).stream().anyMatch(p -> p.from() == 4 && p.score() == 1));
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
    var places = search.in(corpus, 10);
    assertEquals("[100, 431, 899, 20]", places.stream().map(StateSearch.Place::from).toList().toString());
    assertEquals("[1.0, 1.0, 1.0, 0.5]", places.stream().map(StateSearch.Place::score).toList().toString());
    assertEquals(2, search.in(corpus, 2).size());

    var two = StateSearch.of(Reading.of(model, 1, 5, 5, 2), 0, 1, 3, 0.5);
    var row = new int[] {0, 5, 5, 5, 5, 5, 0};
    assertEquals("[1, 3]", two.in(row, 9).stream().map(StateSearch.Place::from).toList().toString());   // none overlaps
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
    double[][] q = StateSearch.quantiles(model, 0, corpus, 0.5, 0.95, 0.05);
    double[] half = q[0], most = q[1];
    assertEquals(1.25, half[5]);
    assertEquals(0.25, half[6]);
    assertEquals(1.25, most[6]);
    assertEquals(0.25, q[2][5]);
    assertEquals(Double.POSITIVE_INFINITY, half[3]);
    var r = Reading.of(model, 5, 6, 0);
    assertEquals("{6}", StateSearch.of(r, 0, 1, 2, most).on().toString());
    assertEquals("{5, 6}", StateSearch.of(r, 0, 0, 1, half).on().toString());
    assertEquals(99, StateSearch.of(r, 0, 1, 2, most).in(corpus, 1).getFirst().from() * 11);
    assertEquals(1, StateSearch.highest(r, 0, 1, 2, corpus));                    // unit 6 at its most
    assertEquals(899 / 999.0, StateSearch.highest(r, 0, 0, 3, corpus));          // both at their least, unit 6 for longer
    assertEquals("{5, 6}", StateSearch.of(r, 0, 0, 3, StateSearch.lowest(r, 0, 0, 3, corpus)).on().toString());
    var f = assertThrows(Fault.class, () -> StateSearch.of(r, 0, 2, 3, most));
    assertTrue(f.getMessage().startsWith("no unit of rnn0 stays at or above its threshold over the stretch; the highest stays at 0.25"), f.getMessage());
  }

  @Test void search_ofAnMlstmAndAJordanLayer_isThatOfTheirH() {
    for (var spec : new Spec[] {Glass.mlstm(Spec.Direction.FORWARD), Glass.jordan(4, Activation.SOFTMAX)}) {
      var model = Glass.model(spec, _ -> { });
      var r = Reading.of(model, Glass.TEXT);
      double[] q = StateSearch.quantiles(model, 0, Glass.TEXT, 0.7)[0];
      var search = StateSearch.of(r, 0, 4, 5, q);
      for (int u = 0; u < q.length; u++) assertEquals(r.walk(0).after(0, 4, u) >= q[u], search.on().get(u));
      assertTrue(search.in(Glass.TEXT, 100).stream().anyMatch(p -> p.from() == 4 && p.score() == 1));
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
