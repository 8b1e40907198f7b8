package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class SafeTensorsTest {
  static final Path FILE = Path.of("run", "m.safetensors");

  static List<Tensor> tensors() {
    return List.of(
        Tensor.of("lstm.weight_hh_l0", new float[] {1.5f, -2, Float.MIN_VALUE, 3, 4, -0f}, 2, 3),
        Tensor.of("app.tokenizer", new byte[] {(byte) 0xE6, (byte) 0x9C, (byte) 0x88}),
        Tensor.of("a.count", new int[] {-1, 7}),
        Tensor.of("state/step", new long[] {1L << 40}, 1, 1),
        Tensor.of("state/best", new double[] {Math.PI}, 1));
  }

  static final Map<String, String> METADATA = Map.of("title", "床前明月光", "unroll.model", "{\"cell\":\"lstm\"}");

  static byte[] saved() {
    var disk = new MemoryDisk();
    SafeTensorsWriter.save(disk, FILE, tensors(), METADATA);
    assertEquals(List.of("m.safetensors"), disk.names());
    return disk.bytes(FILE);
  }

  private static TensorFile read(byte[] bytes) {
    return SafeTensorsReader.of(MemoryDisk.holding("m.safetensors", bytes), FILE).read();
  }

  @Test void smallFile_hasTheGoldenBytes() throws IOException {
    try (var golden = SafeTensorsTest.class.getResourceAsStream("golden-1.0.safetensors")) {
      assertArrayEquals(golden.readAllBytes(), saved());
    }
  }

  @Test void tensors_afterWriteAndRead_areTheSame() {
    var file = read(saved());
    assertEquals(List.of("state/best", "state/step", "a.count", "lstm.weight_hh_l0", "app.tokenizer"),
        file.tensors().stream().map(Tensor::name).toList());
    var w = file.tensor("lstm.weight_hh_l0");
    assertEquals(List.of(2L, 3L), w.shape());
    assertArrayEquals(new float[] {1.5f, -2, Float.MIN_VALUE, 3, 4, -0f}, w.floats());
    assertArrayEquals(new byte[] {(byte) 0xE6, (byte) 0x9C, (byte) 0x88}, file.tensor("app.tokenizer").octets());
    assertArrayEquals(new int[] {-1, 7}, file.tensor("a.count").ints());
    assertArrayEquals(new long[] {1L << 40}, file.tensor("state/step").longs());
    assertArrayEquals(new double[] {Math.PI}, file.tensor("state/best").doubles());
    METADATA.forEach((k, v) -> assertEquals(v, file.metadata().get(k)));
    assertEquals("pt", file.metadata().get("format"));
    assertEquals(Code.M007, assertThrows(Fault.class, () -> file.tensor("none")).code());
    assertEquals("a.count: the tensor has elements I32, must be F32",
        assertThrows(Fault.class, () -> file.tensor("a.count").floats()).getMessage());
  }

  @Test void data_beginsAtAMultipleOf64_whateverTheHeader() {
    for (int n = 0; n < 70; n++) {
      var disk = new MemoryDisk();
      SafeTensorsWriter.save(disk, FILE, tensors(), Map.of("n", "x".repeat(n)));
      var summary = SafeTensorsReader.of(disk, FILE).summary();
      assertEquals(5, summary.tensors().size());
      assertEquals(Dtype.F64, summary.tensors().getFirst().dtype());
      assertEquals(0, (summary.fileBytes() - 51) % 64);
    }
  }

  @Test void diskThatReadsInSmallPieces_givesTheSameTensors() {
    var pieces = new FaultyDisk(MemoryDisk.holding("m.safetensors", saved()), FaultyDisk.Trouble.SHORT, 1, true);
    assertArrayEquals(new float[] {1.5f, -2, Float.MIN_VALUE, 3, 4, -0f},
        SafeTensorsReader.of(pieces, FILE).read().tensor("lstm.weight_hh_l0").floats());
  }

  @Test void window_ofAnArray_isWrittenWithoutItsRest() {
    var disk = new MemoryDisk();
    SafeTensorsWriter.save(disk, FILE, List.of(Tensor.window("w", new float[] {9, 1, 2, 9}, 1, 2)), Map.of());
    assertArrayEquals(new float[] {1, 2}, read(disk.bytes(FILE)).tensor("w").floats());
    assertEquals("w: shape [2, 2] from element 1 does not fit an array of 4",
        assertThrows(Fault.class, () -> Tensor.window("w", new float[4], 1, 2, 2)).getMessage());
    assertThrows(Fault.class, () -> Tensor.of("w", new float[4], 0));
  }

  @Test void largeTensor_isReadAndWrittenInPieces() {
    var large = new float[700_001];
    for (int i = 0; i < large.length; i++) large[i] = i * 0.25f;
    var disk = new MemoryDisk();
    SafeTensorsWriter.save(disk, FILE, List.of(Tensor.of("w", large)), Map.of());
    assertArrayEquals(large, read(disk.bytes(FILE)).tensor("w").floats());
  }

  @Test void file_cutShortAnywhere_isRefused() {
    var bytes = saved();
    for (int n = 0; n < bytes.length; n++) {
      var cut = java.util.Arrays.copyOf(bytes, n);
      var f = assertThrows(Fault.class, () -> read(cut), "cut to " + n);
      assertTrue(f.code() == Code.M003 || f.code() == Code.M002, f.getMessage());
      assertTrue(f.where().startsWith(FILE.toString()), f.where());
    }
  }

  @Test void file_withAnyBitFlipped_isRefused() {
    var bytes = saved();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      var flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      var f = assertThrows(Fault.class, () -> read(flipped), "bit " + bit);
      assertEquals(3, f.code().exit(), f.getMessage());
      var reader = SafeTensorsReader.of(MemoryDisk.holding("m.safetensors", flipped), FILE);
      if (bit % 13 == 0) assertThrows(Fault.class, reader::verify);
    }
  }

  @Test void flippedWeight_namesTheTensorAndBothSums() {
    var bytes = saved();
    bytes[bytes.length - 3 - 24] ^= 1;
    var f = assertThrows(Fault.class, () -> read(bytes));
    assertEquals(Code.M004, f.code());
    assertEquals(FILE + ": lstm.weight_hh_l0", f.where());
    assertTrue(f.what().matches("CRC32C is [0-9a-f]{8}, the file says [0-9a-f]{8}"), f.what());
  }

  @Test void nonFiniteElements_areNeitherWrittenNorRead_unlessAllowed() {
    var disk = new MemoryDisk();
    var nan = List.of(Tensor.of("w", new float[] {0, Float.NaN, 1, Float.POSITIVE_INFINITY}));
    var f = assertThrows(Fault.class, () -> SafeTensorsWriter.save(disk, FILE, nan, Map.of()));
    assertEquals("w: 2 of 4 elements are NaN or infinite, the first is element 1", f.getMessage());
    assertEquals(Code.M008, f.code());
    assertEquals(List.of(), disk.names());
    var header = "{" + BadFiles.entry("w", "F32", "[1]", "[0,4]") + "}";
    var foreign = MemoryDisk.holding("m.safetensors", BadFiles.file(header, 0, 0, 0xC0, 0x7F));
    assertEquals(Code.M008, assertThrows(Fault.class, () -> SafeTensorsReader.of(foreign, FILE).read()).code());
    assertTrue(Float.isNaN(SafeTensorsReader.of(foreign, FILE).allowNonFinite().read().tensor("w").floats()[0]));
  }

  @Test void namesAndKeys_thatTheFormatDoesNotAllow_areRefusedBeforeWriting() {
    var one = new float[1];
    for (var bad : List.of(List.of(Tensor.of("a b", one)), List.of(Tensor.of("", one)), List.of(Tensor.of("x".repeat(257), one)),
        List.of(Tensor.of("w", one), Tensor.of("w", new int[1])), List.of(Tensor.of("w", one, 1, 1, 1, 1, 1, 1, 1, 1, 1)))) {
      var disk = new MemoryDisk();
      assertEquals(Code.C030, assertThrows(Fault.class, () -> SafeTensorsWriter.save(disk, FILE, bad, Map.of())).code());
      assertEquals(List.of(), disk.names());
    }
    var f = assertThrows(Fault.class, () -> SafeTensorsWriter.save(new MemoryDisk(), FILE, tensors(), Map.of("format", "np")));
    assertEquals("format: metadata of this key is the file's own", f.getMessage());
    assertEquals(Code.C030, assertThrows(Fault.class,
        () -> SafeTensorsWriter.save(new MemoryDisk(), FILE, tensors(), Map.of("v", "x".repeat(17 << 20)))).code());
  }

  @Test void moreThanTheMemory_isRefusedBeforeAllocating() {
    var f = assertThrows(Fault.class,
        () -> SafeTensorsReader.of(MemoryDisk.holding("m.safetensors", saved()), FILE).atMost(50).read());
    assertEquals(FILE + ": needs 51 bytes of memory, 50 bytes may be used; start Java with a larger -Xmx", f.getMessage());
    assertEquals(Code.C020, f.code());
  }

  @Test void fileThatGrowsOrShrinksWhileItIsRead_isRefused() {
    for (int change : new int[] {-1, 1}) {
      var disk = new MemoryDisk() {
        @Override public Input open(Path file) throws IOException {
          var in = super.open(file);
          return new Input() {
            private boolean asked;

            @Override public long size() throws IOException {
              long size = in.size() + (asked ? change : 0);
              asked = true;
              return size;
            }

            @Override public int read(java.nio.ByteBuffer into, long at) throws IOException { return in.read(into, at); }

            @Override public void close() {}
          };
        }
      };
      disk.put("m.safetensors", saved());
      var f = assertThrows(Fault.class, () -> SafeTensorsReader.of(disk, FILE).read());
      assertEquals(Code.G003, f.code());
      assertTrue(f.what().startsWith("the file changed while it was read: "), f.what());
    }
  }

  @Test void missingFile_andFolder_haveTheirOwnFaults(@TempDir Path folder) {
    var f = assertThrows(Fault.class, () -> SafeTensorsReader.of(Disk.real(), folder.resolve("no.safetensors")).read());
    assertEquals(Code.M001, f.code());
    assertEquals(4, f.code().exit());
    assertEquals("no such file", f.what());
    f = assertThrows(Fault.class, () -> SafeTensorsReader.of(Disk.real(), folder).read());
    assertEquals(Code.M002, f.code());
    assertEquals(folder + ": a folder or a device, not a file; name a file", f.getMessage());
  }

  @Test void realDisk_holdsTheSameBytes_andNothingElse(@TempDir Path folder) throws IOException {
    var file = folder.resolve("m.safetensors");
    for (int i = 0; i < 2; i++) SafeTensorsWriter.save(Disk.real(), file, tensors(), METADATA);
    assertArrayEquals(saved(), Files.readAllBytes(file));
    assertEquals(List.of("m.safetensors"), Disk.real().list(folder));
    var read = SafeTensorsReader.of(Disk.real(), file).read();
    assertEquals(new ArrayList<>(read(saved()).metadata().entrySet()), new ArrayList<>(read.metadata().entrySet()));
  }
}
