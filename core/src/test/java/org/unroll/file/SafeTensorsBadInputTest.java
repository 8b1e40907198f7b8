package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.file.BadFiles.entry;
import static org.unroll.file.BadFiles.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** Files that are not what they say: each has its own code and words. */
class SafeTensorsBadInputTest {
  private static final Path FILE = Path.of("m.safetensors");
  private static final String DAMAGED = "; the file is damaged, or was made to mislead";
  private static final String W = entry("w", "F32", "[1]", "[0,4]");

  private static TensorFile read(byte[] bytes) {
    return SafeTensorsReader.of(MemoryDisk.holding("m.safetensors", bytes), FILE).read();
  }

  private static final String NOT_OURS = "m.safetensors: not a safetensors file; byte 8 must be '{'; "
      + "name a file that a training has written";

  private static Fault refused(Code code, String message, byte[] bytes) {
    var f = assertThrows(Fault.class, () -> read(bytes));
    assertEquals(message, f.getMessage());
    assertEquals(code, f.code());
    assertEquals(3, f.code().exit());
    return f;
  }

  private static void damaged(String message, String header, int dataBytes) {
    refused(Code.M003, message + DAMAGED, file(header, new int[dataBytes]));
  }

  private static byte[] length(long length, String rest) {
    var text = rest.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(text).array();
  }

  @Test void fewerThan8Bytes() {
    for (int n : new int[] {0, 3, 7}) {
      refused(Code.M003, "m.safetensors: " + n + " bytes; a safetensors file begins with 8 bytes that give the length of its "
          + "header; copy the file again", new byte[n]);
    }
  }

  @Test void headerLength_beyondTheFile() {
    var end = "; the file is cut short or damaged; copy the file again";
    refused(Code.M003, "m.safetensors (byte 0): claims a header of 100 bytes, the file has 10" + end, length(100, "{}"));
    refused(Code.M003, "m.safetensors (byte 0): claims a header of 18446744073709551615 bytes, the file has 10" + end,
        length(-1, "{}"));
    refused(Code.M003, "m.safetensors (byte 0): claims a header of 9223372036854775808 bytes, the file has 10" + end,
        length(Long.MIN_VALUE, "{}"));
    refused(Code.M003, "m.safetensors (byte 0): claims a header of 1 bytes, the file has 10" + end, length(1, "{}"));
  }

  @Test void headerLength_beyond100Megabytes_isNotAllocated() {
    var disk = new MemoryDisk() {
      @Override public Input open(Path file) throws java.io.IOException {
        var in = super.open(file);
        return new Input() {
          @Override public long size() { return 1L << 40; }

          @Override public int read(ByteBuffer into, long at) throws java.io.IOException { return in.read(into, at); }

          @Override public void close() {}
        };
      }
    };
    disk.put("m.safetensors", length(100_000_001, "{\"abcdef"));
    var f = assertThrows(Fault.class, () -> SafeTensorsReader.of(disk, FILE).read());
    assertEquals("claims a header of 100000001 bytes, the file has 1099511627776", f.what());
  }

  @Test void text_isSaidToBeOne() {
    var said = "m.safetensors: a text, not a model; a model is a .safetensors file;"
        + " name the file of a model; to learn from the text, train on m.safetensors";
    for (var text : List.of("once upon a time", "hi\n", "床前明月光，疑是地上霜。")) {
      refused(Code.M002, said, text.getBytes(StandardCharsets.UTF_8));
    }
    refused(Code.M002, NOT_OURS, new byte[] {'o', 'n', 'c', 'e', 0, 'u', 'p', 'o', 'n', ' ', 'a'});
  }

  @Test void header_thatIsNotJson() {
    refused(Code.M003, "m.safetensors:1:3 (byte 10): not valid UTF-8", file(new byte[] {'{', '"', (byte) 0xFF, '"', '}'}));
    refused(Code.M003, "m.safetensors:1:7 (byte 14): expected ',' or '}', got the end of the text", file("{\"a\":1"));
    refused(Code.M003, "m.safetensors:1:4 (byte 11): expected the end of the text, got 'x'", file("{} x"));
    refused(Code.M002, NOT_OURS, file(" {}"));
    refused(Code.M003, "m.safetensors:1:19 (byte 26): nested deeper than 4", file("{\"w\":{\"shape\":[[1,[[2]]]]}}"));
    refused(Code.M003, "m.safetensors:1:4 (byte 11): expected the end of the text, got U+0000", file("{} \0"));
  }

  @Test void header_withWrongParts() {
    damaged("m.safetensors: tensor w is not a JSON object", "{\"w\":[]}", 0);
    damaged("m.safetensors: __metadata__ is not a JSON object", "{\"__metadata__\":1}", 0);
    damaged("m.safetensors: __metadata__ \"a\" is not a string", "{\"__metadata__\":{\"a\":1}}", 0);
    damaged("m.safetensors: w: has [dtype, shape], must have dtype, shape and data_offsets",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[]}}", 0);
    for (var shape : List.of("[-1]", "[1.0]", "4")) {
      damaged("m.safetensors: w: shape is not a list of whole numbers of 0 or more",
          "{" + entry("w", "F32", shape, "[0,4]") + "}", 4);
    }
    damaged("m.safetensors: w: data_offsets is not a list of whole numbers of 0 or more",
        "{" + entry("w", "F32", "[1]", "[-4,0]") + "}", 4);
    damaged("m.safetensors: w: data_offsets [0, 4, 8], must be two", "{" + entry("w", "F32", "[1]", "[0,4,8]") + "}", 4);
  }

  @Test void name_thatIsNone() {
    for (var name : List.of("", "a b", "月", "..\\\\w")) {
      var f = assertThrows(Fault.class, () -> read(file("{" + entry(name, "F32", "[1]", "[0,4]") + "}", 0, 0, 0, 0)));
      assertEquals("m.safetensors: a tensor is called \"" + name.replace("\\\\", "\\") + "\"; names are [A-Za-z0-9._/-]{1,256}",
          f.getMessage());
    }
  }

  @Test void nameGivenTwice() {
    refused(Code.M003, "m.safetensors:1:56 (byte 63): the key \"w\" is given twice; first given at 1:2 (byte 9)",
        file("{" + W + ", " + entry("w", "F32", "[1]", "[4,8]") + "}", 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test void dtype_unknown_andRank9() {
    refused(Code.M003, "m.safetensors: w: elements of type F128; the types that are read are [F64, I64, F32, I32, U8]; "
        + "convert it to F32 and save it again", file("{" + entry("w", "F128", "[1]", "[0,16]") + "}", new int[16]));
    damaged("m.safetensors: w: rank 9, at most 8", "{" + entry("w", "U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]") + "}", 1);
  }

  @Test void shape_thatOverflows64Bits() {
    damaged("m.safetensors: w: shape [4194305, 4194305, 211106198978564] has more bytes than 64 bits can count",
        "{" + entry("w", "U8", "[4194305,4194305,211106198978564]", "[0,4]") + "}", 4);
    damaged("m.safetensors: w: shape [4611686018427387904] has more bytes than 64 bits can count",
        "{" + entry("w", "F32", "[4611686018427387904]", "[0,0]") + "}", 0);
  }

  @Test void shape_thatContradictsItsBytes() {
    damaged("m.safetensors: w: shape [2, 2] of F32 needs 16 bytes, has 4", "{" + entry("w", "F32", "[2,2]", "[0,4]") + "}", 4);
    damaged("m.safetensors: w: ends at byte 0 before it begins at byte 4", "{" + entry("w", "F32", "[1]", "[4,0]") + "}", 4);
    var f = assertThrows(Fault.class, () -> read(file("{" + W + "}", 0, 0)));
    assertEquals("m.safetensors: w: ends at byte 66, the file ends at byte 64" + DAMAGED + "; copy the file again",
        f.getMessage());
  }

  @Test void tensors_thatOverlap_orLeaveAHole_orARest() {
    damaged("m.safetensors: v: overlaps w in bytes 117 to 119",
        "{" + W + "," + entry("v", "F32", "[1]", "[2,6]") + "}", 6);
    damaged("m.safetensors: v: leaves a hole in bytes 120 to 122 after w",
        "{" + W + "," + entry("v", "F32", "[1]", "[6,10]") + "}", 10);
    damaged("m.safetensors: w: leaves a hole in bytes 62 to 66 after the header",
        "{" + entry("w", "F32", "[1]", "[4,8]") + "}", 8);
    damaged("m.safetensors: bytes 66 to 67 belong to no tensor", "{" + W + "}", 5);
    damaged("m.safetensors: bytes 10 to 14 belong to no tensor", "{}", 4);
  }

  @Test void emptyTensor_isAccepted_insideTheFileOnly() {
    var read = read(file("{" + W + "," + entry("e", "F32", "[3,0]", "[4,4]") + "," + entry("z", "U8", "[0]", "[2,2]") + "}",
        0, 0, 0x80, 0x3F));
    assertEquals(0, read.tensor("e").floats().length);
    assertArrayEquals(new float[] {1}, read.tensor("w").floats());
    var f = assertThrows(Fault.class, () -> read(file("{" + entry("e", "F32", "[0]", "[9,9]") + "}")));
    assertTrue(f.what().startsWith("ends at byte "), f.what());
  }

  @Test void scalar_andOddAlignment_andFilesOfOthers_areAccepted() {
    for (int spaces = 0; spaces < 4; spaces++) {
      var header = "{\"__metadata__\":{\"format\":\"pt\"}," + entry("w", "F32", "[]", "[1,5]") + ","
          + entry("v", "U8", "[1]", "[0,1]") + "}" + " ".repeat(spaces);
      var read = read(file(header, 7, 0, 0, 0xC0, 0x40));
      assertArrayEquals(new float[] {6}, read.tensor("w").floats());
      assertEquals(List.of(), read.tensor("w").shape());
      assertEquals(7, read.tensor("v").octets()[0]);
    }
  }

  private static byte[] ours(String version, String more) { return ours(version, more, "{\\\"w\\\":\\\"48674bc7\\\"}"); }

  private static byte[] ours(String version, String more, String crcs) {
    return file("{\"__metadata__\":{\"unroll.version\":\"" + version + "\"," + more + "\"unroll.crc32c\":\"" + crcs + "\","
        + "\"unroll.sha256\":\"" + "0".repeat(64) + "\"}," + W + "}", 0, 0, 0, 0);
  }

  @Test void newerMajorVersion_orUnknownFeature_saysWhatToInstall() {
    var f = refused(Code.M006, "m.safetensors: written in format 3.1; this version of Unroll reads formats up to 1.x; "
        + "install a newer Unroll", ours("3.1", ""));
    assertEquals(List.of("install a newer Unroll"), f.mend());
    refused(Code.M006, "m.safetensors: needs [quantised]; this version of Unroll does not know it; install a newer Unroll",
        ours("1.7", "\"unroll.requires\":\"[\\\"quantised\\\"]\","));
    var minor = assertThrows(Fault.class, () -> read(ours("1.7", "\"unroll.new\":\"\",\"unroll.requires\":\"[]\",")));
    assertEquals(Code.M004, minor.code()); // read to its end, where the digest of zeros is found out
    assertTrue(minor.what().startsWith("SHA-256 is "), minor.what());
  }

  @Test void fileOfOurs_withoutItsChecks_isRefused() {
    damaged("m.safetensors: unroll.version is \"x\"", "{\"__metadata__\":{\"unroll.version\":\"x\"}}", 0);
    damaged("m.safetensors: unroll.version is \"0.9\"", "{\"__metadata__\":{\"unroll.version\":\"0.9\"}}", 0);
    damaged("m.safetensors: unroll.version is \"\"", "{\"__metadata__\":{\"unroll.model\":\"x\"}}", 0);
    damaged("m.safetensors: __metadata__ lacks unroll.crc32c", "{\"__metadata__\":{\"unroll.version\":\"1.0\"}}", 0);
    damaged("m.safetensors: __metadata__ lacks unroll.sha256",
        "{\"__metadata__\":{\"unroll.version\":\"1.0\",\"unroll.crc32c\":\"{}\"}}", 0);
    damaged("m.safetensors: unroll.sha256 is not a digest",
        "{\"__metadata__\":{\"unroll.version\":\"1.0\",\"unroll.crc32c\":\"{}\",\"unroll.sha256\":\"0\"}}", 0);
    refused(Code.M003, "m.safetensors: unroll.crc32c is not a JSON Map" + DAMAGED, ours("1.0", "", "[]"));
    refused(Code.M003, "m.safetensors: unroll.crc32c:1:2 (byte 1): expected a key in double quotes, got the end of the text",
        ours("1.0", "", "{"));
    refused(Code.M003, "m.safetensors: no checksum of tensor w" + DAMAGED, ours("1.0", "", "{}"));
  }

  @Test void formatsThatCanRunCode_areNeverOpened() {
    var torch = "where you trust the file: python -c \"import torch, safetensors.torch as s; s.save_file("
        + "torch.load('m.safetensors', weights_only=True), 'm.safetensors.safetensors')\"";
    var magic = java.util.Map.of("504b0304140000000800", "a zip archive, as PyTorch (.pt, .bin) and Keras (.keras) write",
        "80028a0a6cfc9c46f920", "a Python pickle", "8004950500000000000000", "a Python pickle",
        "894844460d0a1a0a00000000", "an HDF5 file, as Keras (.h5) writes", "aced0005737200116a61", "Java serialization");
    magic.forEach((hex, what) -> {
      var f = assertThrows(Fault.class, () -> read(Arrays.copyOf(HexFormat.of().parseHex(hex), 100)));
      assertEquals(Code.M005, f.code());
      assertEquals(3, f.code().exit());
      assertEquals(what, f.what());
      assertEquals("reading it can run code, so it is never opened", f.why());
      if (what.contains("PyTorch") || what.contains("pickle")) assertEquals(List.of(torch), f.mend());
      assertEquals(1, f.mend().size());
    });
  }

  @Test void header_whoseLengthLooksLikeAPickle_isRead() {
    var header = "{" + W + "}";
    var read = read(file(header + " ".repeat(0x280 - header.length()), 0, 0, 0x80, 0x3F)); // length 80 02 00 …
    assertArrayEquals(new float[] {1}, read.tensor("w").floats());
  }

  @Test void headerOfOurs_beyond16Mebibytes() {
    var f = assertThrows(Fault.class, () -> read(ours("1.0", "\"unroll.x\":\"" + "x".repeat(16 << 20) + "\",")));
    assertEquals(Code.M003, f.code());
    assertTrue(f.what().matches("a header of 16777\\d{3} bytes"), f.what());
  }

  @Test void tooManyTensors() {
    var header = new StringBuilder("{");
    for (int i = 0; i <= 65_536; i++) header.append(i == 0 ? "" : ",").append(entry("w" + i, "U8", "[0]", "[0,0]"));
    refused(Code.M003, "m.safetensors: 65537 tensors; at most 65536 are read", file(header.append('}').toString()));
  }
}
