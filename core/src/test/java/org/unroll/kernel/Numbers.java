package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/**
 * Awkward numbers for kernel tests: mostly normal, some zeros of both signs, some denormal; and a fence around every matrix. The
 * array ends where the matrix does: who reads on beyond it, though the numbers be none of the result, is stopped. And how kernels are
 * compared on them.
 */
final class Numbers {
  /** What all others are compared with. */
  static final Kernels SCALAR = new ScalarKernels();

  /** Stands wherever a kernel must not write. */
  static final float FENCE = 12345.678f;

  private final SplittableRandom random;

  Numbers(long seed) { random = new SplittableRandom(seed); }

  float next() {
    return switch (random.nextInt(40)) {
      case 0 -> -0f;
      case 1 -> 0f;
      case 2 -> Float.MIN_VALUE * random.nextInt(-1000, 1000);
      default -> (float) random.nextDouble(-1, 1);
    };
  }

  int below(int bound) { return random.nextInt(bound); }

  /** A matrix at the end of a larger array: an odd offset, a gap between rows, fences there. */
  Slab matrix(int rows, int cols) { return matrix(0, rows, cols, FENCE); }

  private Slab matrix(int from, int rows, int cols, float around) {
    int offset = 3, stride = cols + 5;
    float[] data = new float[offset + (from + rows - 1) * stride + cols];
    Arrays.fill(data, around);
    var s = new Slab(data, offset, 1, from + rows, cols, stride);
    for (int r = from; r < from + rows; r++) for (int k = 0; k < cols; k++) data[s.row(r) + k] = next();
    return s;
  }

  /** Rows to be read from {@code from} on: all else is NaN, which no product with a zero of the padding hides. */
  Slab source(int from, int rows, int cols) { return matrix(from, rows, cols, Float.NaN); }

  Slab vector(int n) { return matrix(1, n); }

  /** Row numbers below {@code bound}, one a row. */
  Slab ids(int rows, int bound) {
    var s = matrix(rows, 1);
    for (int r = 0; r < rows; r++) s.data()[s.row(r)] = below(bound);
    return s;
  }

  /** Gates with zeros in the padding lanes. */
  Panels panels(int rows, int units, int blocks, boolean panelMajor) {
    var p = stale(rows, units, blocks, panelMajor);
    p.clearPadding();
    return p;
  }

  /** Gates with whatever stood in their array before, padding lanes too. */
  Panels stale(int rows, int units, int blocks, boolean panelMajor) {
    var ws = new Workspace();
    var p = panelMajor ? Panels.panelMajor(ws, rows, units, blocks) : Panels.rowMajor(ws, rows, units, blocks);
    for (int i = 0; i < p.data().length; i++) p.data()[i] = next();
    return p;
  }

  /** Rows to be read from {@code from} on, {@code n} blocks from {@code block} on: all else is NaN. */
  Panels source(int from, int rows, int units, int blocks, boolean panelMajor, int block, int n) {
    var p = panels(from + rows, units, blocks, panelMajor);
    for (int r = 0; r < p.rows(); r++) for (int g = 0; g < blocks; g++) for (int i = 0; i < p.panels(); i++) {
      int at = p.panelAt(r, g, i);
      if (r < from || g < block || g >= block + n) Arrays.fill(p.data(), at, at + Tiling.LANES, Float.NaN);
    }
    return p;
  }

  static Slab copy(Slab s) { return new Slab(s.data().clone(), s.offset(), s.steps(), s.rows(), s.cols(), s.stride()); }

  static Panels copy(Panels p) {
    return new Panels(p.data().clone(), p.rows(), p.units(), p.blocks(), p.panelStride(), p.rowStride(), p.blockStride());
  }

  static int[] bits(float[] x) {
    int[] bits = new int[x.length];
    for (int i = 0; i < x.length; i++) bits[i] = Float.floatToRawIntBits(x[i]);
    return bits;
  }

  private static void assertSame(Slab expected, Slab actual, String at) {
    assertArrayEquals(bits(expected.data()), bits(actual.data()), at);
  }

  private static void assertSame(Panels expected, Panels actual, String at) {
    assertArrayEquals(bits(expected.data()), bits(actual.data()), at);
  }

  /** Runs {@code work} with both kernels on copies of {@code c} and compares the whole arrays. */
  static void twins(Kernels vector, Slab c, String at, BiConsumer<Kernels, Slab> work) {
    Slab expected = copy(c), actual = copy(c);
    work.accept(SCALAR, expected);
    work.accept(vector, actual);
    assertSame(expected, actual, at);
  }

  static void twins(Kernels vector, Panels c, String at, BiConsumer<Kernels, Panels> work) {
    Panels expected = copy(c), actual = copy(c);
    work.accept(SCALAR, expected);
    work.accept(vector, actual);
    assertSame(expected, actual, at);
  }

  /** Runs {@code work} with each of the kernels on a copy of {@code c}: the whole array is as before. */
  static void unchanged(Kernels vector, Slab c, String at, BiConsumer<Kernels, Slab> work) {
    for (var k : List.of(SCALAR, vector)) {
      var after = copy(c);
      work.accept(k, after);
      assertSame(c, after, at);
    }
  }

  static void unchanged(Kernels vector, Panels c, String at, BiConsumer<Kernels, Panels> work) {
    for (var k : List.of(SCALAR, vector)) {
      var after = copy(c);
      work.accept(k, after);
      assertSame(c, after, at);
    }
  }
}
