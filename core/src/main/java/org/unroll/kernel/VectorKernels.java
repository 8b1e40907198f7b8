package org.unroll.kernel;

import java.util.Arrays;
import java.util.Map;
import java.util.function.IntConsumer;
import org.unroll.slab.Slab;

/**
 * The twins of {@link ScalarKernels} on the machine's vectors and on several threads, equal bit for bit. Threads own
 * columns or rows of a result, never terms of a sum.
 */
final class VectorKernels implements Kernels {
  private static final int LANES = Tiling.LANES;

  /** Longer sums are cut into runs, of plain rows and of gates: so much of a panel, 128 and 256 KiB, stays in the cache. */
  private static final int LONG = 2048, RUN = 512, GATE_RUN = 1024;

  /** Features of a gradient that are made at a time: turned, those of a block are 4 MiB, which the third cache holds. */
  private static final int FEATURES = 2048;

  private final ScalarKernels scalar = new ScalarKernels();
  private final ChainSums chains = new VectorChainSums();
  private final Workers workers;
  private final ThreadLocal<Scratch> scratch;
  private final VectorRows byRow;
  private final Map<Fused.Of, Fused> fused;

  /** @param fused whether to offer fused cells */
  VectorKernels(int threads, boolean fused) {
    workers = new Workers(threads);
    scratch = Scratch.of(workers);
    byRow = new VectorRows(workers);
    this.fused = fused ? FusedCells.all() : Map.of();
  }

  @Override public int threads() { return workers.threads(); }

  @Override public String toString() { return "vector kernels, " + 32 * Lanes.LENGTH + " bits"; }

  @Override public void parallel(int parts, IntConsumer body) { workers.run(parts, body); }

  // ---- products on packed weights

  @Override public Packed pack(Slab w, Tiling columns, Packed into) {
    var packed = into != null ? into : Packing.empty(columns.widest(), w.rows());
    var packing = new Packing(packed);
    int panels = packed.tiling().panels(), parts = Math.min(panels, workers.threads());
    workers.run(parts, i -> packing.columns(w, i * panels / parts, (i + 1) * panels / parts));
    return packed;
  }

  @Override public Packed packTransposed(Slab w, Tiling columns, Packed into) {
    var packed = into != null ? into : Packing.empty(Tiling.dense(w.rows()), PackOrder.inner(columns));
    var packing = new Packing(packed);
    workers.run(packed.tiling().panels(), p -> packing.rows(w, columns, p, scratch.get()));
    return packed;
  }

  @Override public Packed halves(Packed w) { return Packing.halves(w); }

  @Override public void product(Slab a, int aFrom, int rows, Packed w, Panels c, int cFrom, int block, Slab bias) {
    of(a, aFrom, w, c, cFrom, block, bias).run(w, rows);
  }

  @Override public void product(Slab a, int aFrom, int rows, Packed w, Panels c, int cFrom, int block, Slab bias,
      int first, int end) {
    int n = w.tiling().unitPanels();
    of(a, aFrom, w, c, cFrom, block, bias).run(w, rows, first / n, (end + n - 1) / n);
  }

  private Product of(Slab a, int aFrom, Packed w, Panels c, int cFrom, int block, Slab bias) {
    var p = scratch.get().product.of(a.data(), a.row(aFrom), a.stride(), w.inner());
    if (w.tiling().isDense()) {
      p.into(c.data(), c.panelAt(cFrom, block, 0), c.rowStride(), Tiling.VECTORS * c.panelStride(), c.panelStride(), true);
    } else {
      p.into(c.data(), c.panelAt(cFrom, block, 0), c.rowStride(), c.panelStride(), c.blockStride(), true);
    }
    return start(p, w.tiling(), bias);
  }

  @Override public void product(Panels a, int aFrom, int rows, int block, Packed wT, Slab c, int cFrom, boolean accumulate) {
    var s = scratch.get();
    int blocks = wT.inner() / (a.panels() * LANES);
    if (a.blockStride() != LANES) {
      float[] gathered = gather(a, aFrom, rows, block, blocks, s.rows(rows * wT.inner()));
      into(s.product.of(gathered, 0, wT.inner(), wT.inner()), c, cFrom);
      (accumulate ? s.product.fromItself() : s.product.fromZeros()).run(wT, rows);
      return;
    }
    int length = blocks * LANES, run = wT.inner() > LONG ? GATE_RUN / length : a.panels();
    for (int p = 0; p < a.panels(); p += run) {
      int parts = Math.min(run, a.panels() - p), at = a.panelAt(aFrom, block, p);
      into(s.product.of(a.data(), at, a.rowStride(), parts, a.panelStride(), length).after(p * length), c, cFrom);
      (p > 0 || accumulate ? s.product.fromItself() : s.product.fromZeros()).run(wT, rows);
    }
  }

  @Override public void product(Slab a, int aFrom, int rows, Packed w, Slab c, int cFrom, Slab bias, boolean accumulate) {
    int inner = w.inner(), run = inner > LONG && !w.halves() ? RUN : inner;
    for (int k = 0; k == 0 || k < inner; k += run) {
      var p = into(scratch.get().product.of(a.data(), a.row(aFrom) + k, a.stride(), Math.min(run, inner - k)).after(k), c, cFrom);
      if (k > 0) {
        p.fromItself().run(w, rows);
      } else if (bias == null && !accumulate) {
        p.fromZeros().run(w, rows);
      } else {
        start(p, w.tiling(), bias).run(w, rows);
      }
    }
  }

  private static Product into(Product p, Slab c, int cFrom) {
    return p.into(c.data(), c.row(cFrom), c.stride(), Tiling.WIDE, LANES, false);
  }

  private static Product start(Product p, Tiling t, Slab bias) {
    return bias == null ? p.fromItself() : p.from(bias.data(), bias.offset(), 0, t.panelStep(), t.vectorStep(), false);
  }

  /** Rows of row-major gates in the order in which {@link #packTransposed} sums them. */
  private static float[] gather(Panels a, int from, int rows, int block, int blocks, float[] x) {
    for (int r = 0, k = 0; r < rows; r++) {
      for (int p = 0; p < a.panels(); p++) {
        for (int g = 0; g < blocks; g++, k += LANES) System.arraycopy(a.data(), a.panelAt(from + r, block + g, p), x, k, LANES);
      }
    }
    return x;
  }

  // ---- gradients of weights

  @Override public void outer(Slab a, int aFrom, Panels d, int dFrom, int rows, int block, Slab dW) {
    scratch.get().outer.run(a, aFrom, d, dFrom, rows, block, dW);
  }

  @Override public void outer(Slab a, int aFrom, Slab d, int dFrom, int rows, Slab dW) {
    var outer = scratch.get().outer;
    if (a.cols() <= FEATURES) {
      outer.run(a, aFrom, d, dFrom, rows, dW);
      return;
    }
    for (int k = 0; k < a.cols(); k += FEATURES) {
      int end = Math.min(a.cols(), k + FEATURES);
      outer.run(a.cols(k, end), aFrom, d, dFrom, rows, dW.window(k, end - k));
    }
  }

  @Override public void columnSums(Panels d, int from, int rows, Slab db) { byRow.columnSums(d, from, rows, db); }

  @Override public void columnSums(Slab d, int from, int rows, Slab db) { byRow.columnSums(d, from, rows, db); }

  // ---- rows

  @Override public void broadcast(Slab bias, Panels c, int cFrom, int rows, int block) {
    int blocks = bias.cols() / c.units();
    for (int p = 0; p < c.panels(); p++) {
      int lanes = c.lanes(p);
      for (int r = cFrom; r < cFrom + rows; r++) {
        for (int g = 0; g < blocks; g++) {
          int to = c.panelAt(r, block + g, p);
          System.arraycopy(bias.data(), bias.offset() + g * c.units() + p * LANES, c.data(), to, lanes);
          if (lanes < LANES) Arrays.fill(c.data(), to + lanes, to + LANES, 0f);
        }
      }
    }
  }

  @Override public void add(Slab x, int xFrom, Slab y, int yFrom, int rows) { scalar.add(x, xFrom, y, yFrom, rows); }

  @Override public void copy(Slab x, int xFrom, Slab y, int yFrom, int rows) { scalar.copy(x, xFrom, y, yFrom, rows); }

  @Override public void multiply(Slab x, Slab m, Slab y, int from, int rows) { scalar.multiply(x, m, y, from, rows); }

  @Override public void lookup(Slab table, Slab ids, Slab y, int from, int rows) { scalar.lookup(table, ids, y, from, rows); }

  @Override public void scatter(Slab ids, Slab dy, Slab dTable, int from, int rows) {
    byRow.scatter(ids, dy, dTable, from, rows);
  }

  @Override public void lookup(Slab w, Slab ids, int idFrom, int rows, Panels c, int cFrom, int block, Slab bias) {
    byRow.lookup(w, ids, idFrom, rows, c, cFrom, block, bias);
  }

  @Override public void scatter(Slab ids, Panels d, int from, int rows, int block, Slab dW) {
    byRow.scatter(ids, d, from, rows, block, dW);
  }

  // ---- pointwise

  @Override public void sigmoid(float[] x, int at, int n) { VectorPointwise.sigmoid(x, at, n); }

  @Override public void tanh(float[] x, int at, float[] y, int to, int n) { VectorPointwise.tanh(x, at, y, to, n); }

  @Override public void exp(float[] x, int at, float[] y, int to, int n) { VectorPointwise.exp(x, at, y, to, n); }

  @Override public void log(float[] x, int at, float[] y, int to, int n) { VectorPointwise.log(x, at, y, to, n); }

  // ---- softmax

  @Override public float crossEntropy(float[] z, int at, int n, int target, float scale) {
    return VectorPointwise.crossEntropy(z, at, n, target, scale, scratch.get().lanes);
  }

  @Override public void softmax(float[] z, int at, int n) { VectorPointwise.softmax(z, at, n, scratch.get().lanes); }

  @Override public ChainSums chainSums() { return chains; }

  // ---- fused cells

  @Override public Fused fused(Fused.Of cell) { return fused.get(cell); }
}
