package org.unroll.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A weight matrix laid out for one product: panel after panel, within a panel row k after row k, within a row the 16-lane
 * vectors side by side; where the machine's vectors are narrower, within a panel one of these vectors after the other. Made once
 * an optimizer step and read at all T time steps. Of {@link Precision#BF16 halves} two rows stand in
 * the place of one: k even in the low half of each lane, k + 1 in the high one.
 *
 * @param tiling of the product's output columns
 * @param inner K, the length of the sum
 * @param heap the values, for the scalar kernels; else null
 * @param segment the values on 64-byte boundaries, for the vector kernels; else null
 * @param halves whether a value takes two bytes of the segment
 */
public record Packed(Tiling tiling, int inner, float[] heap, MemorySegment segment, boolean halves) {

  /** Values of four bytes. */
  public Packed(Tiling tiling, int inner, float[] heap, MemorySegment segment) { this(tiling, inner, heap, segment, false); }

  /** Floats of all panels. */
  public static int size(Tiling tiling, int inner) {
    int last = tiling.panels() - 1;
    return Math.multiplyExact(inner, Tiling.LANES * (last * tiling.vectors() + tiling.vectors(last)));
  }

  /** Bytes of all panels. */
  long bytes() { return 4L * size(tiling, depth()); }

  /** Rows of four bytes a value that a panel takes. */
  int depth() { return halves ? (inner + 1) / 2 : inner; }

  /** Where row 0 of panel p starts, counted in four bytes. */
  public int panel(int p) { return p * depth() * tiling.vectors() * Tiling.LANES; }
}
