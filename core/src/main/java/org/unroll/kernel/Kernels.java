package org.unroll.kernel;

import java.util.Optional;
import java.util.function.IntConsumer;
import org.unroll.slab.Slab;

/**
 * Arithmetic on slabs. The {@linkplain #scalar scalar kernels} are the meaning; every other implementation is their twin, bit
 * for bit.
 *
 * <p>Every product adds its K terms to each output element one after the other, in the order of k, with fused
 * multiply-adds: {@code c = fma(a_k, b_k, c)}. Tiles, threads and vector widths therefore never change a bit. Row ranges
 * are rows r = t·N + n of all steps; rows outside are not touched. Products on packed weights may be called by several
 * threads at once on different rows; the others split their work among {@link #threads()} themselves.
 */
public interface Kernels {

  /** The meaning, on one thread. */
  static Kernels scalar() { return of("scalar", 1); }

  /** The fastest kernels of this JVM. Where {@link #hint} is not empty they are the scalar ones. */
  static Kernels best(int threads) { return of("fast", threads); }

  /**
   * Kernels by name, all of the same bits: {@code scalar}; {@code plain}, vectors without fused cells; {@code fast}. The last
   * two are the scalar ones where there are no vectors.
   *
   * @param threads how many work together, the calling thread included
   */
  static Kernels of(String name, int threads) { return Backend.of(name, threads); }

  /** How to get faster kernels than this JVM can offer as it was started; empty if it has them. */
  static Optional<String> hint() { return Backend.missing(); }

  /** How many threads {@link #parallel} uses. */
  int threads();

  /** Runs {@code body} for 0 … parts − 1, each part by one thread, and returns when all are done. */
  void parallel(int parts, IntConsumer body);

  // ---- products on packed weights

  /**
   * Lays out W for y = x W.
   *
   * @param into an earlier layout of a matrix of this shape, written over and returned; or null
   */
  Packed pack(Slab w, Tiling columns, Packed into);

  /**
   * Lays out Wᵀ for dx = dy Wᵀ. {@code columns} is the tiling of W's columns that dy has: gates are summed panel by panel,
   * padding lanes included.
   *
   * @param into an earlier layout of a matrix of this shape, written over and returned; or null
   */
  Packed packTransposed(Slab w, Tiling columns, Packed into);

  /**
   * The same matrix in half the bytes, for products of a single row, whose time is that of reading it; the bits of a product are the
   * same. Itself where the kernels have no such layout.
   *
   * @param w of {@link Precision#BF16} numbers
   */
  default Packed halves(Packed w) { return w; }

  /** {@code c = bias + a W}, or {@code c += a W} where bias is null; c's blocks start at {@code block}. */
  void product(Slab a, int aFrom, int rows, Packed w, Panels c, int cFrom, int block, Slab bias);

  /**
   * The same for panels {@code first} to {@code end} of c alone, all of it in the calling thread.
   *
   * @param first a multiple of the {@link Tiling#partPanels} of W's columns
   * @param end likewise, or the number of panels
   */
  void product(Slab a, int aFrom, int rows, Packed w, Panels c, int cFrom, int block, Slab bias, int first, int end);

  /** {@code c = a Wᵀ}, or {@code c += a Wᵀ}; a's blocks start at {@code block}. */
  void product(Panels a, int aFrom, int rows, int block, Packed wT, Slab c, int cFrom, boolean accumulate);

  /** {@code c = bias + a W}; where bias is null {@code c = a W} or {@code c += a W}. */
  void product(Slab a, int aFrom, int rows, Packed w, Slab c, int cFrom, Slab bias, boolean accumulate);

  /** Blocks of c from {@code block} on {@code = bias}: those that no product starts. */
  void broadcast(Slab bias, Panels c, int cFrom, int rows, int block);

  // ---- gradients of weights: sums over rows, in the order of rows

  /** {@code dW += aᵀ d}; d's blocks start at {@code block}, dW is K × (blocks · H). */
  void outer(Slab a, int aFrom, Panels d, int dFrom, int rows, int block, Slab dW);

  /** {@code dW += aᵀ d}. */
  void outer(Slab a, int aFrom, Slab d, int dFrom, int rows, Slab dW);

  /** {@code db += Σ_r d_r}, blocks side by side. */
  void columnSums(Panels d, int from, int rows, Slab db);

  /** {@code db += Σ_r d_r}. */
  void columnSums(Slab d, int from, int rows, Slab db);

  // ---- rows

  /** {@code y += x}. */
  void add(Slab x, int xFrom, Slab y, int yFrom, int rows);

  /** {@code y += factor · x}, each by one fma. */
  default void add(float factor, Slab x, int xFrom, Slab y, int yFrom, int rows) {
    float[] from = x.data(), to = y.data();
    for (int r = 0; r < rows; r++) {
      int f = x.row(xFrom + r), t = y.row(yFrom + r);
      for (int k = 0; k < x.cols(); k++) to[t + k] = Math.fma(factor, from[f + k], to[t + k]);
    }
  }

  /** {@code y += m ⊙ x}, each by one fma. */
  default void add(Slab m, int mFrom, Slab x, int xFrom, Slab y, int yFrom, int rows) {
    float[] factor = m.data(), from = x.data(), to = y.data();
    for (int r = 0; r < rows; r++) {
      int f = m.row(mFrom + r), at = x.row(xFrom + r), t = y.row(yFrom + r);
      for (int k = 0; k < x.cols(); k++) to[t + k] = Math.fma(factor[f + k], from[at + k], to[t + k]);
    }
  }

  /** {@code y = x}. */
  void copy(Slab x, int xFrom, Slab y, int yFrom, int rows);

  /** {@code y = x ⊙ m}. */
  void multiply(Slab x, Slab m, Slab y, int from, int rows);

  /** Row r of y is row ids[r] of the table. */
  void lookup(Slab table, Slab ids, Slab y, int from, int rows);

  /** Row ids[r] of dTable += row r of dy, in the order of r. */
  void scatter(Slab ids, Slab dy, Slab dTable, int from, int rows);

  /** {@code c = bias + row ids[r] of W}: the product of one-hot rows with W, without the one-hot rows. */
  void lookup(Slab w, Slab ids, int idFrom, int rows, Panels c, int cFrom, int block, Slab bias);

  /** Row ids[r] of dW += the blocks of row r of d, in the order of r. */
  void scatter(Slab ids, Panels d, int from, int rows, int block, Slab dW);

  // ---- pointwise, by our own polynomials

  /** {@code x[at + k] = 1 / (1 + exp(−x[at + k]))} for k from 0 to n − 1. */
  void sigmoid(float[] x, int at, int n);

  /** {@code y[to + k] = tanh(x[at + k])}. */
  void tanh(float[] x, int at, float[] y, int to, int n);

  /** {@code y[to + k] = exp(x[at + k])}. */
  void exp(float[] x, int at, float[] y, int to, int n);

  /** {@code y[to + k] = log(x[at + k])}. */
  void log(float[] x, int at, float[] y, int to, int n);

  // ---- softmax

  /**
   * Softmax and cross-entropy of one row of logits, in place: z becomes p − onehot(target), scaled.
   *
   * @return −log p(target), in nats
   */
  float crossEntropy(float[] z, int at, int n, int target, float scale);

  /** z becomes softmax(z). */
  void softmax(float[] z, int at, int n);

  /** {@link #crossEntropy(float[], int, int, int, float)} of row r; the target's id and the loss stand in row r too. */
  default void crossEntropy(Slab z, int r, Slab target, Slab loss, float scale) {
    int y = (int) target.data()[target.row(r)];
    loss.data()[loss.row(r)] = crossEntropy(z.data(), z.row(r), z.cols(), y, scale);
  }

  /** Row r becomes its softmax. */
  default void softmax(Slab z, int r) { softmax(z.data(), z.row(r), z.cols()); }

  /** The loss of row r is ½ Σ (y − t)², summed in order; y becomes (y − t) · scale. */
  default void squaredError(Slab y, int r, Slab target, Slab loss, float scale) {
    float sum = 0;
    for (int k = 0; k < y.cols(); k++) {
      float d = y.data()[y.row(r) + k] - target.data()[target.row(r) + k];
      sum = Math.fma(d, d, sum);
      y.data()[y.row(r) + k] = d * scale;
    }
    loss.data()[loss.row(r)] = sum / 2;
  }

  /** What a linear-chain CRF is made of. */
  ChainSums chainSums();

  // ---- cells fused over a panel

  /** The twin of a plain cell, or null where there is none. */
  Fused fused(Fused.Of cell);
}
