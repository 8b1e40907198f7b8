package org.unroll.file;

import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.ByteOrder;

/** Element types of tensors in files, little-endian, by the names that safetensors gives them. */
public enum Dtype {
  F64(ValueLayout.JAVA_DOUBLE_UNALIGNED, double[].class),
  I64(ValueLayout.JAVA_LONG_UNALIGNED, long[].class),
  F32(ValueLayout.JAVA_FLOAT_UNALIGNED, float[].class),
  I32(ValueLayout.JAVA_INT_UNALIGNED, int[].class),
  U8(ValueLayout.JAVA_BYTE, byte[].class);

  private final ValueLayout layout;
  private final Class<?> array;

  Dtype(ValueLayout layout, Class<?> array) {
    this.layout = layout.withOrder(ByteOrder.LITTLE_ENDIAN);
    this.array = array;
  }

  /** Bytes of one element. */
  public int bytes() { return (int) layout.byteSize(); }

  ValueLayout layout() { return layout; }

  Object newArray(int length) { return Array.newInstance(array.getComponentType(), length); }

  /** The type whose elements a Java array of this class holds. */
  static Dtype of(Object array) {
    for (var d : values()) if (d.array.isInstance(array)) return d;
    throw new IllegalArgumentException("no tensor can be made of " + array.getClass());
  }

  /** The type called {@code name}; null if this library has none. */
  static Dtype named(String name) {
    for (var d : values()) if (d.name().equals(name)) return d;
    return null;
  }
}
