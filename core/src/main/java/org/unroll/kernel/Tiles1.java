package org.unroll.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Product tiles of width 1; {@link Product} says what the operands are. Printed by TileSources: change that. */
final class Tiles1 {
  /** How many panels {@link #abreast} covers. */
  static final int ABREAST = 8;

  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH, WIDTH = 1 * L;

  private Tiles1() {}

  static void rows8(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i);
    FloatVector c10 = load(d, i += dr);
    FloatVector c20 = load(d, i += dr);
    FloatVector c30 = load(d, i += dr);
    FloatVector c40 = load(d, i += dr);
    FloatVector c50 = load(d, i += dr);
    FloatVector c60 = load(d, i += dr);
    FloatVector c70 = load(d, i += dr);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c20 = x.fma(b0v, c20);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c30 = x.fma(b0v, c30);
        x = FloatVector.broadcast(S, a[a4 + k]);
        c40 = x.fma(b0v, c40);
        x = FloatVector.broadcast(S, a[a5 + k]);
        c50 = x.fma(b0v, c50);
        x = FloatVector.broadcast(S, a[a6 + k]);
        c60 = x.fma(b0v, c60);
        x = FloatVector.broadcast(S, a[a7 + k]);
        c70 = x.fma(b0v, c70);
      }
    }
    c00.intoArray(c, j);
    c10.intoArray(c, j += cr);
    c20.intoArray(c, j += cr);
    c30.intoArray(c, j += cr);
    c40.intoArray(c, j += cr);
    c50.intoArray(c, j += cr);
    c60.intoArray(c, j += cr);
    c70.intoArray(c, j += cr);
  }

  static void rows4(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i);
    FloatVector c10 = load(d, i += dr);
    FloatVector c20 = load(d, i += dr);
    FloatVector c30 = load(d, i += dr);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10);
        x = FloatVector.broadcast(S, a[a2 + k]);
        c20 = x.fma(b0v, c20);
        x = FloatVector.broadcast(S, a[a3 + k]);
        c30 = x.fma(b0v, c30);
      }
    }
    c00.intoArray(c, j);
    c10.intoArray(c, j += cr);
    c20.intoArray(c, j += cr);
    c30.intoArray(c, j += cr);
  }

  static void rows2(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i);
    FloatVector c10 = load(d, i += dr);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int a1 = a0 + aRow;
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00);
        x = FloatVector.broadcast(S, a[a1 + k]);
        c10 = x.fma(b0v, c10);
      }
    }
    c00.intoArray(c, j);
    c10.intoArray(c, j += cr);
  }

  static void rows1(float[] a, int aAt, int aRow, int parts, int partStep, int length, MemorySegment b, int bAt,
      float[] d, int dAt, int dr, int dv, float[] c, int cAt, int cr, int cv) {
    int i = dAt, j = cAt;
    FloatVector c00 = load(d, i);
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      for (int k = 0, o = b0; k < length; k++, o += WIDTH) {
        FloatVector b0v = FloatVector.fromMemorySegment(S, b, (long) o << 2, Lanes.ORDER);
        FloatVector x;
        x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(b0v, c00);
      }
    }
    c00.intoArray(c, j);
  }

  /** One row, 8 panels. */
  static void abreast(float[] a, int aAt, int parts, int partStep, int length, MemorySegment b, int bAt, int bp,
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
    for (int p = 0, a0 = aAt, b0 = bAt; p < parts; p++, a0 += partStep, b0 += length * WIDTH) {
      int b1 = b0 + bp, b2 = b1 + bp, b3 = b2 + bp, b4 = b3 + bp, b5 = b4 + bp, b6 = b5 + bp, b7 = b6 + bp;
      for (int k = 0, o = 0; k < length; k++, o += WIDTH) {
        FloatVector x = FloatVector.broadcast(S, a[a0 + k]);
        c00 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b0 + o) << 2, Lanes.ORDER), c00);
        c10 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b1 + o) << 2, Lanes.ORDER), c10);
        c20 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b2 + o) << 2, Lanes.ORDER), c20);
        c30 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b3 + o) << 2, Lanes.ORDER), c30);
        c40 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b4 + o) << 2, Lanes.ORDER), c40);
        c50 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b5 + o) << 2, Lanes.ORDER), c50);
        c60 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b6 + o) << 2, Lanes.ORDER), c60);
        c70 = x.fma(FloatVector.fromMemorySegment(S, b, (long) (b7 + o) << 2, Lanes.ORDER), c70);
      }
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

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
