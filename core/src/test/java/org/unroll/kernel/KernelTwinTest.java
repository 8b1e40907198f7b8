package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.unroll.kernel.Numbers.SCALAR;
import static org.unroll.kernel.Numbers.twins;
import static org.unroll.kernel.Numbers.unchanged;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.unroll.slab.Slab;

/**
 * The vector kernels give the bits of the scalar ones, at awkward sizes, inside larger arrays, at any number of threads. What they
 * read stands at its array's end, among NaN.
 */
class KernelTwinTest {
  /** Rows, K, columns (or units). Every row tile and its remainders, every panel width, edges of every kind, sums cut into runs. */
  private static final int[][] SHAPES = {
    {1, 1, 1}, {1, 13, 16}, {1, 64, 33}, {1, 33, 130}, {1, 25, 207}, {1, 100, 64}, {2, 6, 25}, {3, 16, 16}, {4, 8, 100},
    {5, 64, 13}, {6, 33, 64}, {7, 13, 48}, {8, 25, 130}, {13, 100, 33}, {16, 64, 64}, {25, 207, 100}, {33, 6, 207},
    {64, 130, 25}, {100, 4, 8}, {130, 33, 1}, {207, 16, 6}, {48, 256, 207}, {1, 2100, 70}, {9, 2561, 33},
  };

  private static Kernels vector(int threads) { return new VectorKernels(threads, true); }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void product_intoMatrix_sameBits(int threads) {
    var vector = vector(threads);
    for (int[] s : SHAPES) {
      var x = new Numbers(1);
      Slab a = x.source(1, s[0], s[1]), w = x.source(0, s[1], s[2]), c = x.matrix(s[0] + 2, s[2]), bias = x.vector(s[2]);
      for (int start = 0; start < 3; start++) {
        var from = start == 0 ? bias : null;
        boolean accumulate = start == 1;
        twins(vector, c, "%s start %d".formatted(List.of(s[0], s[1], s[2]), start),
            (k, y) -> k.product(a, 1, s[0], k.pack(w, Tiling.dense(s[2]), null), y, 2, from, accumulate));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void product_intoGates_sameBits(int threads) {
    var vector = vector(threads);
    for (int[] s : SHAPES) for (int blocks = 1; blocks <= 4; blocks++) for (int more = 0; more <= 4 - blocks; more += 2) {
      var x = new Numbers(2);
      int n = blocks, units = Math.min(s[2], 100), block = more / 2;
      Slab a = x.source(2, s[0], s[1]), w = x.source(0, s[1], units * n), bias = x.vector(units * n);
      for (boolean panelMajor : new boolean[] {true, false}) {
        Panels c = x.panels(s[0] + 1, units, n + more, panelMajor);
        Panels stale = x.stale(s[0] + 1, units, n + more, panelMajor);
        for (var from : new Slab[] {bias, null}) {
          String at = "%s blocks %d of %d, bias %b".formatted(List.of(s[0], s[1], units), n, n + more, from != null);
          twins(vector, from == null ? c : stale, at,
              (k, y) -> k.product(a, 2, s[0], k.pack(w, Tiling.gates(units, n), null), y, 1, block, from));
        }
      }
    }
  }

  /** Parts that begin at any panel where they may, and end at any; and parts of no panel. */
  @Test void product_intoSomePanels_sameBitsThereAndNothingElsewhere() {
    for (int rows = 0; rows <= 3; rows++) for (int blocks = 1; blocks <= 4; blocks++) {
      var x = new Numbers(rows);
      int n = blocks, units = 140, r = rows, step = Tiling.gates(units, n).partPanels();
      Slab a = x.source(1, rows, 37), w = x.source(0, 37, units * n);
      assertEquals(n == 1 ? 4 : 2, step, n + " blocks");
      for (int from = 0; from <= 9; from += step) for (int to = from; to < 9 + step; to += step) {
        int first = from, end = Math.min(to, 9);
        twins(vector(2), x.panels(rows + 1, units, n, true), "%d rows, %d blocks, panels %d to %d".formatted(rows, n, first, end),
            (k, y) -> k.product(a, 1, r, k.pack(w, Tiling.gates(units, n), null), y, 1, 0, null, first, end));
      }
    }
  }

  @Test void noRows_changeNothing() {
    for (int threads : new int[] {1, 2}) for (int cols : new int[] {1, 16, 25, 70}) {
      Kernels vector = vector(threads);
      var x = new Numbers(14);
      Slab a = x.source(2, 0, 7), w = x.source(0, 7, 3 * cols), bias = x.vector(3 * cols), wide = x.source(2, 0, 3 * cols);
      Panels d = x.source(2, 0, cols, 3, true, 0, 3);
      var dense = Tiling.dense(3 * cols);
      var gates = Tiling.gates(cols, 3);
      unchanged(vector, x.matrix(2, 3 * cols), "product", (k, y) -> k.product(a, 2, 0, k.pack(w, dense, null), y, 2, bias, false));
      unchanged(vector, x.panels(2, cols, 3, true), "gates", (k, y) -> k.product(a, 2, 0, k.pack(w, gates, null), y, 2, 0, bias));
      unchanged(vector, x.matrix(2, 7), "transposed", (k, y) -> k.product(d, 2, 0, 0, k.packTransposed(w, gates, null), y, 2, false));
      unchanged(vector, x.matrix(7, 3 * cols), "outer of gates", (k, y) -> k.outer(a, 2, d, 2, 0, 0, y));
      unchanged(vector, x.matrix(7, 3 * cols), "outer", (k, y) -> k.outer(a, 2, wide, 2, 0, y));
      unchanged(vector, x.vector(3 * cols), "sums", (k, y) -> {
        k.columnSums(wide, 2, 0, y);
        k.columnSums(d, 2, 0, y);
      });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void product_ofGatesTransposed_sameBits(int threads) {
    var vector = vector(threads);
    for (int[] s : SHAPES) for (int blocks = 1; blocks <= 4; blocks++) {
      var x = new Numbers(3);
      int n = blocks, units = Math.min(s[2], 64);
      Slab w = x.source(0, s[1], units * n), c = x.matrix(s[0] + 2, s[1]);
      for (boolean panelMajor : new boolean[] {true, false}) {
        Panels a = x.source(1, s[0], units, 4, panelMajor, 4 - n, n);
        for (boolean accumulate : new boolean[] {true, false}) {
          twins(vector, c, "%s blocks %d accumulate %b".formatted(List.of(s[0], s[1], units), n, accumulate),
              (k, y) -> k.product(a, 1, s[0], 4 - n, k.packTransposed(w, Tiling.gates(units, n), null), y, 2, accumulate));
        }
      }
    }
  }

  /** Sums beyond 2,048 terms are made in runs; rows beyond 96 of so many meet the panels in blocks. */
  @Test void product_ofManyGatesTransposed_sameBits() {
    int units = 640, blocks = 4;
    for (int rows : new int[] {1, 100}) for (int way = 0; way < 4; way++) {
      boolean panelMajor = way < 2, accumulate = way % 2 == 0;
      var x = new Numbers(rows);
      Slab w = x.source(0, 33, units * blocks), c = x.matrix(rows, 33);
      Panels a = x.panels(rows, units, blocks, panelMajor);
      twins(vector(2), c, "%d rows, panel-major %b, accumulate %b".formatted(rows, panelMajor, accumulate),
          (k, y) -> k.product(a, 0, rows, 0, k.packTransposed(w, Tiling.gates(units, blocks), null), y, 0, accumulate));
    }
  }

  @Test void product_ofMatrixTransposed_sameBits() {
    var vector = vector(2);
    for (int[] s : SHAPES) {
      var x = new Numbers(4);
      Slab dy = x.source(1, s[0], s[2]), w = x.source(0, s[1], s[2]), dx = x.matrix(s[0], s[1]);
      twins(vector, dx, List.of(s[0], s[1], s[2]).toString(),
          (k, y) -> k.product(dy, 1, s[0], k.packTransposed(w, Tiling.dense(s[2]), null), y, 0, null, false));
    }
  }

  @Test void product_sumOfProducts_closeToDoubles() {
    var vector = vector(2);
    for (int[] s : SHAPES) {
      var x = new Numbers(5);
      Slab a = x.matrix(s[0], s[1]), w = x.matrix(s[1], s[2]), c = x.matrix(s[0], s[2]);
      vector.product(a, 0, s[0], vector.pack(w, Tiling.dense(s[2]), null), c, 0, null, false);
      for (int r = 0; r < s[0]; r++) for (int j = 0; j < s[2]; j++) {
        double sum = 0, size = 1e-30;
        for (int k = 0; k < s[1]; k++) {
          double term = (double) a.data()[a.row(r) + k] * w.data()[w.row(k) + j];
          sum += term;
          size += Math.abs(term);
        }
        assertEquals(sum, c.data()[c.row(r) + j], 1e-5 * size);
      }
    }
  }

  @Test void pack_again_writesIntoTheSamePlace() {
    var vector = vector(2);
    var x = new Numbers(6);
    Slab a = x.matrix(7, 33), old = x.matrix(33, 100), w = x.matrix(33, 100), c = x.matrix(7, 100);
    var packed = vector.pack(old, Tiling.dense(100), null);
    assertEquals(packed, vector.pack(w, Tiling.dense(100), packed));
    twins(vector, c, "packed again",
        (k, y) -> k.product(a, 0, 7, k == SCALAR ? k.pack(w, Tiling.dense(100), null) : packed, y, 0, null, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void outer_ofGates_sameBits(int threads) {
    var vector = vector(threads);
    for (int[] s : withLongRows()) for (int blocks = 1; blocks <= 4; blocks++) {
      var x = new Numbers(7);
      int n = blocks, units = Math.min(s[2], 100);
      Slab a = x.source(2, s[0], s[1]), dW = x.matrix(s[1], units * n);
      for (int all = n; all <= 4; all += 4 - n + 1) for (boolean panelMajor : new boolean[] {true, false}) {
        int block = all - n;
        Panels d = x.source(1, s[0], units, all, panelMajor, block, n);
        twins(vector, dW, "%s blocks %d of %d".formatted(List.of(s[0], s[1], units), n, all),
            (k, y) -> k.outer(a, 2, d, 1, s[0], block, y));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void outer_ofMatrix_sameBits(int threads) {
    var vector = vector(threads);
    for (int[] s : withLongRows()) {
      var x = new Numbers(8);
      Slab a = x.source(2, s[0], s[1]), d = x.source(1, s[0], s[2]), dW = x.matrix(s[1], s[2]);
      twins(vector, dW, List.of(s[0], s[1], s[2]).toString(), (k, y) -> k.outer(a, 2, d, 1, s[0], y));
    }
  }

  /** Every height of a tile, and what is left of one. */
  @Test void outer_ofAnyFeatures_sameBits() {
    for (int features = 1; features <= 35; features++) for (int blocks = 1; blocks <= 4; blocks++) {
      var x = new Numbers(features);
      int n = blocks, units = 33;
      Slab a = x.source(0, 5, features), dW = x.matrix(features, units * n);
      Panels d = x.panels(5, units, n, true);
      twins(vector(1), dW, "%d features, %d blocks".formatted(features, n), (k, y) -> k.outer(a, 0, d, 0, 5, 0, y));
    }
  }

  private static List<int[]> withLongRows() {
    var all = new ArrayList<>(List.of(SHAPES));
    all.add(new int[] {515, 33, 25});
    all.add(new int[] {512, 100, 64});
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void columnSums_sameBits(int threads) {
    var vector = vector(threads);
    for (int rows : new int[] {1, 13, 600}) for (int units : new int[] {1, 16, 25, 100}) {
      var x = new Numbers(9);
      Slab db = x.vector(3 * units), d = x.source(1, rows, 3 * units);
      twins(vector, db, rows + " rows, " + units, (k, y) -> k.columnSums(d, 1, rows, y));
      for (boolean panelMajor : new boolean[] {true, false}) {
        Panels g = x.source(1, rows, units, 4, panelMajor, 0, 3);
        twins(vector, db, rows + " rows of gates, " + units, (k, y) -> k.columnSums(g, 1, rows, y));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneHotRows_sameBits(int threads) {
    var vector = vector(threads);
    for (int rows : new int[] {1, 13, 600}) for (int units : new int[] {1, 16, 25, 100}) {
      var x = new Numbers(10);
      String at = rows + " rows, " + units;
      Slab ids = x.ids(rows + 1, 9), bias = x.vector(3 * units);
      Slab table = x.matrix(9, 3 * units), dy = x.matrix(rows + 1, 3 * units);
      twins(vector, dy, at, (k, y) -> k.lookup(table, ids, y, 1, rows));
      twins(vector, table, at, (k, y) -> k.scatter(ids, dy, y, 1, rows));
      for (boolean panelMajor : new boolean[] {true, false}) {
        Panels g = x.source(1, rows, units, 4, panelMajor, 1, 3), stale = x.stale(rows + 2, units, 4, panelMajor);
        twins(vector, stale, at, (k, y) -> k.lookup(table, ids, 1, rows, y, 2, 1, bias));
        twins(vector, table, at, (k, y) -> k.scatter(ids, g, 1, rows, 1, y));
        twins(vector, stale, at, (k, y) -> k.broadcast(bias, y, 1, rows, 1));
      }
    }
  }

  @Test void rows_sameBits() {
    var vector = vector(2);
    for (int rows : new int[] {1, 13, 100}) for (int cols : new int[] {1, 16, 25, 207}) {
      var x = new Numbers(11);
      String at = rows + " × " + cols;
      Slab a = x.source(1, rows, cols), m = x.source(1, rows, cols), b = x.matrix(rows + 2, cols);
      twins(vector, b, at, (k, y) -> k.add(a, 1, y, 2, rows));
      twins(vector, b, at, (k, y) -> k.copy(a, 1, y, 2, rows));
      twins(vector, b, at, (k, y) -> k.multiply(a, m, y, 1, rows));
    }
  }
}
