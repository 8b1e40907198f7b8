package org.unroll.tasks.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class TextReaderTest {
  private static final String POEM = "床前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。\n";

  private record Read(String text, TextFile file, List<Note> notes) {}

  private static Read read(byte[] bytes, String encoding) {
    var s = new StringBuilder();
    var notes = new ArrayList<Note>();
    var file = TextReader.read(new TextSource.InMemory("f.txt", bytes), Encoding.named(encoding), s::appendCodePoint, notes);
    return new Read(s.toString(), file, notes);
  }

  private static Fault fault(byte[] bytes, String encoding) { return assertThrows(Fault.class, () -> read(bytes, encoding)); }

  private static byte[] bytes(Object... parts) {
    var out = new java.io.ByteArrayOutputStream();
    for (var p : parts) {
      if (p instanceof Integer i) out.write(i);
      else out.writeBytes(((String) p).getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void utf8_emojiBeyondTheBmp_isOneCodePoint() {
    var r = read(bytes("a😀鄉\n"), "auto");
    assertEquals("a😀鄉\n", r.text);
    assertEquals(4, r.file.codePoints());
    assertEquals(9, r.file.bytes());
    assertEquals("UTF-8", r.file.encoding());
    assertEquals(1, r.file.lines());
    assertEquals(List.of(), r.notes);
  }

  @Test
  void sha256_isThatOfTheBytes() {
    assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", read(bytes("abc"), "auto").file.sha256());
  }

  @Test
  void byteOrderMark_isDroppedAndNoted() {
    var r = read(bytes(0xEF, 0xBB, 0xBF, "ab"), "auto");
    assertEquals("ab", r.text);
    assertEquals(2, r.file.codePoints());
    assertEquals(List.of(new Note("f.txt", "a byte order mark was dropped")), r.notes);
    assertEquals("a\uFEFFb", read(bytes("a\uFEFFb"), "utf-8").text); // elsewhere it is a character
  }

  @Test
  void lineEnds_becomeLf_andAreCounted() {
    var r = read(bytes("a\r\nb\rc\n\r\n\r"), "auto");
    assertEquals("a\nb\nc\n\n\n", r.text);
    assertEquals(List.of(new Note("f.txt", "2 CR LF line ends became LF"), new Note("f.txt", "2 lone CR became LF")), r.notes);
    assertEquals(8, r.file.codePoints());
    assertEquals(5, r.file.lines());
  }

  @Test
  void gb18030_isFoundOut_andNoted() {
    byte[] b = POEM.getBytes(Charset.forName("GB18030"));
    var r = read(b, "auto");
    assertEquals(POEM, r.text);
    assertEquals("GB18030", r.file.encoding());
    assertEquals("f.txt: is not UTF-8, read as GB18030; another encoding can be named", r.notes.getFirst().toString());
    // 0x94 39 FC 36 is U+1F600 in four bytes
    assertEquals("中😀", read(bytes(0xD6, 0xD0, 0x94, 0x39, 0xFC, 0x36), "auto").text);
    assertEquals("中\uD840\uDC00", read(bytes(0xD6, 0xD0, 0x95, 0x32, 0x82, 0x36), "auto").text); // U+20000
    assertEquals("中\uD800\uDC00", read(bytes(0xD6, 0xD0, 0x90, 0x30, 0x81, 0x30), "auto").text); // U+10000: the least digits
    assertEquals(POEM, read(b, "gb18030").text);
    assertEquals(List.of(), read(b, "gb18030").notes);
    assertEquals("中", read(bytes(0xD6, 0xD0), "gbk").text);
  }

  @Test
  void westernText_isNotTakenForChinese() {
    byte[] latin = "le café près du théâtre\n".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("f.txt:1:7 (byte 6)", fault(latin, "auto").where());
    assertEquals("le café près du théâtre\n", read(latin, "windows-1252").text);
    // pairs such as E9 73 are sound GB18030, but not Chinese
    byte[] valid = "cafés, étés, âmes".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(Code.D003, fault(valid, "auto").code());
  }

  @Test
  void damagedUtf8Chinese_isNotTakenForGb18030() {
    byte[] b = "舉頭望明月低頭思故鄉舉頭".getBytes(StandardCharsets.UTF_8);
    b[30] = (byte) 0xE8;
    b[31] = (byte) 0xE8; // GB18030 fits, byte by byte
    new String(b, Charset.forName("GB18030"));
    var f = fault(b, "auto");
    assertEquals("f.txt:1:11 (byte 30)", f.where());
    assertEquals("0xE8 starts a UTF-8 sequence that the byte 0xE8 does not continue", f.what());
  }

  @Test
  void invalidUtf8_tellsLineColumnByteAndReason() {
    var f = fault(bytes("first\n明月 ", 0xC3, "b\n"), "auto");
    assertEquals(Code.D003, f.code());
    assertEquals("f.txt:2:4 (byte 13): 0xC3 starts a UTF-8 sequence that the byte 0x62 does not continue; the text must be"
        + " UTF-8 throughout; convert the file to UTF-8 (iconv); or say which encoding it is: gb18030, windows-1252, …",
        f.getMessage());
    assertEquals("0x80 cannot start a UTF-8 sequence", fault(bytes("a", 0x80), "utf-8").what());
    assertEquals("the byte 0xFF is not UTF-8, which has none above 0xF4", fault(bytes("a", 0xFF), "utf-8").what());
    assertEquals("the byte 0xF5 is not UTF-8, which has none above 0xF4", fault(bytes("a", 0xF5, 0x80), "utf-8").what());
    assertEquals("0xC0 starts an overlong UTF-8 sequence", fault(bytes("a", 0xC0, 0x80), "utf-8").what());
    assertEquals("0xE0 starts an overlong UTF-8 sequence", fault(bytes("a", 0xE0, 0x80, 0x80), "utf-8").what());
    assertEquals("0xED 0xA0 is half of a surrogate pair, not UTF-8", fault(bytes("a", 0xED, 0xA0, 0x80), "utf-8").what());
    assertEquals("0xF4 starts a code point above U+10FFFF", fault(bytes("a", 0xF4, 0x90, 0x80, 0x80), "utf-8").what());
    assertEquals("0xE6 starts a UTF-8 sequence of 3 bytes that the end of the text cuts off",
        fault(bytes("明", 0xE6, 0x98), "utf-8").what());
    assertEquals("f.txt:1:2 (byte 3)", fault(bytes("明", 0xE6, 0x98), "utf-8").where());
    assertEquals("f.txt:3:1 (byte 4)", fault(bytes("a\r\n\r", 0xFF), "utf-8").where());
  }

  @Test
  void invalidUtf8_farIntoTheFile_offsetIsThatOfTheByte() {
    byte[] b = ("明".repeat(50_000) + "\n").repeat(3).getBytes(StandardCharsets.UTF_8);
    b[300_002 + 3 * 777] = 'x'; // the first byte of character 778 of line 3
    assertEquals("f.txt:3:779 (byte " + (300_003 + 3 * 777) + ")", fault(b, "auto").where());
  }

  @Test
  void cutUtf8_isNotTakenForGb18030() {
    var english = "a".repeat(3000);
    var f = fault(bytes(english, 0xE4, 0xB8), "auto");
    assertEquals("f.txt:1:3001 (byte 3000)", f.where());
    assertEquals("0xE4 starts a UTF-8 sequence of 3 bytes that the end of the text cuts off", f.what());
    assertEquals("f.txt:1:1 (byte 0)", fault(bytes("", 0xE4, 0xB8), "auto").where());
    // a pair that is Chinese and no beginning of UTF-8: a sign in a short text, none in a long one
    assertEquals("GB18030", read(bytes("a", 0xB5, 0xC4), "auto").file.encoding());
    assertEquals("0xB5 cannot start a UTF-8 sequence", fault(bytes(english, 0xB5, 0xC4), "auto").what());
    assertEquals("GB18030", read(bytes(english, 0xB5, 0xC4, 0xB5, 0xC4), "auto").file.encoding());
  }

  @Test
  void invalidGb18030_tellsTheBytes() {
    var f = fault(bytes("a\n", 0xD6, 0xD0, 0x81, 0x20), "gb18030");
    assertEquals("f.txt:2:2 (byte 4)", f.where());
    assertTrue(f.what().startsWith("0x81 ") && f.what().endsWith("is not GB18030"), f.what());
  }

  @Test
  void utf16_byItsMark_isNamed_andReadWhenForced() {
    for (var order : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      byte[] b = ("\uFEFF" + POEM + "😀").getBytes(order);
      var f = fault(b, "auto");
      assertEquals(Code.D003, f.code());
      assertTrue(f.what().startsWith("looks like UTF-16: it begins with the byte order mark "), f.what());
      assertEquals("f.txt:1:1 (byte 0)", f.where());
      assertEquals(List.of("name that encoding: utf-16"), f.mend());
      var r = read(b, "utf-16");
      assertEquals(POEM + "😀", r.text);
      assertEquals(order.name(), r.file.encoding());
    }
    assertEquals("ab", read("ab".getBytes(StandardCharsets.UTF_16LE), "utf-16le").text);
    assertEquals(List.of("name that encoding: utf-32"), fault(bytes(0xFF, 0xFE, 0, 0), "auto").mend());
  }

  @Test
  void nul_isBinary_withItsPlace() {
    var f = fault(bytes("ab\n明c", 0, "d"), "auto");
    assertEquals(Code.D004, f.code());
    assertEquals("f.txt:2:3 (byte 7): looks binary: it holds a NUL byte; text has no NUL and at most 1 % control characters;"
        + " give a text file; if it is UTF-16, name that encoding: utf-16le or utf-16be", f.getMessage());
    assertEquals("f.txt:2:3 (byte 7)", fault(bytes("ab\n明c", 0, "d"), "utf-8").where());
    assertEquals("f.txt:1:2 (byte 2)", fault(bytes(0xD6, 0xD0, 0), "gb18030").where());
  }

  @Test
  void controlCharacters_aboveOnePercent_areBinary() {
    var f = fault(bytes("x".repeat(390) + "\u0001\u0002\u001B\u007F"), "auto");
    assertEquals(Code.D004, f.code());
    assertEquals("looks binary: 4 of its 394 characters are control characters", f.what());
    assertEquals("f.txt:1:391 (byte 390)", f.where());
    var r = read(bytes("x".repeat(396) + "\u0001\u0002\u001B\u007F"), "auto");
    assertEquals(4, r.file.control());
    assertEquals(List.of("f.txt:1:397", "f.txt:1:398", "f.txt:1:399", "f.txt:1:400"), r.file.controlAt());
    assertEquals("\u001B[1mred\t\f", read(bytes("\u001B[1mred\t\f"), "auto").text); // a few are text still
    var broken = fault(bytes(0x89, "PNG", 1, 2, 3, 4, 5, 6), "auto"); // neither UTF-8 nor free of controls
    assertEquals(Code.D004, broken.code());
    assertEquals("f.txt (byte 4)", broken.where());
  }

  @Test
  void replacementCharacters_areCountedWithTheirLines() {
    var r = read(bytes("a\uFFFD\nb\n\uFFFD\uFFFD"), "auto");
    assertEquals(3, r.file.replaced());
    assertEquals(List.of("f.txt:1:2", "f.txt:3:1", "f.txt:3:2"), r.file.replacedAt());
  }

  @Test
  void encoding_unknownName_isAFault() {
    var f = assertThrows(Fault.class, () -> Encoding.named("klingon"));
    assertEquals(Code.C011, f.code());
    assertEquals("encoding: the encoding is \"klingon\"; this JVM knows no encoding of that name; use auto, utf-8, gb18030, gbk,"
        + " utf-16 or another that Java has", f.getMessage());
    assertThrows(Fault.class, () -> Encoding.named("no such"));
  }

  /** One line of {@code bytes} bytes that is never in memory. */
  private static InputStream line(long bytes) {
    return new InputStream() {
      private long left = bytes;

      @Override
      public int read() { return left-- > 0 ? 'x' : -1; }

      @Override
      public int read(byte[] b, int from, int length) {
        if (left <= 0) return -1;
        int n = (int) Math.min(length, left);
        java.util.Arrays.fill(b, from, from + n, (byte) 'x');
        left -= n;
        return n;
      }
    };
  }

  private static void streamOneLine(long bytes) throws Exception {
    var count = new long[1];
    try (var source = TextSource.Spooled.of("-", line(bytes), false)) {
      var file = TextReader.read(source, null, c -> count[0]++, new ArrayList<>());
      assertEquals(bytes, file.codePoints());
      assertEquals(1, file.lines());
    }
    assertEquals(bytes, count[0]);
  }

  @Test
  void oneLongLine_isStreamed() throws Exception { streamOneLine(5_000_000); }

  @Tag("slow")
  @Test
  void oneLineOf100Megabytes_isStreamed_inABoundedHeap() throws Exception {
    var jvm = ProcessHandle.current().info().command().orElseThrow();
    var code = java.nio.file.Path.of(TextReader.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var core = java.nio.file.Path.of(Fault.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var file = java.nio.file.Files.createTempFile("line", ".txt");
    try {
      try (var out = java.nio.file.Files.newOutputStream(file)) {
        line(100_000_000).transferTo(out);
        out.write("\ny".getBytes(StandardCharsets.US_ASCII));
      }
      var p = new ProcessBuilder(jvm, "-Xmx448m", "-Xmn24m", "-XX:+UseSerialGC", "-cp", code + java.io.File.pathSeparator + core
          + java.io.File.pathSeparator + java.nio.file.Path.of("target/test-classes"), OneLine.class.getName(), file.toString())
          .redirectErrorStream(true).start();
      var said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, p.waitFor(), said);
      assertEquals("100000002\n", said.replace("\r", "")); // 400 MB of ids in a heap of 448 MB
    } finally {
      java.nio.file.Files.delete(file);
    }
  }

  /** Reads a corpus and says how long it is. */
  static final class OneLine {
    private OneLine() {}

    public static void main(String[] args) {
      System.out.println(Corpus.read(List.of(args), TextOptions.chars()).size());
    }
  }
}
