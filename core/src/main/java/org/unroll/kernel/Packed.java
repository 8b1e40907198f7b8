package org.unroll.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A weight matrix laid out for one product: panel after panel, within a panel row k after row k, within a row the 16-lane
 * vectors side by side. Made once an optimizer step and read at all T time steps.
 *
 * @param tiling of the product's output columns
 * @param inner K, the length of the sum
 * @param heap the values, for the scalar kernels; else null
 * @param segment the values on 64-byte boundaries, for the vector kernels; else null
 */
public record Packed(Tiling tiling, int inner, float[] heap, MemorySegment segment) {

  /** Floats of all panels. */
  public static int size(Tiling tiling, int inner) {
    int last = tiling.panels() - 1;
    return Math.multiplyExact(inner, Tiling.LANES * (last * tiling.vectors() + tiling.vectors(last)));
  }

  /** Where row 0 of panel p starts, in floats. */
  public int panel(int p) { return p * inner * tiling.vectors() * Tiling.LANES; }
}
