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
    for (int k = 0; k < inner; k++) {
      for (int p = first; p < end; p++) {
        for (int v = 0; v < tiling.vectors(p); v++) {
          int lanes = tiling.lanes(p, v), from = w.row(k) + tiling.col(p, v), at = at(p, v, k);
          if (lanes == LANES) {
            for (int l = 0; l < LANES; l += S.length()) store(w.data(), from + l, at + l);
          } else {
            for (int l = 0; l < lanes; l++) to.setAtIndex(ValueLayout.JAVA_FLOAT, at + l, w.data()[from + l]);
          }
        }
      }
    }
  }

  /** Panel q of Wᵀ, whose k runs over W's columns as {@code dy} deals them: 16 × 16 weights at a time. */
  void rows(Slab w, Tiling dy, int q, Scratch scratch) {
    float[] square = scratch.square, turned = scratch.turned;
    for (int u = 0; u < tiling.vectors(q); u++) {
      int rows = tiling.lanes(q, u), first = w.row(tiling.col(q, u));
      Arrays.fill(square, 0f);
      for (int p = 0, k = 0; p < dy.panels(); p++) {
        for (int v = 0; v < dy.vectors(p); v++) {
          int lanes = dy.lanes(p, v), col = dy.col(p, v);
          for (int i = 0; i < rows; i++) System.arraycopy(w.data(), first + i * w.stride() + col, square, i * LANES, lanes);
          turn(square, turned);
          for (int l = 0; l < lanes; l++) {
            for (int i = 0; i < LANES; i += S.length()) store(turned, l * LANES + i, at(q, u, k + l) + i);
          }
          k += dy.isDense() ? lanes : LANES;
        }
      }
    }
  }

  private static void turn(float[] from, float[] to) {
    for (int l = 0; l < LANES; l++) {
      for (int i = 0; i < LANES; i++) to[l * LANES + i] = from[i * LANES + l];
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

  private int at(int p, int v, int k) {
    return into.panel(p) + (Lanes.SPLIT == 1 ? k * tiling.vectors(p) + v : v * into.depth() + k) * LANES;
  }

  private void store(float[] from, int at, int toAt) {
    FloatVector.fromArray(S, from, at).intoMemorySegment(to, (long) toAt << 2, Lanes.ORDER);
  }
}
