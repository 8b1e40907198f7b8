package org.unroll.kernel;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.unroll.slab.Slab;

/** The meaning of every kernel: plain loops. */
final class ScalarKernels implements Kernels {
  private static final int LANES = Tiling.LANES;

  private final Workers workers;
  private final ChainSums chains = new ScalarChainSums();

  ScalarKernels() { this(1); }

  /** @param threads those of {@link #parallel}; a kernel itself runs in the calling thread */
  ScalarKernels(int threads) { workers = new Workers(threads); }

  @Override public int threads() { return workers.threads(); }

  @Override public String toString() { return "scalar kernels"; }

  @Override public void parallel(int parts, IntConsumer body) { workers.run(parts, body); }

  // ---- products on packed weights

  @Override public Packed pack(Slab w, Tiling columns, Packed into) {
    var packed = into != null ? into : empty(columns, w.rows());
    float[] to = packed.heap();
    PackOrder.columns(w, columns, (from, at, lanes) -> System.arraycopy(w.data(), from, to, at, lanes));
    return packed;
  }

  @Override public Packed packTransposed(Slab w, Tiling columns, Packed into) {
    var packed = into != null ? into : empty(Tiling.dense(w.rows()), PackOrder.inner(columns));
    float[] to = packed.heap();
    PackOrder.rows(w, columns, (from, at) -> to[at] = w.data()[from]);
    return packed;
  }

  private static Packed empty(Tiling tiling, int inner) {
    return new Packed(tiling, inner, new float[Packed.size(tiling, inner)], null);
  }

  @Override public void product(Slab a, int aFrom, int rows, Packed w, Panels c, int cFrom, int block, Slab bias) {
    product(a, aFrom, rows, w, c, cFrom, block, bias, 0, w.tiling().panels());
  }

  @Override public void product(Slab a, int aFrom, int rows, Packed w, Panels c, int cFrom, int block, Slab bias,
      int first, int end) {
    var t = w.tiling();
    for (int r = 0; r < rows; r++) {
      for (int p = first; p < end; p++) {
        for (int v = 0; v < t.vectors(p); v++) {
          int to = c.panelAt(cFrom + r, block + v, p);
          for (int l = 0; l < LANES; l++) {
            float sum = bias == null ? c.data()[to + l] : l < t.lanes(p, v) ? bias.data()[bias.offset() + t.col(p, v) + l] : 0f;
            c.data()[to + l] = dot(a.data(), a.row(aFrom + r), w, p, v * LANES + l, sum);
          }
        }
      }
    }
  }

  @Override public void product(Panels a, int aFrom, int rows, int block, Packed wT, Slab c, int cFrom, boolean accumulate) {
    float[] x = new float[wT.inner()];
    for (int r = 0; r < rows; r++) {
      gather(a, aFrom + r, block, x);
      dense(x, 0, wT, c, c.row(cFrom + r), accumulate ? c.data() : null, c.row(cFrom + r));
    }
  }

  @Override public void product(Slab a, int aFrom, int rows, Packed w, Slab c, int cFrom, Slab bias, boolean accumulate) {
    for (int r = 0; r < rows; r++) {
      int to = c.row(cFrom + r);
      float[] init = bias != null ? bias.data() : accumulate ? c.data() : null;
      dense(a.data(), a.row(aFrom + r), w, c, to, init, bias != null ? bias.offset() : to);
    }
  }

  @Override public void broadcast(Slab bias, Panels c, int cFrom, int rows, int block) {
    for (int r = cFrom; r < cFrom + rows; r++) {
      for (int g = 0; g < bias.cols() / c.units(); g++) {
        for (int p = 0; p < c.panels(); p++) {
          int to = c.panelAt(r, block + g, p);
          int from = bias.offset() + g * c.units() + p * LANES;
          for (int l = 0; l < LANES; l++) c.data()[to + l] = l < c.lanes(p) ? bias.data()[from + l] : 0f;
        }
      }
    }
  }

  /** One row of c; starts from {@code init}, or from zero where that is null. */
  private static void dense(float[] a, int aAt, Packed w, Slab c, int to, float[] init, int initAt) {
    var t = w.tiling();
    for (int j = 0; j < t.cols(); j++) {
      int p = j / t.panelStep();
      c.data()[to + j] = dot(a, aAt, w, p, j % t.panelStep(), init == null ? 0f : init[initAt + j]);
    }
  }

  /** {@code sum + Σ_k a_k w_k}, one fma after the other. */
  private static float dot(float[] a, int at, Packed w, int panel, int lane, float sum) {
    int width = w.tiling().vectors(panel) * LANES;
    for (int k = 0, b = w.panel(panel) + lane; k < w.inner(); k++, b += width) sum = Math.fma(a[at + k], w.heap()[b], sum);
    return sum;
  }

  /** The blocks of one row in the order in which {@link #packTransposed} sums them. */
  private static void gather(Panels a, int row, int block, float[] x) {
    int blocks = x.length / (a.panels() * LANES);
    for (int p = 0, k = 0; p < a.panels(); p++) {
      for (int g = 0; g < blocks; g++, k += LANES) System.arraycopy(a.data(), a.panelAt(row, block + g, p), x, k, LANES);
    }
  }

  // ---- gradients of weights

  @Override public void outer(Slab a, int aFrom, Panels d, int dFrom, int rows, int block, Slab dW) {
    int blocks = dW.cols() / d.units();
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < a.cols(); k++) {
        float x = a.data()[a.row(aFrom + r) + k];
        for (int g = 0; g < blocks; g++) {
          for (int u = 0, to = dW.row(k) + g * d.units(); u < d.units(); u++, to++) {
            dW.data()[to] = Math.fma(x, d.data()[d.at(dFrom + r, block + g, u)], dW.data()[to]);
          }
        }
      }
    }
  }

  @Override public void outer(Slab a, int aFrom, Slab d, int dFrom, int rows, Slab dW) {
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < a.cols(); k++) {
        float x = a.data()[a.row(aFrom + r) + k];
        for (int j = 0, to = dW.row(k), from = d.row(dFrom + r); j < d.cols(); j++) {
          dW.data()[to + j] = Math.fma(x, d.data()[from + j], dW.data()[to + j]);
        }
      }
    }
  }

  @Override public void columnSums(Panels d, int from, int rows, Slab db) {
    for (int r = from; r < from + rows; r++) {
      for (int g = 0; g < db.cols() / d.units(); g++) {
        for (int u = 0; u < d.units(); u++) db.data()[db.offset() + g * d.units() + u] += d.data()[d.at(r, g, u)];
      }
    }
  }

  @Override public void columnSums(Slab d, int from, int rows, Slab db) {
    for (int r = from; r < from + rows; r++) add(d.data(), d.row(r), db.data(), db.offset(), d.cols());
  }

  // ---- rows

  @Override public void add(Slab x, int xFrom, Slab y, int yFrom, int rows) {
    for (int r = 0; r < rows; r++) add(x.data(), x.row(xFrom + r), y.data(), y.row(yFrom + r), x.cols());
  }

  @Override public void copy(Slab x, int xFrom, Slab y, int yFrom, int rows) {
    for (int r = 0; r < rows; r++) System.arraycopy(x.data(), x.row(xFrom + r), y.data(), y.row(yFrom + r), x.cols());
  }

  @Override public void multiply(Slab x, Slab m, Slab y, int from, int rows) {
    for (int r = from; r < from + rows; r++) {
      for (int k = 0; k < x.cols(); k++) y.data()[y.row(r) + k] = x.data()[x.row(r) + k] * m.data()[m.row(r) + k];
    }
  }

  @Override public void lookup(Slab table, Slab ids, Slab y, int from, int rows) {
    for (int r = from; r < from + rows; r++) {
      System.arraycopy(table.data(), table.row(id(ids, r)), y.data(), y.row(r), table.cols());
    }
  }

  @Override public void scatter(Slab ids, Slab dy, Slab dTable, int from, int rows) {
    for (int r = from; r < from + rows; r++) {
      add(dy.data(), dy.row(r), dTable.data(), dTable.row(id(ids, r)), dy.cols());
    }
  }

  @Override public void lookup(Slab w, Slab ids, int idFrom, int rows, Panels c, int cFrom, int block, Slab bias) {
    int blocks = w.cols() / c.units();
    for (int r = 0; r < rows; r++) {
      int from = w.row(id(ids, idFrom + r));
      for (int g = 0; g < blocks; g++) {
        for (int u = 0; u < c.units(); u++) {
          int j = g * c.units() + u;
          c.data()[c.at(cFrom + r, block + g, u)] = bias.data()[bias.offset() + j] + w.data()[from + j];
        }
        int last = c.panels() - 1;
        int pad = c.panelAt(cFrom + r, block + g, last);
        Arrays.fill(c.data(), pad + c.lanes(last), pad + LANES, 0f);
      }
    }
  }

  @Override public void scatter(Slab ids, Panels d, int from, int rows, int block, Slab dW) {
    int blocks = dW.cols() / d.units();
    for (int r = from; r < from + rows; r++) {
      for (int g = 0, to = dW.row(id(ids, r)); g < blocks; g++) {
        for (int u = 0; u < d.units(); u++, to++) dW.data()[to] += d.data()[d.at(r, block + g, u)];
      }
    }
  }

  private static int id(Slab ids, int r) { return (int) ids.data()[ids.row(r)]; }

  private static void add(float[] x, int from, float[] y, int to, int n) {
    for (int k = 0; k < n; k++) y[to + k] += x[from + k];
  }

  // ---- pointwise

  @Override public void sigmoid(float[] x, int at, int n) {
    for (int k = at; k < at + n; k++) x[k] = ScalarMath.sigmoid(x[k]);
  }

  @Override public void tanh(float[] x, int at, float[] y, int to, int n) {
    for (int k = 0; k < n; k++) y[to + k] = ScalarMath.tanh(x[at + k]);
  }

  @Override public void exp(float[] x, int at, float[] y, int to, int n) {
    for (int k = 0; k < n; k++) y[to + k] = ScalarMath.exp(x[at + k]);
  }

  @Override public void log(float[] x, int at, float[] y, int to, int n) {
    for (int k = 0; k < n; k++) y[to + k] = ScalarMath.log(x[at + k]);
  }

  // ---- softmax

  @Override public float crossEntropy(float[] z, int at, int n, int target, float scale) {
    float max = max(z, at, n);
    float score = z[at + target] - max;
    float sum = exponentials(z, at, n, max);
    for (int k = at; k < at + n; k++) z[k] = z[k] / sum * scale;
    z[at + target] -= scale;
    return ScalarMath.log(sum) - score;
  }

  @Override public void softmax(float[] z, int at, int n) {
    float sum = exponentials(z, at, n, max(z, at, n));
    for (int k = at; k < at + n; k++) z[k] /= sum;
  }

  private static float max(float[] z, int at, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int k = at; k < at + n; k++) max = Math.max(max, z[k]);
    return max;
  }

  /** z becomes exp(z − max); returns the sum. */
  private static float exponentials(float[] z, int at, int n, float max) {
    float[] lanes = new float[LaneSum.SIZE];
    for (int k = 0; k < n; k++) {
      z[at + k] = ScalarMath.exp(z[at + k] - max);
      LaneSum.add(lanes, k % LANES, z[at + k]);
    }
    return LaneSum.total(lanes);
  }

  @Override public ChainSums chainSums() { return chains; }

  @Override public Fused fused(Fused.Of cell) { return null; }
}
