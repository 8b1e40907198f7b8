package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Batch;
import org.unroll.slab.Slab;

/** Which rows are alive, in as few ranges as there are, and how they are dealt to threads. */
class RowsTest {
  private static Batch batch(int rows, int... alive) { return new Batch(Slab.zeros(alive.length, rows, 1), alive, new long[rows]); }

  private static String ranges(Consumer<Rows.Range> body) {
    List<String> list = new ArrayList<>();
    body.accept((from, rows) -> list.add(from + "+" + rows));
    return list.toString();
  }

  @Test void alive_fullSteps_areOneRange() {
    assertEquals("[0+12]", ranges(r -> Rows.alive(batch(4, 4, 4, 4), r)));
    assertEquals("[0+10]", ranges(r -> Rows.alive(batch(4, 4, 4, 2), r)));
  }

  @Test void alive_raggedSteps_areARangeEach() {
    assertEquals("[0+7, 8+1]", ranges(r -> Rows.alive(batch(4, 4, 3, 1), r)));
    assertEquals("[0+3, 4+3, 8+2]", ranges(r -> Rows.alive(batch(4, 3, 3, 2), r)));
  }

  @Test void alive_nothing_isNoRange() {
    assertEquals("[]", ranges(r -> Rows.alive(batch(4), r)));
    assertEquals("[]", ranges(r -> Rows.alive(batch(4, 0, 0), r)));
    assertEquals("[0+2]", ranges(r -> Rows.alive(batch(4, 2, 0, 0), r)));
  }

  /** Kernels that say how many threads they have and do the parts in order. */
  private static Kernels threads(int n) {
    return (Kernels) java.lang.reflect.Proxy.newProxyInstance(RowsTest.class.getClassLoader(), new Class<?>[] {Kernels.class},
        (_, m, args) -> {
          if (m.getName().equals("threads")) return n;
          for (int i = 0; i < (int) args[0]; i++) ((java.util.function.IntConsumer) args[1]).accept(i);
          return null;
        });
  }

  @Test void split_fewRows_areForOneThread() {
    assertEquals("[0+15]", ranges(r -> Rows.split(threads(2), 15, r)));
    assertEquals("[0+40]", ranges(r -> Rows.split(threads(1), 40, r)));
    assertEquals("[0+0]", ranges(r -> Rows.split(threads(2), 0, r)));
  }

  @Test void split_threadsGetWholeTilesOfFour_theLastTheRest() {
    assertEquals("[0+8, 8+8]", ranges(r -> Rows.split(threads(2), 16, r)));
    assertEquals("[0+8, 8+11]", ranges(r -> Rows.split(threads(2), 19, r)));
    assertEquals("[0+4, 4+4, 8+4, 12+5]", ranges(r -> Rows.split(threads(9), 17, r)));
    assertEquals("[0+12, 12+12, 24+13]", ranges(r -> Rows.split(threads(3), 37, r)));
    assertEquals("[0+8, 8+8, 16+8, 24+8, 32+5]", ranges(r -> Rows.split(threads(8), 37, r)));
    assertEquals("[0+8, 8+8, 16+9]", ranges(r -> Rows.split(threads(3), 25, r)));
  }

  // ---- rows of a batch

  /** A batch of so many rows with lengths, the longest first. */
  private static Batch lengths(int... lengths) {
    int[] alive = new int[lengths[0]];
    for (int length : lengths) for (int t = 0; t < length; t++) alive[t]++;
    return batch(lengths.length, alive);
  }

  @Test void splitOfBatch_equalLengths_areEqualParts() {
    int[] equal = new int[40];
    Arrays.fill(equal, 3);
    assertEquals("[0+40]", ranges(r -> Rows.split(threads(1), lengths(equal), r)));
    assertEquals("[0+20, 20+20]", ranges(r -> Rows.split(threads(2), lengths(equal), r)));
    assertEquals("[0+16, 16+12, 28+12]", ranges(r -> Rows.split(threads(3), lengths(equal), r)));
    assertEquals("[0+15]", ranges(r -> Rows.split(threads(4), lengths(Arrays.copyOf(equal, 15)), r)));
    assertEquals("[0+8, 8+8]", ranges(r -> Rows.split(threads(2), lengths(Arrays.copyOf(equal, 16)), r)));
    assertEquals("[0+8, 8+4, 12+5]", ranges(r -> Rows.split(threads(3), lengths(Arrays.copyOf(equal, 17)), r)));
  }

  /** Half of the elements are in the first rows. */
  @Test void splitOfBatch_raggedLengths_areCutWhereTheElementsAre() {
    int[] ragged = new int[24];
    for (int n = 0; n < 24; n++) ragged[n] = n < 8 ? 20 : 10;
    assertEquals("[0+8, 8+16]", ranges(r -> Rows.split(threads(2), lengths(ragged), r)));
    int[] falling = new int[32];
    for (int n = 0; n < 32; n++) falling[n] = 32 - n;
    assertEquals("[0+12, 12+20]", ranges(r -> Rows.split(threads(2), lengths(falling), r)));
    assertEquals("[0+8, 8+8, 16+16]", ranges(r -> Rows.split(threads(3), lengths(falling), r)));
    int[] one = new int[20];
    Arrays.fill(one, 1);
    one[0] = 1000;
    assertEquals("[0+4, 4+16]", ranges(r -> Rows.split(threads(4), lengths(one), r)));
  }

  @Test void splitOfBatch_anyLengthsAnyThreads_coversEachRowOnce_fromTileToTile_inLikeParts() {
    var random = new SplittableRandom(1);
    for (int trial = 0; trial < 3000; trial++) {
      int n = 1 + random.nextInt(80), threads = 1 + random.nextInt(9), longest = 1 + random.nextInt(30);
      int[] lengths = random.ints(n, 0, longest + 1).sorted().toArray();
      for (int i = 0; i < n / 2; i++) {
        int swapped = lengths[i];
        lengths[i] = lengths[n - 1 - i];
        lengths[n - 1 - i] = swapped;
      }
      lengths[0] = longest;
      check(lengths, threads);
    }
  }

  /** Each part begins on a tile, and has at most its share of the elements and one tile of the longest row. */
  private static void check(int[] lengths, int threads) {
    String at = threads + " threads, lengths " + Arrays.toString(lengths);
    int[] next = {0}, parts = {0};
    int all = Arrays.stream(lengths).sum(), most = lengths.length < Rows.FEW ? 1 : Math.min(threads, lengths.length / 4);
    Rows.split(threads(threads), lengths(lengths), (from, rows) -> {
      assertEquals(next[0], from, at);
      assertEquals(0, from % 4, at);
      assertTrue(rows > 0, at);
      int elements = Arrays.stream(lengths, from, from + rows).sum();
      assertTrue(elements * most <= all + 4 * lengths[0] * most, at + ": " + elements + " of " + all + " in one part");
      next[0] = from + rows;
      parts[0]++;
    });
    assertEquals(lengths.length, next[0], at);
    assertTrue(parts[0] <= most, at);
  }

  // ---- tiles of rows and panels

  private static String tiles(int threads, Batch b, int panels, boolean divide) {
    List<String> list = new ArrayList<>();
    Rows.tiles(threads(threads), b, panels, divide,
        (from, rows, first, end) -> list.add(from + "+" + rows + " " + first + "-" + end));
    return list.toString();
  }

  @Test void tiles_fewRows_areDividedByPanels_manyByRows() {
    assertEquals("[0+2 0-2, 0+2 2-5, 0+2 5-8]", tiles(3, lengths(4, 2), 8, true));
    assertEquals("[0+2 0-1, 0+2 1-2]", tiles(3, lengths(4, 2), 2, true));
    assertEquals("[0+2 0-8]", tiles(3, lengths(4, 2), 8, false));
    assertEquals("[0+2 0-8]", tiles(1, lengths(4, 2), 8, true));
    int[] equal = new int[16];
    Arrays.fill(equal, 3);
    assertEquals("[0+15 0-4, 0+15 4-8]", tiles(2, lengths(Arrays.copyOf(equal, 15)), 8, true));
    assertEquals("[0+8 0-8, 8+8 0-8]", tiles(2, lengths(equal), 8, true));
  }
}
