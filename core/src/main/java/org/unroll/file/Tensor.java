package org.unroll.file;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.List;
import java.util.stream.LongStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * A named array with a shape, as files hold it: row-major, a window on a Java array.
 *
 * @param name {@code [A-Za-z0-9._/-]}, 1 to 256 characters; never used as a path
 * @param dtype of the elements
 * @param shape empty for a scalar
 * @param array {@code double[] long[] float[] int[]} or {@code byte[]}, by the dtype; not copied
 * @param offset of the first element in {@code array}
 */
public record Tensor(String name, Dtype dtype, List<Long> shape, Object array, int offset) {

  /** All of {@code array} as a tensor; without a shape it is a vector. */
  public static Tensor of(String name, Object array, long... shape) {
    return window(name, array, 0, shape.length > 0 ? shape : new long[] {Array.getLength(array)});
  }

  /** The part of {@code array} that begins at {@code offset}, not copied. */
  public static Tensor window(String name, Object array, int offset, long... shape) {
    var t = new Tensor(name, Dtype.of(array), LongStream.of(shape).boxed().toList(), array, offset);
    int length = Array.getLength(array);
    long size = LongStream.of(shape).reduce(1, Math::multiplyExact);
    if (size < 1 || offset < 0 || offset + size > length) {
      throw Fault.of(Code.C030, "shape %s from element %d does not fit an array of %d", t.shape, offset, length).at(name);
    }
    return t;
  }

  /** Elements. */
  public int size() {
    long size = 1;
    for (long s : shape) size *= s;
    return (int) size;
  }

  /** Bytes in a file. */
  public long bytes() { return (long) size() * dtype.bytes(); }

  /** The array, not copied; elements from {@link #offset}. M007 for another dtype, as for the next four. */
  public float[] floats() { return (float[]) array(Dtype.F32); }

  /** F64, like {@link #floats}. */
  public double[] doubles() { return (double[]) array(Dtype.F64); }

  /** I32, like {@link #floats}. */
  public int[] ints() { return (int[]) array(Dtype.I32); }

  /** I64, like {@link #floats}. */
  public long[] longs() { return (long[]) array(Dtype.I64); }

  /** U8, like {@link #floats}. */
  public byte[] octets() { return (byte[]) array(Dtype.U8); }

  private Object array(Dtype wanted) {
    if (dtype == wanted) return array;
    throw Fault.of(Code.M007, "the tensor has elements %s, must be %s", dtype, wanted).at(name);
  }

  /** Writes elements {@code from} to {@code from + count} into the start of {@code into}, little-endian. */
  void encode(int from, int count, byte[] into) {
    MemorySegment.copy(array, offset + from, MemorySegment.ofArray(into), dtype.layout(), 0, count);
  }

  /** Reads elements {@code from} to {@code from + count} from the start of {@code bytes}, little-endian. */
  void decode(byte[] bytes, int from, int count) {
    MemorySegment.copy(MemorySegment.ofArray(bytes), dtype.layout(), 0, array, offset + from, count);
  }

  /** Refuses NaN and infinite elements: how many, and where the first lies. */
  void checkFinite(String where) {
    int bad = 0;
    int first = 0;
    for (int i = size() - 1; i >= 0; i--) {
      if (isFinite(offset + i)) continue;
      bad++;
      first = i;
    }
    if (bad == 0) return;
    throw Fault.of(Code.M008, "%d of %d elements are NaN or infinite, the first is element %d", bad, size(), first).at(where);
  }

  private boolean isFinite(int i) {
    return switch (array) {
      case float[] f -> Float.isFinite(f[i]);
      case double[] d -> Double.isFinite(d[i]);
      default -> true;
    };
  }
}
