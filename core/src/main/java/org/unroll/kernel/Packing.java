package org.unroll.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.unroll.slab.Slab;

/**
 * Lays out weights for {@link Product}: the panels of {@link PackOrder}, on 64-byte boundaries outside the heap. Within a
 * panel [k][vector][lane] at 512 bits; [vector][k][lane] on narrower machines, whose tiles are one layout vector wide.
 */
final class Packing {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = Tiling.LANES;

  private final Tiling tiling;
  private final int inner;
  private final MemorySegment to;
  private final Packed into;

  Packing(Packed into) {
    this.into = into;
    tiling = into.tiling();
    inner = into.inner();
    to = into.segment();
  }

  static Packed empty(Tiling tiling, int inner) {
    return new Packed(tiling, inner, null, Arena.ofAuto().allocate(4L * Packed.size(tiling, inner), 64));
  }

  /** Panels {@code first} to {@code end} of W, row after row: neighbouring panels are neighbouring weights. */
  void columns(Slab w, int first, int end) {
    for (int k = 0; k < inner; k++) for (int p = first; p < end; p++) row(w, p, k);
  }

  /** Row k of a panel. */
  private void row(Slab w, int p, int k) {
    int vectors = tiling.vectors(p), from = w.row(k) + tiling.col(p, 0), at = at(p, 0, k);
    if (tiling.lanes(p, vectors - 1) == LANES) {
      for (int v = 0; v < vectors; v++, from += tiling.vectorStep(), at += vectorStride()) vector(w.data(), from, at);
    } else {
      for (int v = 0; v < vectors; v++, from += tiling.vectorStep(), at += vectorStride()) {
        int lanes = tiling.lanes(p, v);
        for (int l = 0; l < lanes; l++) to.setAtIndex(ValueLayout.JAVA_FLOAT, at + l, w.data()[from + l]);
      }
    }
  }

  /** Panel q of Wᵀ, whose k runs over W's columns as {@code dy} deals them: 16 × 16 weights at a time, along the rows of a block. */
  void rows(Slab w, Tiling dy, int q, Scratch scratch) {
    float[] turned = scratch.turned;
    for (int u = 0; u < tiling.vectors(q); u++) {
      int rows = tiling.lanes(q, u), first = w.row(tiling.col(q, u));
      Arrays.fill(turned, 0f);
      for (int v = 0; v < dy.vectors(); v++) {
        for (int p = 0; p < dy.panels(); p++) {
          int lanes = dy.lanes(p, v), col = dy.col(p, v), at = at(q, u, dy.isDense() ? col : (p * dy.vectors() + v) * LANES);
          turn(w.data(), first + col, w.stride(), rows, lanes, turned);
          for (int l = 0; l < lanes; l++, at += rowStride(q)) vector(turned, l * LANES, at);
        }
      }
    }
  }

  /** Column l of so many rows to row l; lanes past the last row stay as they are. */
  private static void turn(float[] from, int at, int stride, int rows, int lanes, float[] to) {
    for (int i = 0; i < rows; i++, at += stride) {
      for (int l = 0; l < lanes; l++) to[l * LANES + i] = from[at + l];
    }
  }

  /** The same matrix of bfloat16 numbers in half the bytes. */
  static Packed halves(Packed w) {
    int depth = (w.inner() + 1) / 2;
    var to = Arena.ofAuto().allocate(4L * Packed.size(w.tiling(), depth), 64);
    var halves = new Packed(w.tiling(), w.inner(), null, to, true);
    var from = new Packing(w);
    var into = new Packing(halves);
    for (int p = 0; p < w.tiling().panels(); p++) {
      for (int v = 0; v < w.tiling().vectors(p); v++) {
        for (int k = 0; k < w.inner(); k++) {
          int at = from.at(p, v, k), toAt = into.at(p, v, k / 2), shift = k % 2 * 16;
          for (int l = 0; l < LANES; l++) {
            int bits = w.segment().getAtIndex(ValueLayout.JAVA_INT, at + l);
            assert (bits & 0xffff) == 0 : "no bfloat16 number";
            to.setAtIndex(ValueLayout.JAVA_INT, toAt + l, to.getAtIndex(ValueLayout.JAVA_INT, toAt + l) | bits >>> 16 << shift);
          }
        }
      }
    }
    return halves;
  }

  private int at(int p, int v, int k) { return into.panel(p) + k * rowStride(p) + v * vectorStride(); }

  /** Floats between the rows of panel p. */
  private int rowStride(int p) { return Lanes.SPLIT == 1 ? tiling.vectors(p) * LANES : LANES; }

  /** Floats between the vectors of a row. */
  private int vectorStride() { return Lanes.SPLIT == 1 ? LANES : into.depth() * LANES; }

  /** A whole vector of the layout. */
  private void vector(float[] from, int at, int toAt) {
    for (int l = 0; l < LANES; l += S.length()) {
      FloatVector.fromArray(S, from, at + l).intoMemorySegment(to, (long) (toAt + l) << 2, Lanes.ORDER);
    }
  }
}
