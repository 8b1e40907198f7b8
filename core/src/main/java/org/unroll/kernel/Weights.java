package org.unroll.kernel;

import java.util.concurrent.ConcurrentHashMap;
import org.unroll.slab.Params;
import org.unroll.slab.Params.Param;

/**
 * The weights of a run and their packed copies. A copy is made when it is first asked for, and made again, in place, after
 * the weights were written ({@link Params#touch}). Shared by the threads that use one model.
 */
public final class Weights {
  private final Params params;
  private final Kernels kernels;
  private final ConcurrentHashMap<Key, Copy> copies = new ConcurrentHashMap<>();

  private record Key(int offset, Tiling columns, boolean transposed) {}

  private record Copy(Packed packed, long version) {}

  /** Packs nothing until a matrix is asked for. */
  public Weights(Params params, Kernels kernels) {
    this.params = params;
    this.kernels = kernels;
  }

  /** The weights as they are, unpacked. */
  public Params params() { return params; }

  /** The kernels that the packed copies are made for. */
  public Kernels kernels() { return kernels; }

  /** The window itself. */
  public org.unroll.slab.Slab of(Param p) { return p.of(params.array()); }

  /** W for y = x W. */
  public Packed columns(Param w, Tiling columns) { return copy(w, new Key(w.offset(), columns, false)); }

  /** Wᵀ for dx = dy Wᵀ, where dy has W's columns in this tiling. */
  public Packed transposed(Param w, Tiling columns) { return copy(w, new Key(w.offset(), columns, true)); }

  private Packed copy(Param w, Key key) {
    var copy = copies.get(key);
    if (copy == null || copy.version != params.version()) {
      copy = copies.compute(key, (_, old) -> old != null && old.version == params.version() ? old : pack(w, key, old));
    }
    return copy.packed;
  }

  private Copy pack(Param w, Key key, Copy old) {
    var into = old == null ? null : old.packed;
    var packed = key.transposed ? kernels.packTransposed(of(w), key.columns, into) : kernels.pack(of(w), key.columns, into);
    return new Copy(packed, params.version());
  }
}
