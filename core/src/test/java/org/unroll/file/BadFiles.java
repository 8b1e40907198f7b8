package org.unroll.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bytes of safetensors files made by hand. */
final class BadFiles {
  private BadFiles() {}

  static byte[] file(String header, int... data) { return file(header.getBytes(StandardCharsets.UTF_8), data); }

  static byte[] file(byte[] header, int... data) {
    var b = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(header.length).put(header);
    for (int d : data) b.put((byte) d);
    return b.array();
  }

  /** One entry of a header: {@code "name":{"dtype":…}}. */
  static String entry(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(name, dtype, shape, offsets);
  }
}
