package org.unroll.kernel;

import java.util.concurrent.ConcurrentHashMap;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;
import org.unroll.slab.Slab;

/**
 * The weights of a run and their packed copies. A copy is made when it is first asked for, and made again, in place, after
 * the weights were written ({@link Params#touch}). Shared by the threads that use one model. A copy has the weights in the
 * {@link Precision} of the run.
 */
public final class Weights {
  private final Params params;
  private final Kernels kernels;
  private final Precision precision;
  private final boolean halves;
  private final ConcurrentHashMap<Key, Copy> copies;

  private record Key(int offset, Tiling columns, boolean transposed, boolean own, boolean halves) {}

  private record Copy(Packed packed, long version) {}

  /** Packs nothing until a matrix is asked for. */
  public Weights(Params params, Kernels kernels) { this(params, kernels, Precision.FP32); }

  /** @param precision of every weight that a product reads; rows that are looked up stay floats */
  public Weights(Params params, Kernels kernels, Precision precision) {
    this(params, kernels, precision, false, new ConcurrentHashMap<>());
  }

  private Weights(Params params, Kernels kernels, Precision precision, boolean halves, ConcurrentHashMap<Key, Copy> copies) {
    this.params = params;
    this.kernels = kernels;
    this.precision = precision;
    this.halves = halves;
    this.copies = copies;
  }

  /** The same weights for products of a single row: halves are then kept as halves. The same bits. */
  public Weights ofSingleRows() { return precision == Precision.FP32 ? this : new Weights(params, kernels, precision, true, copies); }

  /** What a product makes of a weight. */
  public Precision precision() { return precision; }

  /** The weights as they are, unpacked. */
  public Params params() { return params; }

  /** The kernels that the packed copies are made for. */
  public Kernels kernels() { return kernels; }

  /** Bytes of the packed copies. */
  public long bytes() { return copies.values().stream().mapToLong(c -> c.packed.bytes()).sum(); }

  /** The window itself. */
  public Slab of(Param p) { return p.of(params.array()); }

  /** W for y = x W. */
  public Packed columns(Param w, Tiling columns) { return copy(w, new Key(w.offset(), columns, false, false, halves)); }

  /** Wᵀ for dx = dy Wᵀ, where dy has W's columns in this tiling. */
  public Packed transposed(Param w, Tiling columns) { return copy(w, new Key(w.offset(), columns, true, false, halves)); }

  /** W for y = x W where the columns are those of a plain matrix, not of gates. */
  public Packed columns(Param w) { return columns(w, Tiling.dense(w.cols())); }

  /** Wᵀ for dx = dy Wᵀ, likewise. */
  public Packed transposed(Param w) { return transposed(w, Tiling.dense(w.cols())); }

  /**
   * {@link #columns(Param, Tiling)} of {@code own}, a matrix that a run has made of w for itself. Packed anew at each call, where the
   * one before lay: for one thread, and until the next call.
   */
  public Packed columns(Param w, Tiling columns, Slab own) { return pack(own, new Key(w.offset(), columns, false, true, false)); }

  /** {@link #transposed(Param, Tiling)} of {@code own}, in the same way. */
  public Packed transposed(Param w, Tiling columns, Slab own) { return pack(own, new Key(w.offset(), columns, true, true, false)); }

  private Packed pack(Slab own, Key key) { return copies.compute(key, (_, old) -> pack(own, key, old)).packed; }

  private Packed copy(Param w, Key key) {
    var copy = copies.get(key);
    if (copy == null || copy.version != params.version()) {
      copy = copies.compute(key, (_, old) -> old != null && old.version == params.version() ? old : pack(of(w), key, old));
    }
    return copy.packed;
  }

  private Copy pack(Slab w, Key key, Copy old) {
    var into = old == null || key.halves ? null : old.packed;
    var seen = precision.round(w);
    var packed = key.transposed ? kernels.packTransposed(seen, key.columns, into) : kernels.pack(seen, key.columns, into);
    return new Copy(key.halves ? kernels.halves(packed) : packed, params.version());
  }
}
