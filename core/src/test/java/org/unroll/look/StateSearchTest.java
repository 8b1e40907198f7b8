package org.unroll.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
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
