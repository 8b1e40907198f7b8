package org.unroll.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of {@link Outer}, 1 to 4 vectors wide. Printed by TileSources: change that. Row k of a is {@code ar} after the one
 * before, which is a number of its own so that no compiler knows it: where C2 does, and the sums that it has seen are of few rows,
 * the tile of six rows and four vectors takes 1.7 times as long. Most likely all loads of a row go to the front then, and are with
 * the sums more than the registers hold; nobody has read the machine code.
 */
final class OuterTiles {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  private OuterTiles() {}

  /** How many rows of c the next tile takes, which may be more than are left. */
  static int rows(int vectors, int left) {
    if (vectors == 3) return left > 4 ? 8 : 4;
    return left >= 6 && left != 8 ? 6 : 4;
  }

  /** So many rows and machine vectors; row k of b is {@code br} after the one before, and so many rows of a stand side by side. */
  static void tile(int rows, int vectors, float[] a, int aAt, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    switch (rows * 16 + vectors) {
      case 97 -> tile6x1(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 65 -> tile4x1(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 98 -> tile6x2(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 66 -> tile4x2(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 131 -> tile8x3(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 99 -> tile6x3(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 67 -> tile4x3(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 100 -> tile6x4(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      case 68 -> tile4x4(a, aAt, rows, b, bAt, br, bv, length, c, cAt, cr, cv);
      default -> throw new AssertionError(rows + " rows, " + vectors + " vectors");
    }
  }

  private static void tile6x1(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i);
    FloatVector c10 = load(c, i += cr);
    FloatVector c20 = load(c, i += cr);
    FloatVector c30 = load(c, i += cr);
    FloatVector c40 = load(c, i += cr);
    FloatVector c50 = load(c, i += cr);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30);
      x = FloatVector.broadcast(S, a[q + 4]);
      c40 = x.fma(b0v, c40);
      x = FloatVector.broadcast(S, a[q + 5]);
      c50 = x.fma(b0v, c50);
    }
    c00.intoArray(c, j);
    c10.intoArray(c, j += cr);
    c20.intoArray(c, j += cr);
    c30.intoArray(c, j += cr);
    c40.intoArray(c, j += cr);
    c50.intoArray(c, j += cr);
  }

  private static void tile4x1(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i);
    FloatVector c10 = load(c, i += cr);
    FloatVector c20 = load(c, i += cr);
    FloatVector c30 = load(c, i += cr);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30);
    }
    c00.intoArray(c, j);
    c10.intoArray(c, j += cr);
    c20.intoArray(c, j += cr);
    c30.intoArray(c, j += cr);
  }

  private static void tile6x2(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i), c01 = load(c, i + cv);
    FloatVector c10 = load(c, i += cr), c11 = load(c, i + cv);
    FloatVector c20 = load(c, i += cr), c21 = load(c, i + cv);
    FloatVector c30 = load(c, i += cr), c31 = load(c, i + cv);
    FloatVector c40 = load(c, i += cr), c41 = load(c, i + cv);
    FloatVector c50 = load(c, i += cr), c51 = load(c, i + cv);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector b1v = FloatVector.fromArray(S, b, o + bv);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31);
      x = FloatVector.broadcast(S, a[q + 4]);
      c40 = x.fma(b0v, c40); c41 = x.fma(b1v, c41);
      x = FloatVector.broadcast(S, a[q + 5]);
      c50 = x.fma(b0v, c50); c51 = x.fma(b1v, c51);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv);
    c40.intoArray(c, j += cr); c41.intoArray(c, j + cv);
    c50.intoArray(c, j += cr); c51.intoArray(c, j + cv);
  }

  private static void tile4x2(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i), c01 = load(c, i + cv);
    FloatVector c10 = load(c, i += cr), c11 = load(c, i + cv);
    FloatVector c20 = load(c, i += cr), c21 = load(c, i + cv);
    FloatVector c30 = load(c, i += cr), c31 = load(c, i + cv);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector b1v = FloatVector.fromArray(S, b, o + bv);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv);
  }

  private static void tile8x3(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i), c01 = load(c, i + cv), c02 = load(c, i + 2 * cv);
    FloatVector c10 = load(c, i += cr), c11 = load(c, i + cv), c12 = load(c, i + 2 * cv);
    FloatVector c20 = load(c, i += cr), c21 = load(c, i + cv), c22 = load(c, i + 2 * cv);
    FloatVector c30 = load(c, i += cr), c31 = load(c, i + cv), c32 = load(c, i + 2 * cv);
    FloatVector c40 = load(c, i += cr), c41 = load(c, i + cv), c42 = load(c, i + 2 * cv);
    FloatVector c50 = load(c, i += cr), c51 = load(c, i + cv), c52 = load(c, i + 2 * cv);
    FloatVector c60 = load(c, i += cr), c61 = load(c, i + cv), c62 = load(c, i + 2 * cv);
    FloatVector c70 = load(c, i += cr), c71 = load(c, i + cv), c72 = load(c, i + 2 * cv);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector b1v = FloatVector.fromArray(S, b, o + bv);
      FloatVector b2v = FloatVector.fromArray(S, b, o + 2 * bv);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21); c22 = x.fma(b2v, c22);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31); c32 = x.fma(b2v, c32);
      x = FloatVector.broadcast(S, a[q + 4]);
      c40 = x.fma(b0v, c40); c41 = x.fma(b1v, c41); c42 = x.fma(b2v, c42);
      x = FloatVector.broadcast(S, a[q + 5]);
      c50 = x.fma(b0v, c50); c51 = x.fma(b1v, c51); c52 = x.fma(b2v, c52);
      x = FloatVector.broadcast(S, a[q + 6]);
      c60 = x.fma(b0v, c60); c61 = x.fma(b1v, c61); c62 = x.fma(b2v, c62);
      x = FloatVector.broadcast(S, a[q + 7]);
      c70 = x.fma(b0v, c70); c71 = x.fma(b1v, c71); c72 = x.fma(b2v, c72);
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

  private static void tile6x3(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i), c01 = load(c, i + cv), c02 = load(c, i + 2 * cv);
    FloatVector c10 = load(c, i += cr), c11 = load(c, i + cv), c12 = load(c, i + 2 * cv);
    FloatVector c20 = load(c, i += cr), c21 = load(c, i + cv), c22 = load(c, i + 2 * cv);
    FloatVector c30 = load(c, i += cr), c31 = load(c, i + cv), c32 = load(c, i + 2 * cv);
    FloatVector c40 = load(c, i += cr), c41 = load(c, i + cv), c42 = load(c, i + 2 * cv);
    FloatVector c50 = load(c, i += cr), c51 = load(c, i + cv), c52 = load(c, i + 2 * cv);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector b1v = FloatVector.fromArray(S, b, o + bv);
      FloatVector b2v = FloatVector.fromArray(S, b, o + 2 * bv);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21); c22 = x.fma(b2v, c22);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31); c32 = x.fma(b2v, c32);
      x = FloatVector.broadcast(S, a[q + 4]);
      c40 = x.fma(b0v, c40); c41 = x.fma(b1v, c41); c42 = x.fma(b2v, c42);
      x = FloatVector.broadcast(S, a[q + 5]);
      c50 = x.fma(b0v, c50); c51 = x.fma(b1v, c51); c52 = x.fma(b2v, c52);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv); c22.intoArray(c, j + 2 * cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv); c32.intoArray(c, j + 2 * cv);
    c40.intoArray(c, j += cr); c41.intoArray(c, j + cv); c42.intoArray(c, j + 2 * cv);
    c50.intoArray(c, j += cr); c51.intoArray(c, j + cv); c52.intoArray(c, j + 2 * cv);
  }

  private static void tile4x3(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i), c01 = load(c, i + cv), c02 = load(c, i + 2 * cv);
    FloatVector c10 = load(c, i += cr), c11 = load(c, i + cv), c12 = load(c, i + 2 * cv);
    FloatVector c20 = load(c, i += cr), c21 = load(c, i + cv), c22 = load(c, i + 2 * cv);
    FloatVector c30 = load(c, i += cr), c31 = load(c, i + cv), c32 = load(c, i + 2 * cv);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector b1v = FloatVector.fromArray(S, b, o + bv);
      FloatVector b2v = FloatVector.fromArray(S, b, o + 2 * bv);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21); c22 = x.fma(b2v, c22);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31); c32 = x.fma(b2v, c32);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv); c22.intoArray(c, j + 2 * cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv); c32.intoArray(c, j + 2 * cv);
  }

  private static void tile6x4(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i), c01 = load(c, i + cv), c02 = load(c, i + 2 * cv), c03 = load(c, i + 3 * cv);
    FloatVector c10 = load(c, i += cr), c11 = load(c, i + cv), c12 = load(c, i + 2 * cv), c13 = load(c, i + 3 * cv);
    FloatVector c20 = load(c, i += cr), c21 = load(c, i + cv), c22 = load(c, i + 2 * cv), c23 = load(c, i + 3 * cv);
    FloatVector c30 = load(c, i += cr), c31 = load(c, i + cv), c32 = load(c, i + 2 * cv), c33 = load(c, i + 3 * cv);
    FloatVector c40 = load(c, i += cr), c41 = load(c, i + cv), c42 = load(c, i + 2 * cv), c43 = load(c, i + 3 * cv);
    FloatVector c50 = load(c, i += cr), c51 = load(c, i + cv), c52 = load(c, i + 2 * cv), c53 = load(c, i + 3 * cv);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector b1v = FloatVector.fromArray(S, b, o + bv);
      FloatVector b2v = FloatVector.fromArray(S, b, o + 2 * bv);
      FloatVector b3v = FloatVector.fromArray(S, b, o + 3 * bv);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02); c03 = x.fma(b3v, c03);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12); c13 = x.fma(b3v, c13);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21); c22 = x.fma(b2v, c22); c23 = x.fma(b3v, c23);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31); c32 = x.fma(b2v, c32); c33 = x.fma(b3v, c33);
      x = FloatVector.broadcast(S, a[q + 4]);
      c40 = x.fma(b0v, c40); c41 = x.fma(b1v, c41); c42 = x.fma(b2v, c42); c43 = x.fma(b3v, c43);
      x = FloatVector.broadcast(S, a[q + 5]);
      c50 = x.fma(b0v, c50); c51 = x.fma(b1v, c51); c52 = x.fma(b2v, c52); c53 = x.fma(b3v, c53);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv); c03.intoArray(c, j + 3 * cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv); c13.intoArray(c, j + 3 * cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv); c22.intoArray(c, j + 2 * cv); c23.intoArray(c, j + 3 * cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv); c32.intoArray(c, j + 2 * cv); c33.intoArray(c, j + 3 * cv);
    c40.intoArray(c, j += cr); c41.intoArray(c, j + cv); c42.intoArray(c, j + 2 * cv); c43.intoArray(c, j + 3 * cv);
    c50.intoArray(c, j += cr); c51.intoArray(c, j + cv); c52.intoArray(c, j + 2 * cv); c53.intoArray(c, j + 3 * cv);
  }

  private static void tile4x4(float[] a, int aAt, int ar, float[] b, int bAt, int br, int bv, int length,
      float[] c, int cAt, int cr, int cv) {
    int i = cAt, j = cAt;
    FloatVector c00 = load(c, i), c01 = load(c, i + cv), c02 = load(c, i + 2 * cv), c03 = load(c, i + 3 * cv);
    FloatVector c10 = load(c, i += cr), c11 = load(c, i + cv), c12 = load(c, i + 2 * cv), c13 = load(c, i + 3 * cv);
    FloatVector c20 = load(c, i += cr), c21 = load(c, i + cv), c22 = load(c, i + 2 * cv), c23 = load(c, i + 3 * cv);
    FloatVector c30 = load(c, i += cr), c31 = load(c, i + cv), c32 = load(c, i + 2 * cv), c33 = load(c, i + 3 * cv);
    for (int k = 0, q = aAt, o = bAt; k < length; k++, q += ar, o += br) {
      FloatVector b0v = FloatVector.fromArray(S, b, o);
      FloatVector b1v = FloatVector.fromArray(S, b, o + bv);
      FloatVector b2v = FloatVector.fromArray(S, b, o + 2 * bv);
      FloatVector b3v = FloatVector.fromArray(S, b, o + 3 * bv);
      FloatVector x;
      x = FloatVector.broadcast(S, a[q]);
      c00 = x.fma(b0v, c00); c01 = x.fma(b1v, c01); c02 = x.fma(b2v, c02); c03 = x.fma(b3v, c03);
      x = FloatVector.broadcast(S, a[q + 1]);
      c10 = x.fma(b0v, c10); c11 = x.fma(b1v, c11); c12 = x.fma(b2v, c12); c13 = x.fma(b3v, c13);
      x = FloatVector.broadcast(S, a[q + 2]);
      c20 = x.fma(b0v, c20); c21 = x.fma(b1v, c21); c22 = x.fma(b2v, c22); c23 = x.fma(b3v, c23);
      x = FloatVector.broadcast(S, a[q + 3]);
      c30 = x.fma(b0v, c30); c31 = x.fma(b1v, c31); c32 = x.fma(b2v, c32); c33 = x.fma(b3v, c33);
    }
    c00.intoArray(c, j); c01.intoArray(c, j + cv); c02.intoArray(c, j + 2 * cv); c03.intoArray(c, j + 3 * cv);
    c10.intoArray(c, j += cr); c11.intoArray(c, j + cv); c12.intoArray(c, j + 2 * cv); c13.intoArray(c, j + 3 * cv);
    c20.intoArray(c, j += cr); c21.intoArray(c, j + cv); c22.intoArray(c, j + 2 * cv); c23.intoArray(c, j + 3 * cv);
    c30.intoArray(c, j += cr); c31.intoArray(c, j + cv); c32.intoArray(c, j + 2 * cv); c33.intoArray(c, j + 3 * cv);
  }

  private static FloatVector load(float[] x, int at) { return FloatVector.fromArray(S, x, at); }
}
