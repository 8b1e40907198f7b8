package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.unroll.slab.Slab;
import org.unroll.tasks.text.Tokens;

class StreamsTest {
  private static final int END = 1_000;

  /** Symbols 0 … 20 in two streams of ten. */
  private final Streams numbers = new Streams(Tokens.of(IntStream.range(0, 21).toArray()), 2, 4, 7);

  @Test void fill_firstEpoch_readsFromTheFirstSymbolOn() {
    assertEquals(3, numbers.windows());
    assertEquals("0 10 | 1 11 | 2 12 | 3 13 -> 1 11 | 2 12 | 3 13 | 4 14", window(numbers, 0, 0));
    assertEquals("8 18 | 9 19 -> 9 19 | 10 20", window(numbers, 0, 2));
  }

  @Test void fill_laterEpochs_beginElsewhereAndGoRoundTheText() {
    for (long epoch = 1; epoch < 6; epoch++) {
      int first = Integer.parseInt(window(numbers, epoch, 0).split(" ")[0]);
      for (int w = 0; w < 3; w++) {
        var x = Slab.zeros(4, 2, 1);
        var y = Slab.zeros(4, 2, 1);
        numbers.fill(epoch, w, x, y);
        for (int i = 0; i < numbers.steps(w) * 2; i++) {
          int at = first + i % 2 * 10 + w * 4 + i / 2;
          assertEquals(at % 21, x.get(i, 0), "epoch " + epoch + ", window " + w);
          assertEquals((at + 1) % 21, y.get(i, 0));
        }
      }
    }
    assertNotEquals(window(numbers, 1, 0), window(numbers, 2, 0));
    assertEquals(window(numbers, 3, 1), window(new Streams(numbers.text(), 2, 4, 7), 3, 1));
    assertNotEquals(window(numbers, 3, 1), window(new Streams(numbers.text(), 2, 4, 8), 3, 1));
  }

  @Test void fill_oneWindowHoldsAStream_everyEpochIsTheSame() {
    var full = new Streams(numbers.text(), 5, 4, 7);
    assertEquals("0 4 8 12 16 | 1 5 9 13 17 | 2 6 10 14 18 | 3 7 11 15 19 -> 1 5 9 13 17 | 2 6 10 14 18 | 3 7 11 15 19 | 4 8 12 16 20", window(full, 0, 0));
    assertEquals(window(full, 0, 0), window(full, 3, 0));
  }

  @Test void fresh_oneText_onlyAtTheBeginning() {
    assertEquals("[true, false, false]", IntStream.range(0, 3).mapToObj(numbers::fresh).toList().toString());
  }

  /** 60 documents of 1, 2, … , 2 + d % 7 and a line end; a stretch is 10 · 6 symbols, 8 windows of 8 hold it. */
  @Test void fill_documents_beginAnewAtOne() {
    int[] ids = IntStream.range(0, 60).flatMap(d -> IntStream.concat(IntStream.rangeClosed(1, 2 + d % 7), IntStream.of(END))).toArray();
    int[] starts = IntStream.range(0, ids.length).filter(i -> i == 0 || ids[i - 1] == END).toArray();
    var streams = new Streams(new Tokens(ids, 0, ids.length, starts), 2, 8, 7);
    int stretch = (10 * ids.length / 60 + 7) / 8;
    assertEquals(8, stretch);
    assertTrue(streams.windows() > 2 * stretch);
    for (int epoch = 0; epoch < 5; epoch++) {
      for (int w = 0; w < streams.windows(); w++) {
        assertEquals(w % stretch == 0, streams.fresh(w));
        var x = Slab.zeros(8, 2, 1);
        var y = Slab.zeros(8, 2, 1);
        streams.fill(epoch, w, x, y);
        for (int i = 0; i < streams.steps(w) * 2; i++) {
          boolean begins = x.get(i, 0) == END;
          if (streams.fresh(w) && i < 2) assertTrue(begins);
          if (begins) assertEquals(1, y.get(i, 0));
          else assertTrue(y.get(i, 0) == END || y.get(i, 0) == x.get(i, 0) + 1);
        }
      }
    }
  }

  @Test void fresh_fewDocuments_onlyAtTheBeginning() {
    int[] ids = IntStream.range(0, 95).map(i -> i % 5).toArray();
    var streams = new Streams(new Tokens(ids, 0, 95, IntStream.range(0, 19).map(d -> d * 5).toArray()), 2, 4, 7);
    assertEquals(1, IntStream.range(0, streams.windows()).filter(streams::fresh).count());
    assertEquals("0 47 | 1 48 | 2 49 | 3 50", window(new Streams(Tokens.of(IntStream.range(0, 95).toArray()), 2, 4, 7), 0, 0).split(" ->")[0]);
  }

  private static String window(Streams s, long epoch, int w) {
    var x = Slab.zeros(s.window(), s.batch(), 1);
    var y = Slab.zeros(s.window(), s.batch(), 1);
    s.fill(epoch, w, x, y);
    return text(x, s.steps(w), s.batch()) + " -> " + text(y, s.steps(w), s.batch());
  }

  private static String text(Slab slab, int steps, int rows) {
    return String.join(" | ", IntStream.range(0, steps).mapToObj(t -> String.join(" ",
        IntStream.range(0, rows).mapToObj(n -> String.valueOf((int) slab.get(t * rows + n, 0))).toList())).toList());
  }
}
