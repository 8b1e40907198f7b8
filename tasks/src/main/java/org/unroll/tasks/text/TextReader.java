package org.unroll.tasks.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.Sha256;

/**
 * Bytes to code points, strictly and in constant memory, however long a line is. CR LF and a lone CR become LF; a byte
 * order mark is dropped; both are noted. The first byte that does not fit is a fault with file, line, column (in code
 * points, both from 1) and byte offset (from 0), which the decoders of the JDK do not tell.
 */
final class TextReader {
  private static final int BUFFER = 1 << 16;

  private final TextSource source;
  private final Charset charset;
  private final TextScan scan;
  private final MessageDigest digest = Sha256.start();
  private long read;

  private TextReader(TextSource source, Charset charset, IntConsumer sink) {
    this.source = source;
    this.charset = charset;
    scan = new TextScan(source.name(), charset, sink);
  }

  /**
   * Reads all of {@code source}.
   *
   * @param charset of the source, or null to find out
   * @param sink takes the code points
   * @param notes takes what is worth saying
   */
  static TextFile read(TextSource source, Charset charset, IntConsumer sink, List<Note> notes) {
    try {
      boolean found = charset == null;
      var real = found ? Encoding.sniff(source) : utf16(source, charset);
      var reader = new TextReader(source, real, sink);
      try (var in = source.open()) {
        reader.decode(in);
      }
      return reader.finish(found, notes);
    } catch (IOException e) {
      throw Inputs.unreadable(source.name(), e);
    }
  }

  /** UTF-16 by its mark, big-endian without one (RFC 2781), so that offsets can be told. */
  private static Charset utf16(TextSource source, Charset charset) throws IOException {
    if (!charset.equals(StandardCharsets.UTF_16)) return charset;
    try (var in = source.open()) {
      return in.read() == 0xFF && in.read() == 0xFE ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
    }
  }

  private void decode(InputStream stream) throws IOException {
    CharsetDecoder decoder = charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.allocate(BUFFER);
    var out = CharBuffer.allocate(BUFFER);
    boolean end = false;
    while (!end) {
      int n = stream.read(in.array(), in.position(), in.remaining());
      end = n < 0;
      if (n > 0) {
        digest.update(in.array(), in.position(), n);
        in.position(in.position() + n);
        read += n;
      }
      in.flip();
      drain(decoder, in, out, end);
      in.compact();
    }
    decoder.flush(out.clear());
    scan.take(out.array(), out.position(), read);
    scan.end();
  }

  private void drain(CharsetDecoder decoder, ByteBuffer in, CharBuffer out, boolean end) {
    while (true) {
      long start = read - in.remaining();
      var result = decoder.decode(in, out.clear(), end);
      scan.take(out.array(), out.position(), start);
      if (result.isError()) throw bad(in, read - in.remaining(), result.length());
      if (result.isUnderflow()) return;
    }
  }

  private TextFile finish(boolean found, List<Note> notes) {
    var file = scan.file(charset, read, Sha256.hex(digest));
    if (found && !charset.equals(StandardCharsets.UTF_8)) {
      notes.add(new Note(source.name(), "is not UTF-8, read as " + charset.name() + "; another encoding can be named"));
    }
    notes.addAll(scan.notes());
    return file;
  }

  private Fault bad(ByteBuffer in, long offset, int length) {
    boolean utf8 = charset.equals(StandardCharsets.UTF_8);
    var f = Fault.of(Code.D003, utf8 ? utf8Problem(in) : notIn(in, length)).at("%s (byte %d)", scan.position(), offset)
        .because("the text must be " + charset.name() + " throughout");
    if (utf8) return f.mend("convert the file to UTF-8 (iconv)").mend("or say which encoding it is: gb18030, windows-1252, …");
    return f.mend("convert the file to UTF-8 (iconv)").mend("or let the encoding be found: auto");
  }

  private String notIn(ByteBuffer in, int length) {
    var bytes = new StringBuilder();
    for (int i = 0; i < Math.clamp(length, 1, in.remaining()); i++) bytes.append(hex(in, i)).append(' ');
    return bytes + "is not " + charset.name();
  }

  private static String utf8Problem(ByteBuffer in) {
    int first = in.get(in.position()) & 0xFF;
    int second = in.remaining() > 1 ? in.get(in.position() + 1) & 0xFF : -1;
    String a = hex(in, 0);
    if (first > 0xF4) return "the byte " + a + " is not UTF-8, which has none above 0xF4";
    if (first < 0xC0) return a + " cannot start a UTF-8 sequence";
    if (first < 0xC2 || first == 0xE0 && second >= 0x80 && second < 0xA0 || first == 0xF0 && second >= 0x80 && second < 0x90) {
      return a + " starts an overlong UTF-8 sequence";
    }
    if (first == 0xED && second >= 0xA0 && second < 0xC0) return a + " " + hex(in, 1) + " is half of a surrogate pair, not UTF-8";
    if (first == 0xF4 && second >= 0x90 && second < 0xC0) return a + " starts a code point above U+10FFFF";
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    for (int i = 1; i < Math.min(length, in.remaining()); i++) {
      if ((in.get(in.position() + i) & 0xC0) != 0x80) {
        return a + " starts a UTF-8 sequence that the byte " + hex(in, i) + " does not continue";
      }
    }
    return a + " starts a UTF-8 sequence of " + length + " bytes that the end of the text cuts off";
  }

  private static String hex(ByteBuffer in, int i) {
    return String.format(Locale.ROOT, "0x%02X", in.get(in.position() + i) & 0xFF);
  }
}
