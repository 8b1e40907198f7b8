package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Fault;

/** Random damage to good files: the reader throws a Fault of exit 3 or reads a file; nothing else. */
class SafeTensorsFuzzTest {
  private static final Path FILE = Path.of("m.safetensors");
  private static final List<String> PIECES = List.of("{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-1", "1e9",
      "9223372036854775807", "18446744073709551616", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"F32\"", "\"F64\"", "\"U8\"",
      "null", "\"__metadata__\"", "\"unroll.version\"", "[[[[[[", "\\ud800", "\u0000", "月");

  @Test void someDamagedFiles_giveFaultsOnly() { campaign(3_000, 3); }

  /** {@code mvn -Pslow test -Dtest=SafeTensorsFuzzTest -Dunroll.seed=…}. */
  @Tag("slow")
  @Test void manyDamagedFiles_giveFaultsOnly() {
    campaign(Integer.getInteger("unroll.fuzz", 1_000_000), Long.getLong("unroll.seed", 7));
  }

  private static void campaign(int count, long seed) {
    var random = new Random(seed);
    var seeds = List.of(SafeTensorsTest.saved(), foreign(), BadFiles.file("{}"),
        BadFiles.file("{\"__metadata__\":{\"a\":\"b\"}}"));
    int read = 0;
    for (int i = 0; i < count; i++) {
      var bytes = seeds.get(random.nextInt(seeds.size()));
      for (int n = 1 + random.nextInt(4); n > 0; n--) bytes = damaged(bytes, random);
      try {
        SafeTensorsReader.of(MemoryDisk.holding("m.safetensors", bytes), FILE).atMost(1 << 20).read();
        read++;
      } catch (Fault f) {
        assertEquals(3, f.code().exit(), f.getMessage());
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", input " + i + ": " + Arrays.toString(bytes), e);
      }
    }
    System.out.printf("%d damaged files, %d of them still whole, faults only%n", count, read);
  }

  private static byte[] foreign() {
    var header = "{" + BadFiles.entry("w", "F32", "[1,2]", "[0,8]") + "," + BadFiles.entry("v", "U8", "[3]", "[8,11]") + "}";
    return BadFiles.file(header, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  private static byte[] damaged(byte[] old, Random random) {
    if (old.length == 0) return new byte[] {(byte) random.nextInt()};
    int at = random.nextInt(old.length);
    var bytes = old.clone();
    switch (random.nextInt(7)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> bytes[random.nextInt(Math.min(8, old.length))] = (byte) random.nextInt();
      case 3 -> bytes = Arrays.copyOf(bytes, at);
      case 4 -> bytes = Arrays.copyOf(bytes, old.length + random.nextInt(20));
      case 5 -> {
        int n = random.nextInt(old.length - at);
        System.arraycopy(old, random.nextInt(old.length - n), bytes, at, n);
      }
      default -> bytes = withPiece(old, 8 + random.nextInt(old.length), random);
    }
    return bytes;
  }

  /** Puts a piece of JSON into the header and mends the header's length, so that the parser is reached. */
  private static byte[] withPiece(byte[] old, int wanted, Random random) {
    int at = Math.min(wanted, old.length);
    int over = Math.min(random.nextInt(6), old.length - at);
    var piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
    var bytes = new byte[old.length - over + piece.length];
    System.arraycopy(old, 0, bytes, 0, at);
    System.arraycopy(piece, 0, bytes, at, piece.length);
    System.arraycopy(old, at + over, bytes, at + piece.length, old.length - at - over);
    int length = (bytes[0] & 255) + 256 * (bytes[1 % bytes.length] & 255) + piece.length - over;
    bytes[0] = (byte) length;
    bytes[1 % bytes.length] = (byte) (length >> 8);
    return bytes;
  }
}
