package org.unroll.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.unroll.slab.Slab;

/**
 * Every kernel as one small piece of work that can be done again and again: what {@link SteadyStateTest} measures and
 * {@link CompilerLogTest} lets C2 compile. Widths are with and without a partial last panel. Tiles are called as products call them
 * and each by itself too, for which of them a product takes depends on the machine's vectors.
 */
final class Works {
  private final Map<String, Runnable> works = new LinkedHashMap<>();
  private final Numbers x = new Numbers(1);
  private final Kernels k;

  private Works(Kernels k) { this.k = k; }

  static Map<String, Runnable> of(Kernels k) {
    var w = new Works(k);
    for (int rows : new int[] {1, 2, 4, 6, 9}) for (int blocks = 1; blocks <= 4; blocks++) w.product(rows, blocks);
    for (int cols : new int[] {16, 32, 48, 64, 70}) w.dense(cols);
    for (int units : new int[] {40, 48}) for (int blocks = 1; blocks <= 4; blocks++) w.gates(units, blocks);
    for (var cell : Fused.Of.values()) w.fused(cell);
    w.pointwise();
    for (int labels : new int[] {9, 20, 55}) w.chains(labels);
    w.tiles();
    return w.works;
  }

  // ---- products

  private void product(int rows, int blocks) {
    Slab a = x.matrix(rows, 64), w = x.matrix(64, 128 * blocks), wT = x.matrix(64, 128 * blocks);
    Panels c = x.panels(rows, 128, blocks, true);
    var packed = k.pack(w, Tiling.gates(128, blocks), null);
    var turned = k.packTransposed(wT, Tiling.gates(128, blocks), null);
    String at = ", " + rows + " rows, " + blocks + " blocks";
    works.put("product" + at, () -> k.product(a, 0, rows, packed, c, 0, 0, null));
    var halves = k.halves(k.pack(Precision.BF16.round(x.matrix(65, 128 * blocks)), Tiling.gates(128, blocks), null));
    Slab odd = x.matrix(rows, 65);
    works.put("product of halves" + at, () -> k.product(odd, 0, rows, halves, c, 0, 0, null));
    works.put("transposed product" + at, () -> k.product(c, 0, rows, 0, turned, a, 0, false));
  }

  private void dense(int cols) {
    Slab a = x.matrix(40, 41), w = x.matrix(41, cols), c = x.matrix(40, cols), bias = x.vector(cols), ids = x.ids(40, 41);
    var tiling = Tiling.dense(cols);
    Packed packed = k.pack(w, tiling, null), turned = k.packTransposed(w, tiling, null);
    for (int rows : new int[] {1, 2, 4, 6, 8, 15}) {
      works.put("product, %d rows, %d columns".formatted(rows, cols), () -> k.product(a, 0, rows, packed, c, 0, bias, false));
    }
    String at = ", " + cols + " columns";
    works.put("pack" + at, () -> k.pack(w, tiling, packed));
    works.put("pack transposed" + at, () -> k.packTransposed(w, tiling, turned));
    for (int features : new int[] {8, 36, 41}) {
      Slab left = a.cols(0, features), dW = x.matrix(features, cols);
      works.put("outer, " + features + " features" + at, () -> k.outer(left, 0, c, 0, 40, dW));
    }
    works.put("column sums" + at, () -> k.columnSums(c, 0, 40, bias));
    works.put("lookup" + at, () -> k.lookup(w, ids, c, 0, 40));
    works.put("scatter" + at, () -> k.scatter(ids, c, w, 0, 40));
    works.put("add" + at, () -> k.add(w, 0, c, 0, 40));
    works.put("copy" + at, () -> k.copy(w, 0, c, 0, 40));
    works.put("multiply" + at, () -> k.multiply(w, w, c, 0, 40));
  }

  private void gates(int units, int blocks) {
    Slab a = x.matrix(40, 36), dW = x.matrix(36, units * blocks), db = x.vector(units * blocks), ids = x.ids(40, 36);
    Panels d = x.panels(40, units, blocks, true);
    var tiling = Tiling.gates(units, blocks);
    Packed packed = k.pack(dW, tiling, null), turned = k.packTransposed(dW, tiling, null);
    String at = ", " + units + " units, " + blocks + " blocks";
    works.put("pack" + at, () -> k.pack(dW, tiling, packed));
    works.put("pack transposed" + at, () -> k.packTransposed(dW, tiling, turned));
    works.put("outer" + at, () -> k.outer(a, 0, d, 0, 40, 0, dW));
    works.put("column sums" + at, () -> k.columnSums(d, 0, 40, db));
    works.put("lookup" + at, () -> k.lookup(dW, ids, 0, 40, d, 0, 0, db));
    works.put("scatter" + at, () -> k.scatter(ids, d, 0, 40, 0, dW));
    works.put("broadcast" + at, () -> k.broadcast(db, d, 0, 40, 0));
  }

  // ---- all else

  private void pointwise() {
    Slab z = x.vector(70), y = x.vector(70);
    works.put("sigmoid", () -> k.sigmoid(z.data(), z.offset(), 70));
    works.put("tanh", () -> k.tanh(z.data(), z.offset(), z.data(), z.offset(), 70));
    works.put("exp", () -> k.exp(z.data(), z.offset(), y.data(), y.offset(), 70));
    works.put("log", () -> k.log(z.data(), z.offset(), y.data(), y.offset(), 70));
    works.put("softmax", () -> k.softmax(z.data(), z.offset(), 70));
    works.put("cross-entropy", () -> k.crossEntropy(z.data(), z.offset(), 70, 3, 1f));
  }

  private void chains(int labels) {
    var s = k.chainSums();
    int size = labels * ChainSums.LANES;
    float[] a = x.vector(16 * size).data(), b = x.vector(16 * size).data(), c = x.vector(labels * size).data();
    float[] m = x.vector(labels * labels).data(), d = x.vector(32).data();
    double[] scores = new double[size], to = new double[size], steps = new double[labels * labels];
    String at = ", " + labels + " labels";
    works.put("chain sums" + at, () -> s.sums(a, 0, m, labels, b, 0, b, size, b, 2 * size));
    works.put("settling" + at, () -> s.settle(b, 0, a, 0, labels, c, 0));
    works.put("posterior" + at, () -> s.posterior(a, 0, b, 0, labels, c, 0, d, 0));
    works.put("quotient" + at, () -> s.quotient(a, 0, b, 0, 0xff, labels, c, 0));
    works.put("transitions" + at, () -> s.transitions(a, 0, b, 0, 16, m, labels, c, 0));
    works.put("best" + at, () -> s.best(scores, 0, steps, labels, to, 0, false));
    double[] high = new double[size];
    Arrays.fill(high, 9);
    works.put("best above 0" + at, () -> s.best(high, 0, steps, labels, to, 0, true));
  }

  /** Any cell: four blocks, four slots, three weights of each unit and a second product are enough for all. */
  private void fused(Fused.Of cell) {
    int units = 40, slot = 48;
    Panels g = x.panels(9, units, 4, true), dg = x.panels(9, units, 4, true);
    var all = new Fused.Operands(g, x.matrix(18, 4 * slot), x.vector(3 * slot), x.matrix(9, slot), dg, x.matrix(9, 4 * slot),
        x.matrix(9, 3 * slot), x.matrix(9, slot));
    var twin = k.fused(cell);
    works.put(cell + " forward", () -> twin.forward(all, 0, 0, 9, 9, 0, g.panels()));
    works.put(cell + " backward", () -> twin.backward(all, 0, 0, 9, 0, 9, 0, g.panels()));
    if (!Set.of(Fused.Of.GRU_BEFORE, Fused.Of.GRU_BEFORE_WRITE, Fused.Of.MGU).contains(cell)) return;
    works.put(cell + " forward2", () -> twin.forward2(all, 0, 0, 9, 9, 0, g.panels()));
    works.put(cell + " backward2", () -> twin.backward2(all, 0, 0, 9, 0, 9, 0, g.panels()));
  }

  // ---- tiles

  private interface Rows {
    void run(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
        float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv);
  }

  private interface Abreast {
    void run(float[] a, int aAt, int parts, int partStep, int length, MemorySegment b, int bAt, int bp,
        float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv);
  }

  /** Sums of 41 terms, of up to 8 rows or panels of 4 vectors, which lie 64 floats apart. */
  private void tiles() {
    rows("Tiles1", Tiles1::rows1, Tiles1::rows2, Tiles1::rows4, Tiles1::rows8);
    rows("Tiles2", Tiles2::rows1, Tiles2::rows2, Tiles2::rows4, Tiles2::rows6);
    rows("Tiles3", Tiles3::rows1, Tiles3::rows2, Tiles3::rows4, Tiles3::rows8);
    rows("Tiles4", Tiles4::rows1, Tiles4::rows2, Tiles4::rows4, Tiles4::rows6);
    var abreast = new Abreast[] {Tiles1::abreast, Tiles2::abreast, Tiles3::abreast, Tiles4::abreast};
    float[] a = x.vector(8 * 41).data(), b = x.vector(41 * 64).data(), c = x.vector(8 * 64).data();
    var w = weights();
    int[] panels = {Tiles1.ABREAST, Tiles2.ABREAST, Tiles3.ABREAST, Tiles4.ABREAST};
    for (int vectors = 1; vectors <= 4; vectors++) {
      int n = vectors, many = panels[n - 1], L = Lanes.LENGTH;
      var tile = abreast[n - 1];
      works.put("Tiles" + n + " abreast", () -> tile.run(a, 0, 1, 0, 41, w, 0, 41 * n * L, c, 0, 64, L, c, 0, 64, L));
      works.put("HalfTiles 1, " + n, () -> HalfTiles.tile(n, 1, a, 0, 41, w, 0, 0, c, 0, 0, L, c, 0, 0, L));
      works.put("HalfTiles, " + n, () -> HalfTiles.tile(n, many, a, 0, 41, w, 0, 41 * n * L, c, 0, 64, L, c, 0, 64, L));
      for (int rows : n == 3 ? new int[] {4, 6, 8} : new int[] {4, 6}) {
        works.put("OuterTiles " + rows + ", " + n, () -> OuterTiles.tile(rows, n, a, 0, b, 0, 64, L, 41, c, 0, 64, L));
      }
    }
  }

  private void rows(String name, Rows... tiles) {
    float[] a = x.vector(8 * 41).data(), c = x.vector(8 * 64).data();
    var w = weights();
    for (int i = 0; i < tiles.length; i++) {
      var tile = tiles[i];
      works.put(name + " " + i, () -> tile.run(a, 0, 41, 1, 0, 41, w, 0, c, 0, 64, Lanes.LENGTH, c, 0, 64, Lanes.LENGTH));
    }
  }

  private static MemorySegment weights() { return Arena.ofAuto().allocate(4L * 41 * 8 * 64, 64); }
}
