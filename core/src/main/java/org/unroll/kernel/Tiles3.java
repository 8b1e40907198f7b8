package org.unroll.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Product tiles of width 3; {@link Product} says what the operands are. Printed by TileSources: change that. */
final class Tiles3 {
  /** How many panels {@link #abreast} covers. */
  static final int ABREAST = 2;

  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, WIDTH = 3 * L;

  private Tiles3() {}

  static void rows8(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv);
    FloatVector c10 = load(d, i += dr), c11 = load(d, i + dv), c12 = load(d, i + 2 * dv);
    FloatVector c20 = load(d, i += dr), c21 = load(d, i + dv), c22 = load(d, i + 2 * dv);
    FloatVector c30 = load(d, i += dr), c31 = load(d, i + dv), c32 = load(d, i + 2 * dv);
    FloatVector c40 = load(d, i += dr), c41 = load(d, i + dv), c42 = load(d, i + 2 * dv);
    FloatVector c50 = load(d, i += dr), c51 = load(d, i + dv), c52 = load(d, i + 2 * dv);
    FloatVector c60 = load(d, i += dr), c61 = load(d, i + dv), c62 = load(d, i + 2 * dv);
    FloatVector c70 = load(d, i += dr), c71 = load(d, i + dv), c72 = load(d, i + 2 * dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector b2v = FloatVector.fromMemorySegment(S, b, (long) (o + 2 * L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21); c22 = x.fma(b2v, c22);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31); c32 = x.fma(b2v, c32);
        x = FloatVector.broadcast(S, a[a4 + k]);
        c40 = x.fma(b0v, c40); c41 = x.fma(b1v, c41); c42 = x.fma(b2v, c42);
        x = FloatVector.broadcast(S, a[a5 + k]);
        c50 = x.fma(b0v, c50); c51 = x.fma(b1v, c51); c52 = x.fma(b2v, c52);
        x = FloatVector.broadcast(S, a[a6 + k]);
        c60 = x.fma(b0v, c60); c61 = x.fma(b1v, c61); c62 = x.fma(b2v, c62);
        x = FloatVector.broadcast(S, a[a7 + k]);
        c70 = x.fma(b0v, c70); c71 = x.fma(b1v, c71); c72 = x.fma(b2v, c72);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv); c22.intoArray(c, j + 2 * cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv); c32.intoArray(c, j + 2 * cv);
    c40.intoArray(c, j += cr); c41.intoArray(c, j + cv); c42.intoArray(c, j + 2 * cv);
    c50.intoArray(c, j += cr); c51.intoArray(c, j + cv); c52.intoArray(c, j + 2 * cv);
    c60.intoArray(c, j += cr); c61.intoArray(c, j + cv); c62.intoArray(c, j + 2 * cv);
    c70.intoArray(c, j += cr); c71.intoArray(c, j + cv); c72.intoArray(c, j + 2 * cv);
  }

  static void rows4(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv);
    FloatVector c10 = load(d, i += dr), c11 = load(d, i + dv), c12 = load(d, i + 2 * dv);
    FloatVector c20 = load(d, i += dr), c21 = load(d, i + dv), c22 = load(d, i + 2 * dv);
    FloatVector c30 = load(d, i += dr), c31 = load(d, i + dv), c32 = load(d, i + 2 * dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector b2v = FloatVector.fromMemorySegment(S, b, (long) (o + 2 * L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21); c22 = x.fma(b2v, c22);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31); c32 = x.fma(b2v, c32);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv); c22.intoArray(c, j + 2 * cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv); c32.intoArray(c, j + 2 * cv);
  }

  static void rows2(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv);
    FloatVector c10 = load(d, i += dr), c11 = load(d, i + dv), c12 = load(d, i + 2 * dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector b2v = FloatVector.fromMemorySegment(S, b, (long) (o + 2 * L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv);
  }

  static void rows1(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector b1v = FloatVector.fromMemorySegment(S, b, (long) (o + L) << 2, Lanes.ORDER);
        FloatVector b2v = FloatVector.fromMemorySegment(S, b, (long) (o + 2 * L) << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
  }

  /** One row, 2 panels. */
  static void abreast(float[] a, int aAt, int parts, int partStep, int length, MemorySegment b, int bAt, int bp,
      float[] d, int dAt, int dp, int dv, float[] c, int cAt, int cp, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i), c01 = load(d, i + dv), c02 = load(d, i + 2 * dv);
    FloatVector c10 = load(d, i += dp), c11 = load(d, i + dv), c12 = load(d, i + 2 * dv);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int b1 = b0 + bp;
      for (int k = 0, o = 0; k < length; k++, o += WIDTH) {
        FloatVector x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b0 + o) << 2, Lanes.ORDER), c00);
        c01 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b0 + o + L) << 2, Lanes.ORDER), c01);
        c02 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b0 + o + 2 * L) << 2, Lanes.ORDER), c02);
        c10 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b1 + o) << 2, Lanes.ORDER), c10);
        c11 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b1 + o + L) << 2, Lanes.ORDER), c11);
        c12 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b1 + o + 2 * L) << 2, Lanes.ORDER), c12);
      }
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
    c10.intoArray(c, j += cp); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv);
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
