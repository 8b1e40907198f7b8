package org.unroll.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Product tiles of one row for weights of two bytes, rows k and k + 1 in the halves of a lane: a half in the high 16 bits is a
 * float. {@link Product} says what the operands are. Printed by TileSources: change that.
 */
final class HalfTiles {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final int L = Lanes.LENGTH, HIGH = 0xffff0000;

  private HalfTiles() {}

  /** So many panels side by side, each of {@code vectors} machine vectors. */
  static void tile(int vectors, int panels, float[] a, int aAt, int length, MemorySegment b, int bAt, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    switch (vectors * 16 + panels) {
      case 17 -> tile1x1(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      case 24 -> tile1x8(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      case 33 -> tile2x1(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      case 36 -> tile2x4(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      case 49 -> tile3x1(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      case 50 -> tile3x2(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      case 65 -> tile4x1(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      case 66 -> tile4x2(a, aAt, length, b, bAt, bp, d, dAt, dp, dv, c, cAt, cp, cv);
      default -> throw new AssertionError(vectors + " vectors, " + panels + " panels");
    }
    if (length % 2 == 1) last(vectors, panels, a[aAt + length - 1], b, bAt + length / 2 * vectors * L, bp, c, cAt, cp, cv);
  }

  /** The last row where their number is odd: it is alone in its lanes. */
  private static void last(int vectors, int panels, float a, MemorySegment b, int bAt, int bp, float[] c, int cAt, int cp, int cv) {
    FloatVector x = FloatVector.broadcast(S, a);
    for (int p = 0; p < panels; p++) {
      for (int v = 0; v < vectors; v++) {
        IntVector w = IntVector.fromMemorySegment(I, b, (long) (bAt + p * bp + v * L) << 2, Lanes.ORDER);
        int at = cAt + p * cp + v * cv;
        x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), load(c, at)).intoArray(c, at);
      }
    }
  }

  private static void tile1x1(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i);
    for (int k = 0, o = 0; k < length - 1; k += 2, o += L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
    }
    c00.intoArray(c, j);
  }

  private static void tile1x8(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i);
    FloatVector c10 = load(d, i += dp);
    FloatVector c20 = load(d, i += dp);
    FloatVector c30 = load(d, i += dp);
    FloatVector c40 = load(d, i += dp);
    FloatVector c50 = load(d, i += dp);
    FloatVector c60 = load(d, i += dp);
    FloatVector c70 = load(d, i += dp);
    int b1 = b0 + bp, b2 = b1 + bp, b3 = b2 + bp, b4 = b3 + bp, b5 = b4 + bp, b6 = b5 + bp, b7 = b6 + bp;
    for (int k = 0, o = 0; k < length - 1; k += 2, o += L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o) << 2, Lanes.ORDER);
      c10 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c10);
      c10 = y.fma(w.and(HIGH).reinterpretAsFloats(), c10);
      w = IntVector.fromMemorySegment(I, b, (long) (b2 + o) << 2, Lanes.ORDER);
      c20 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c20);
      c20 = y.fma(w.and(HIGH).reinterpretAsFloats(), c20);
      w = IntVector.fromMemorySegment(I, b, (long) (b3 + o) << 2, Lanes.ORDER);
      c30 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c30);
      c30 = y.fma(w.and(HIGH).reinterpretAsFloats(), c30);
      w = IntVector.fromMemorySegment(I, b, (long) (b4 + o) << 2, Lanes.ORDER);
      c40 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c40);
      c40 = y.fma(w.and(HIGH).reinterpretAsFloats(), c40);
      w = IntVector.fromMemorySegment(I, b, (long) (b5 + o) << 2, Lanes.ORDER);
      c50 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c50);
      c50 = y.fma(w.and(HIGH).reinterpretAsFloats(), c50);
      w = IntVector.fromMemorySegment(I, b, (long) (b6 + o) << 2, Lanes.ORDER);
      c60 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c60);
      c60 = y.fma(w.and(HIGH).reinterpretAsFloats(), c60);
      w = IntVector.fromMemorySegment(I, b, (long) (b7 + o) << 2, Lanes.ORDER);
      c70 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c70);
      c70 = y.fma(w.and(HIGH).reinterpretAsFloats(), c70);
    }
    c00.intoArray(c, j);
    c10.intoArray(c, j += cp);
    c20.intoArray(c, j += cp);
    c30.intoArray(c, j += cp);
    c40.intoArray(c, j += cp);
    c50.intoArray(c, j += cp);
    c60.intoArray(c, j += cp);
    c70.intoArray(c, j += cp);
  }

  private static void tile2x1(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv);
    for (int k = 0, o = 0; k < length - 1; k += 2, o += 2 * L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + L) << 2, Lanes.ORDER);
      c01 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c01);
      c01 = y.fma(w.and(HIGH).reinterpretAsFloats(), c01);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
  }

  private static void tile2x4(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv);
    FloatVector c10 = load(d, i += dp), c11 = load(d, i + dv);
    FloatVector c20 = load(d, i += dp), c21 = load(d, i + dv);
    FloatVector c30 = load(d, i += dp), c31 = load(d, i + dv);
    int b1 = b0 + bp, b2 = b1 + bp, b3 = b2 + bp;
    for (int k = 0, o = 0; k < length - 1; k += 2, o += 2 * L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + L) << 2, Lanes.ORDER);
      c01 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c01);
      c01 = y.fma(w.and(HIGH).reinterpretAsFloats(), c01);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o) << 2, Lanes.ORDER);
      c10 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c10);
      c10 = y.fma(w.and(HIGH).reinterpretAsFloats(), c10);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o + L) << 2, Lanes.ORDER);
      c11 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c11);
      c11 = y.fma(w.and(HIGH).reinterpretAsFloats(), c11);
      w = IntVector.fromMemorySegment(I, b, (long) (b2 + o) << 2, Lanes.ORDER);
      c20 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c20);
      c20 = y.fma(w.and(HIGH).reinterpretAsFloats(), c20);
      w = IntVector.fromMemorySegment(I, b, (long) (b2 + o + L) << 2, Lanes.ORDER);
      c21 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c21);
      c21 = y.fma(w.and(HIGH).reinterpretAsFloats(), c21);
      w = IntVector.fromMemorySegment(I, b, (long) (b3 + o) << 2, Lanes.ORDER);
      c30 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c30);
      c30 = y.fma(w.and(HIGH).reinterpretAsFloats(), c30);
      w = IntVector.fromMemorySegment(I, b, (long) (b3 + o + L) << 2, Lanes.ORDER);
      c31 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c31);
      c31 = y.fma(w.and(HIGH).reinterpretAsFloats(), c31);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
    c10.intoArray(c, j += cp); c11.intoArray(c, j + cv);
    c20.intoArray(c, j += cp); c21.intoArray(c, j + cv);
    c30.intoArray(c, j += cp); c31.intoArray(c, j + cv);
  }

  private static void tile3x1(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv);
    for (int k = 0, o = 0; k < length - 1; k += 2, o += 3 * L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + L) << 2, Lanes.ORDER);
      c01 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c01);
      c01 = y.fma(w.and(HIGH).reinterpretAsFloats(), c01);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + 2 * L) << 2, Lanes.ORDER);
      c02 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c02);
      c02 = y.fma(w.and(HIGH).reinterpretAsFloats(), c02);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
  }

  private static void tile3x2(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv);
    FloatVector c10 = load(d, i += dp), c11 = load(d, i + dv), c12 = load(d, i + 2 * dv);
    int b1 = b0 + bp;
    for (int k = 0, o = 0; k < length - 1; k += 2, o += 3 * L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + L) << 2, Lanes.ORDER);
      c01 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c01);
      c01 = y.fma(w.and(HIGH).reinterpretAsFloats(), c01);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + 2 * L) << 2, Lanes.ORDER);
      c02 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c02);
      c02 = y.fma(w.and(HIGH).reinterpretAsFloats(), c02);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o) << 2, Lanes.ORDER);
      c10 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c10);
      c10 = y.fma(w.and(HIGH).reinterpretAsFloats(), c10);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o + L) << 2, Lanes.ORDER);
      c11 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c11);
      c11 = y.fma(w.and(HIGH).reinterpretAsFloats(), c11);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o + 2 * L) << 2, Lanes.ORDER);
      c12 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c12);
      c12 = y.fma(w.and(HIGH).reinterpretAsFloats(), c12);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
    c10.intoArray(c, j += cp); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv);
  }

  private static void tile4x1(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv), c03 = load(d, i + 3 * dv);
    for (int k = 0, o = 0; k < length - 1; k += 2, o += 4 * L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + L) << 2, Lanes.ORDER);
      c01 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c01);
      c01 = y.fma(w.and(HIGH).reinterpretAsFloats(), c01);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + 2 * L) << 2, Lanes.ORDER);
      c02 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c02);
      c02 = y.fma(w.and(HIGH).reinterpretAsFloats(), c02);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + 3 * L) << 2, Lanes.ORDER);
      c03 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c03);
      c03 = y.fma(w.and(HIGH).reinterpretAsFloats(), c03);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv); c03.intoArray(c, j + 3 * cv);
  }

  private static void tile4x2(float[] a, int aAt, int length, MemorySegment b, int b0, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv), c03 = load(d, i + 3 * dv);
    FloatVector c10 = load(d, i += dp), c11 = load(d, i + dv), c12 = load(d, i + 2 * dv), c13 = load(d, i + 3 * dv);
    int b1 = b0 + bp;
    for (int k = 0, o = 0; k < length - 1; k += 2, o += 4 * L) {
      FloatVector x = FloatVector.broadcast(S, a[aAt + k]), y = FloatVector.broadcast(S, a[aAt + k + 1]);
      IntVector w;
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o) << 2, Lanes.ORDER);
      c00 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c00);
      c00 = y.fma(w.and(HIGH).reinterpretAsFloats(), c00);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + L) << 2, Lanes.ORDER);
      c01 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c01);
      c01 = y.fma(w.and(HIGH).reinterpretAsFloats(), c01);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + 2 * L) << 2, Lanes.ORDER);
      c02 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c02);
      c02 = y.fma(w.and(HIGH).reinterpretAsFloats(), c02);
      w = IntVector.fromMemorySegment(I, b, (long) (b0 + o + 3 * L) << 2, Lanes.ORDER);
      c03 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c03);
      c03 = y.fma(w.and(HIGH).reinterpretAsFloats(), c03);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o) << 2, Lanes.ORDER);
      c10 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c10);
      c10 = y.fma(w.and(HIGH).reinterpretAsFloats(), c10);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o + L) << 2, Lanes.ORDER);
      c11 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c11);
      c11 = y.fma(w.and(HIGH).reinterpretAsFloats(), c11);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o + 2 * L) << 2, Lanes.ORDER);
      c12 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c12);
      c12 = y.fma(w.and(HIGH).reinterpretAsFloats(), c12);
      w = IntVector.fromMemorySegment(I, b, (long) (b1 + o + 3 * L) << 2, Lanes.ORDER);
      c13 = x.fma(w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(), c13);
      c13 = y.fma(w.and(HIGH).reinterpretAsFloats(), c13);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv); c03.intoArray(c, j + 3 * cv);
    c10.intoArray(c, j += cp); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv); c13.intoArray(c, j + 3 * cv);
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
