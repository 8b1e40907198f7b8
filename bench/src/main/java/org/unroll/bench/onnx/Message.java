package org.unroll.bench.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One message in the wire format of protocol buffers, written field by field: a key of the field's number and the kind of its
 * value, then a varint, or a length and that many bytes. A field written twice is repeated.
 */
final class Message {
  private static final int VARINT = 0, BYTES = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An integer, a bool or a value of an enum; not negative. */
  Message integer(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  Message text(int field, String value) { return bytes(field, value.getBytes(StandardCharsets.UTF_8)); }

  Message message(int field, Message value) { return bytes(field, value.toBytes()); }

  /** The floats, little-endian and dense. */
  Message floats(int field, float[] values) {
    var b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    b.asFloatBuffer().put(values);
    return bytes(field, b.array());
  }

  byte[] toBytes() { return out.toByteArray(); }

  private Message bytes(int field, byte[] value) {
    varint((long) field << 3 | BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  /** Seven bits a byte, the lowest first; the high bit says that more follow. */
  private void varint(long value) {
    for (long v = value; ; v >>>= 7) {
      if (v < 0x80) {
        out.write((int) v);
        return;
      }
      out.write((int) (v & 0x7F | 0x80));
    }
  }
}
