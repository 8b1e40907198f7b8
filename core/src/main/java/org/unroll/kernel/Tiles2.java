package org.unroll.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Product tiles of width 2; {@link Product} says what the operands are. Printed by TileSources: change that. */
final class Tiles2 {
  /** How many panels {@link #abreast} covers. */
  static final int ABREAST = 4;

  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, WIDTH = 2 * L;

  private Tiles2() {}

  static void rows6(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv);
    FloatVector c10 = load(d, i += dr), c11 = load(d, i + dv);
    FloatVector c20 = load(d, i += dr), c21 = load(d, i + dv);
    FloatVector c30 = load(d, i += dr), c31 = load(d, i + dv);
    FloatVector c40 = load(d, i += dr), c41 = load(d, i + dv);
    FloatVector c50 = load(d, i += dr), c51 = load(d, i + dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31);
        x = FloatVector.broadcast(S, a[a4 + k]);
        c40 = x.fma(b0v, c40); c41 = x.fma(b1v, c41);
        x = FloatVector.broadcast(S, a[a5 + k]);
        c50 = x.fma(b0v, c50); c51 = x.fma(b1v, c51);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv);
    c40.intoArray(c, j += cr); c41.intoArray(c, j + cv);
    c50.intoArray(c, j += cr); c51.intoArray(c, j + cv);
  }

  static void rows4(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv);
    FloatVector c10 = load(d, i += dr), c11 = load(d, i + dv);
    FloatVector c20 = load(d, i += dr), c21 = load(d, i + dv);
    FloatVector c30 = load(d, i += dr), c31 = load(d, i + dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv);
  }

  static void rows2(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv);
    FloatVector c10 = load(d, i += dr), c11 = load(d, i + dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv);
  }

  static void rows1(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
  }

  /** One row, 4 panels. */
  static void abreast(float[] a, int aAt, int parts, int partStep, int length, MemorySegment b, int bAt, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv);
    FloatVector c10 = load(d, i += dp), c11 = load(d, i + dv);
    FloatVector c20 = load(d, i += dp), c21 = load(d, i + dv);
    FloatVector c30 = load(d, i += dp), c31 = load(d, i + dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int b1 = b0 + bp, b2 = b1 + bp, b3 = b2 + bp;
      for (int k = 0, o = 0; k < length; k++, o += WIDTH) {
        FloatVector x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b0 + o) << 2, Lanes.ORDER), c00);
        c01 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b0 + o + L) << 2, Lanes.ORDER), c01);
        c10 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b1 + o) << 2, Lanes.ORDER), c10);
        c11 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b1 + o + L) << 2, Lanes.ORDER), c11);
        c20 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b2 + o) << 2, Lanes.ORDER), c20);
        c21 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b2 + o + L) << 2, Lanes.ORDER), c21);
        c30 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b3 + o) << 2, Lanes.ORDER), c30);
        c31 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b3 + o + L) << 2, Lanes.ORDER), c31);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
    c10.intoArray(c, j += cp); c11.intoArray(c, j + cv);
    c20.intoArray(c, j += cp); c21.intoArray(c, j + cv);
    c30.intoArray(c, j += cp); c31.intoArray(c, j + cv);
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
