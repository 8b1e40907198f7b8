package org.unroll.kernel;

import java.lang.ref.WeakReference;

/** What one thread needs while it works on products. Grows to the largest seen; then nothing is allocated. */
final class Scratch {
  final Product product;
  final Outer outer;

  /** A tile that reaches past the matrix: rows of up to {@link Tiling#VECTORS} layout vectors. */
  final float[] edge = new float[Outer.LARGEST * Tiling.WIDE];

  /** For a {@link LaneSum}. */
  final float[] lanes = new float[LaneSum.SIZE];

  /** For {@link Packing}: weights turned. */
  final float[] turned = new float[Tiling.LANES * Tiling.LANES];

  private float[] panel = {};
  private float[] rows = {};

  /** @param all weak, or a thread's scratch would keep its own key, and with it every kernels that the thread has used */
  private Scratch(Workers workers, WeakReference<ThreadLocal<Scratch>> all) {
    product = new Product(workers, all);
    outer = new Outer(workers, all);
  }

  /** One for every thread that asks. */
  static ThreadLocal<Scratch> of(Workers workers) {
    return new ThreadLocal<>() {
      @Override protected Scratch initialValue() { return new Scratch(workers, new WeakReference<>(this)); }
    };
  }

  /** Room for a panel of the right operand. */
  float[] panel(int size) {
    if (panel.length < size) panel = new float[size];
    return panel;
  }

  /** Room for rows of the left operand. */
  float[] rows(int size) {
    if (rows.length < size) rows = new float[size];
    return rows;
  }
}
