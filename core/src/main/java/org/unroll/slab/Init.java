package org.unroll.slab;

/** How a parameter starts. */
public sealed interface Init {

  /** Fills {@code w} with random numbers keyed by {@code index}, the parameter's place in its {@link Params}. */
  void fill(Slab w, Philox rng, int index);

  /** Every element the same. */
  record Constant(float value) implements Init {
    @Override public void fill(Slab w, Philox rng, int index) {
      for (int r = 0; r < w.height(); r++) java.util.Arrays.fill(w.data(), w.row(r), w.row(r) + w.cols(), value);
    }
  }

  /** Uniform on (−bound, bound). */
  record Uniform(float bound) implements Init {
    @Override public void fill(Slab w, Philox rng, int index) {
      for (int r = 0; r < w.height(); r++) {
        for (int k = 0; k < w.cols(); k++) w.data()[w.row(r) + k] = bound * (2 * rng.uniform(0, index, r, k) - 1);
      }
    }
  }
}
