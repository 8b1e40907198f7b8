package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class InputsTest {
  @TempDir Path dir;

  private Path write(String name, String text) throws IOException {
    var file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static Inputs find(Object... names) {
    var list = new ArrayList<String>();
    for (var n : names) list.add(n.toString());
    return Inputs.find(list, "auto", InputStream.nullInputStream());
  }

  private static Fault fault(Object... names) { return assertThrows(Fault.class, () -> find(names)); }

  @Test
  void missingFile_namesTheNearestOne() throws IOException {
    write("poems.txt", "x");
    write("other.csv", "x");
    var f = fault(dir.resolve("peoms.txt"));
    assertEquals(Code.D001, f.code());
    assertEquals("no such file or folder", f.what());
    assertEquals("a relative name begins in the working directory, " + Path.of("").toAbsolutePath(), f.why());
    assertEquals(List.of("did you mean " + dir.resolve("poems.txt") + "?"), f.mend());
    assertEquals(List.of("nothing there is called like that: ls " + dir), fault(dir.resolve("quite-different")).mend());
    assertEquals(List.of("there is no folder " + dir.resolve("no/no") + " either; there is " + dir), fault(dir.resolve("no/no/x.txt")).mend());
  }

  @Test
  void emptyFile_isAFault() throws IOException {
    var f = fault(write("empty.txt", ""));
    assertEquals(Code.D002, f.code());
    assertEquals("no text in 0 bytes", f.what());
    assertEquals(dir.resolve("empty.txt").toString(), f.where());
    assertEquals(Code.D002, fault().code());
  }

  @Test
  void folder_takesTextFilesInNameOrder_andNotesWhatItSkips() throws IOException {
    write("b.txt", "B");
    write("a/z.md", "Z");
    write("a.txt", "A");
    write("诗.txt", "诗");
    write(".git/config", "x");
    write(".hidden", "x");
    write("empty", "");
    Files.write(dir.resolve("pic.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
    try (var in = find(dir)) {
      assertEquals(List.of("a.txt", "a/z.md", "b.txt", "诗.txt"),
          in.sources().stream().map(s -> dir.relativize(Path.of(s.name())).toString().replace('\\', '/')).toList());
      assertEquals(List.of("1 binary file skipped: pic.png", "1 empty file skipped: empty", "1 hidden file skipped: .hidden",
          "1 hidden folder skipped: .git"), in.notes().stream().map(Note::what).toList());
      assertEquals(dir.toString(), in.notes().getFirst().where());
    }
  }

  @Test
  void folderWithoutText_isAFault_thatSaysWhatIsThere() throws IOException {
    var empty = Files.createDirectory(dir.resolve("empty"));
    assertEquals(empty + ": no text in this folder; it is empty; give a folder with text files", fault(empty).getMessage());
    assertEquals(Code.D002, fault(empty).code());
    for (int i = 0; i < 7; i++) write("x/" + i, "");
    write("x/.y", "a");
    assertEquals("7 empty files skipped: 0, 1, 2, 3, 4, …; 1 hidden file skipped: .y", fault(dir.resolve("x")).why());
  }

  @Test
  void standardInput_canBeReadTwice() throws IOException {
    byte[] b = "床前明月光".repeat(30_000).getBytes(StandardCharsets.UTF_8);
    try (var in = Inputs.find(List.of("-"), "auto", new ByteArrayInputStream(b))) {
      var source = in.sources().getFirst();
      assertEquals("-", source.name());
      for (int i = 0; i < 2; i++) {
        try (var s = source.open()) {
          assertArrayEquals(b, s.readAllBytes());
        }
      }
      try (var s = source.open()) {
        assertEquals(b[0] & 0xFF, s.read());
      }
    }
  }

  private static byte[] gzip(byte[] b) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gz = new GZIPOutputStream(out)) {
      gz.write(b);
    }
    return out.toByteArray();
  }

  @Test
  void gzip_isExpanded_truncatedOrBrokenIsAFault() throws IOException {
    byte[] b = gzip("床前明月光\n".getBytes(StandardCharsets.UTF_8));
    Files.write(dir.resolve("a.gz"), b);
    assertEquals(6, Corpus.read(List.of(dir.resolve("a.gz").toString()), TextOptions.chars()).size());
    Files.write(dir.resolve("short.gz"), java.util.Arrays.copyOf(b, b.length - 6));
    var f = assertThrows(Fault.class, () -> Corpus.read(List.of(dir.resolve("short.gz").toString()), TextOptions.chars()));
    assertEquals(Code.D003, f.code());
    assertEquals("the gzip data ends early", f.what());
    assertTrue(f.where().endsWith("short.gz (compressed byte " + (b.length - 6) + ")"), f.where());
    b[b.length - 6] ^= 1;
    Files.write(dir.resolve("crc.gz"), b);
    f = assertThrows(Fault.class, () -> Corpus.read(List.of(dir.resolve("crc.gz").toString()), TextOptions.chars()));
    assertTrue(f.what().startsWith("not sound gzip data: "), f.what());
    write("plain.gz", "abc");
    f = assertThrows(Fault.class, () -> Corpus.read(List.of(dir.resolve("plain.gz").toString()), TextOptions.chars()));
    assertEquals("not sound gzip data: Not in GZIP format", f.what());
  }

  @Test
  void gzipBomb_isRefusedAtItsCap() throws IOException {
    Files.write(dir.resolve("bomb.gz"), gzip(new byte[100 << 20]));
    var f = assertThrows(Fault.class, () -> {
      try (var in = new TextSource.OnDisk("bomb.gz", dir.resolve("bomb.gz")).open()) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
    });
    assertEquals(Code.D003, f.code());
    assertTrue(f.what().startsWith("expands more than 200-fold: 67,1"), f.what());
  }

  @Test
  void unreadableName_isAFault() {
    assertEquals(Code.U007, fault("a\0b").code());
  }
}
