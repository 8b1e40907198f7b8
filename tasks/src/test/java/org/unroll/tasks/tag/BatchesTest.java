package org.unroll.tasks.tag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.unroll.tasks.tag.Batches.Tagged;

class BatchesTest {
  private static final int[] LENGTHS = {2, 5, 1, 3, 3, 4, 1};

  private static Batches batches(int size) {
    var words = new ArrayList<int[]>();
    var tags = new ArrayList<int[]>();
    for (int i = 0; i < LENGTHS.length; i++) {
      int first = 10 * i;
      words.add(IntStream.range(first, first + LENGTHS[i]).toArray());
      tags.add(IntStream.range(first + 100, first + 100 + LENGTHS[i]).toArray());
    }
    return new Batches(words, tags, size);
  }

  private static List<int[]> rows(List<Tagged> batches) { return batches.stream().map(Tagged::sentences).toList(); }

  @Test void sorted_isLongestFirst_equalOnesInTheirOrder() {
    var b = batches(3).sorted();
    assertEquals("[[1, 5, 3], [4, 0, 2], [6]]", rows(b).stream().map(Arrays::toString).toList().toString());
    assertArrayEquals(new int[] {3, 3, 3, 2, 1}, b.get(0).x().alive());
    assertArrayEquals(new int[] {3, 2, 1}, b.get(1).x().alive());
    assertArrayEquals(new long[] {4, 0, 2}, b.get(1).x().ids());
    assertEquals(51, b.get(0).x().x().get(1 * 3 + 1, 0));   // step 1 of sentence 5
    assertEquals(151, b.get(0).y().get(1 * 3 + 1, 0));
    assertNull(new Batches(batches(3).words(), null, 3).sorted().getFirst().y());
  }

  @Test void shuffled_hasEachSentenceOnce_anotherOrderEachEpoch_theSameForTheSameSeed() {
    var words = new ArrayList<int[]>();
    for (int i = 0; i < 200; i++) words.add(new int[1 + i % 17]);
    var all = new Batches(words, null, 4);
    var first = all.shuffled(7, 1);
    assertEquals(50, first.size());
    assertArrayEquals(IntStream.range(0, 200).toArray(), first.stream().flatMapToInt(b -> Arrays.stream(b.sentences())).sorted().toArray());
    for (var b : first) for (int t = 1; t < b.x().alive().length; t++) assertTrue(b.x().alive()[t] <= b.x().alive()[t - 1]);
    String order = text(first);
    assertEquals(order, text(all.shuffled(7, 1)));
    assertNotEquals(order, text(all.shuffled(7, 2)));
    assertNotEquals(lengths(first).stream().sorted(Comparator.reverseOrder()).toList(), lengths(first));   // not longest first
    assertNotEquals(order, text(all.shuffled(8, 1)));
    double dead = 0;
    for (var b : first) dead += b.x().x().height() - b.x().tokens();
    assertTrue(dead < 0.1 * 200 * 9, dead + " dead places");   // unsorted they would be near half of all
  }

  private static List<Integer> lengths(List<Tagged> batches) { return batches.stream().map(b -> b.x().x().steps()).toList(); }

  private static String text(List<Tagged> batches) { return rows(batches).stream().map(Arrays::toString).toList().toString(); }
}
