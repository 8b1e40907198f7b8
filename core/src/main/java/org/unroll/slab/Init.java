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

  /** Blocks of equal width side by side, each with its own start. */
  record Blocks(java.util.List<Init> blocks) implements Init {
    public Blocks {
      blocks = java.util.List.copyOf(blocks);
    }

    /** The same start for each of {@code n} blocks, drawn apart. */
    public static Blocks same(Init init, int n) { return new Blocks(java.util.Collections.nCopies(n, init)); }

    /** A constant for each block. */
    public static Blocks constants(float... values) {
      var list = new java.util.ArrayList<Init>();
      for (float v : values) list.add(new Constant(v));
      return new Blocks(list);
    }

    @Override public void fill(Slab w, Philox rng, int index) {
      int width = w.cols() / blocks.size();
      for (int b = 0; b < blocks.size(); b++) blocks.get(b).fill(w.cols(b * width, (b + 1) * width), rng, index * 16 + b);
    }
  }
}
