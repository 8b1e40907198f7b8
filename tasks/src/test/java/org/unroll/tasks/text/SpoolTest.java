package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class SpoolTest {
  @TempDir Path folder;

  /** The same byte for ever; counts what was taken. */
  private static final class Endless extends InputStream {
    private final int value;
    private long taken;

    Endless(int value) { this.value = value; }

    @Override public int read() {
      taken++;
      return value;
    }
  }

  @Test void copy_isTheStreamByteForByte() throws IOException {
    for (int n : new int[] {1, 65_535, 65_536, 65_537, 200_000}) {
      byte[] bytes = "the cat sat ".repeat(n / 12 + 1).substring(0, n).getBytes(StandardCharsets.US_ASCII);
      try (var source = new TextSource.Spooled("-", new Spool(folder, n, 0).copy("-", new ByteArrayInputStream(bytes), false))) {
        assertArrayEquals(bytes, source.open().readAllBytes());
      }
    }
    assertNothingIsLeft();
  }

  @Test void endlessZeros_areBinaryAtOnce() {
    var zeros = new Endless(0);
    var f = assertThrows(Fault.class, () -> new Spool(folder, Long.MAX_VALUE, 0).copy("/dev/zero", zeros, false));
    assertEquals(Code.D004, f.code());
    assertEquals("/dev/zero:1:1 (byte 0)", f.where());
    assertEquals(1 << 16, zeros.taken);
    assertThrows(Fault.class, () -> new Spool(folder, 1 << 20, 0).copy("-", new Endless(0), true)); // UTF-16 goes on to the limit
  }

  @Test void endlessText_stopsAtTheLimit() throws IOException {
    var f = assertThrows(Fault.class, () -> new Spool(folder, 1_000_000, 0).copy("-", new Endless('a'), false));
    assertEquals(Code.G001, f.code());
    assertEquals("the text is longer than 1,000,000 bytes", f.what());
    assertEquals("-", f.where());
    assertTrue(!f.why().isEmpty() && f.mend().size() == 2, f.getMessage());
    assertNothingIsLeft();
  }

  @Test void diskBelowItsReserve_isRefusedBeforeItIsFull() throws IOException {
    var f = assertThrows(Fault.class, () -> new Spool(folder, Long.MAX_VALUE, Long.MAX_VALUE).copy("-", new Endless('a'), false));
    assertEquals(Code.G002, f.code());
    assertEquals("no room for the text in " + folder + " after 0 bytes", f.what());
    assertTrue(f.why().contains(" bytes are free, 9,223,372,036,854,775,807 stay free"), f.why());
    assertEquals("give it as a file: that is read where it lies", f.mend().getFirst());
    assertNothingIsLeft();
  }

  @Test void folderThatIsNotThere_isSaid() {
    var f = assertThrows(Fault.class, () -> new Spool(folder.resolve("no"), 10, 0).copy("-", new Endless('a'), false));
    assertEquals(Code.G003, f.code());
    assertEquals("no temporary file can be made", f.what());
  }

  @Test void device_withoutEnd_isRefused() {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/zero")), "needs /dev/zero");
    assertEquals(Code.D004, assertThrows(Fault.class, () -> Inputs.find(List.of("/dev/zero"), "auto", InputStream.nullInputStream())).code());
  }

  private void assertNothingIsLeft() throws IOException {
    try (var files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }
}
