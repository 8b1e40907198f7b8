package org.unroll.tasks.text;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * Which encoding a text has. {@code auto}: a byte order mark decides; else UTF-8 if every byte fits; else GB18030 if every
 * byte fits that and the pairs look like Chinese; else UTF-8, whose first bad byte is then reported.
 *
 * <p>Guards keep GB18030 from swallowing what is not Chinese. Text that is UTF-8 but for a last character that its end cuts off
 * is cut UTF-8, and one pair among more than {@value #A_PAGE} bytes is no sign of Chinese. Text whose multi-byte sequences
 * mostly are UTF-8 is damaged UTF-8 (three-byte characters often pair up to GB18030 by accident). And of the second bytes
 * of pairs at least half must be above 0x7F, as in Chinese; in Western European text of one byte a letter most of them
 * are ASCII.
 */
final class Encoding {
  static final String AUTO = "auto";
  private static final Charset GB18030 = Charset.forName("GB18030");
  private static final int A_PAGE = 1000;

  private long bytes;
  private long control;
  private long firstControl = -1;
  private long firstNul = -1;
  private String nulAt = "";
  private long line = 1;
  private long column = 1;

  private int need;
  private int low;
  private int high;
  private long sequences;
  private long broken;

  private int gbState;
  private boolean gbBroken;
  private long pairs;
  private long highPairs;

  private Encoding() {}

  /** The character set called {@code name}; null for {@link #AUTO}. */
  static Charset named(String name) {
    if (name.toLowerCase(Locale.ROOT).equals(AUTO)) return null;
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw Fault.of(Code.C011, "the encoding is \"" + Visible.symbol(name) + "\"").at("encoding")
          .because("this JVM knows no encoding of that name")
          .mend("use auto, utf-8, gb18030, gbk, utf-16 or another that Java has").causedBy(e);
    }
  }

  /** The encoding of {@code source}, found by reading all of it. UTF-16 is named, not guessed: D003; binary data: D004. */
  static Charset sniff(TextSource source) throws IOException {
    var e = new Encoding();
    try (var in = source.open()) {
      byte[] buffer = in.readNBytes(1 << 16);
      var marked = byMark(buffer, source.name());
      if (marked != null) return marked;
      for (int n = buffer.length; n > 0; n = in.readNBytes(buffer, 0, buffer.length)) e.feed(buffer, n);
    }
    return e.verdict(source.name());
  }

  /** Whether the first 64 KiB hold a NUL or more than 1 % control characters, and no byte order mark. */
  static boolean looksBinary(TextSource source) throws IOException {
    var e = new Encoding();
    try (var in = source.open()) {
      byte[] buffer = in.readNBytes(1 << 16);
      if (starts(buffer, 0xFF, 0xFE) || starts(buffer, 0xFE, 0xFF)) return false;
      e.feed(buffer, buffer.length);
    }
    return e.firstNul >= 0 || tooMuchControl(e.control, e.bytes);
  }

  /** Refuses the beginning of a text that holds a NUL, with D004; after a byte order mark there may be some. */
  static void requireText(String name, byte[] start) {
    if (starts(start, 0xFF, 0xFE) || starts(start, 0xFE, 0xFF) || starts(start, 0, 0, 0xFE, 0xFF)) return;
    var e = new Encoding();
    e.feed(start, start.length);
    if (e.firstNul >= 0) throw e.nul(name);
  }

  static boolean tooMuchControl(long control, long all) { return control >= 4 && control * 100 > all; }

  static boolean isControl(int c) {
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7F || c > 0x7F && c < 0xA0 && c != 0x85;
  }

  static Fault binary(String where, long offset, String what) {
    return Fault.of(Code.D004, "looks binary: " + what).at("%s (byte %d)", where, offset)
        .because("text has no NUL and at most 1 % control characters").mend("give a text file")
        .mend("if it is UTF-16, name that encoding: utf-16le or utf-16be");
  }

  private Fault nul(String name) { return binary(name + nulAt, firstNul, "it holds a NUL byte"); }

  private static Charset byMark(byte[] b, String name) {
    if (starts(b, 0xEF, 0xBB, 0xBF)) return StandardCharsets.UTF_8;
    if (starts(b, 0x84, 0x31, 0x95, 0x33)) return GB18030;
    String utf = starts(b, 0xFF, 0xFE, 0, 0) || starts(b, 0, 0, 0xFE, 0xFF) ? "UTF-32"
        : starts(b, 0xFF, 0xFE) || starts(b, 0xFE, 0xFF) ? "UTF-16" : null;
    if (utf == null) return null;
    throw Fault.of(Code.D003, "looks like %s: it begins with the byte order mark %02X %02X", utf, b[0] & 0xFF, b[1] & 0xFF)
        .at("%s:1:1 (byte 0)", name).mend("name that encoding: " + utf.toLowerCase(Locale.ROOT));
  }

  private static boolean starts(byte[] b, int... mark) {
    if (b.length < mark.length) return false;
    for (int i = 0; i < mark.length; i++) if ((b[i] & 0xFF) != mark[i]) return false;
    return true;
  }

  private Charset verdict(String name) {
    boolean cut = need > 0 && broken == 0;
    if (need > 0) broken++;
    if (firstNul >= 0) throw nul(name);
    if (broken == 0) return StandardCharsets.UTF_8;
    if (tooMuchControl(control, bytes)) {
      throw binary(name, firstControl, String.format(Locale.ROOT, "%,d of its %,d bytes are control characters", control, bytes));
    }
    boolean lone = pairs == 1 && bytes > A_PAGE;
    boolean gb = !cut && !lone && !gbBroken && gbState == 0 && 2 * highPairs >= pairs;
    return gb && broken >= sequences ? GB18030 : StandardCharsets.UTF_8;
  }

  private void feed(byte[] buffer, int n) {
    for (int i = 0; i < n; i++) {
      int b = buffer[i] & 0xFF;
      if (b == 0 && firstNul < 0) {
        firstNul = bytes;
        nulAt = ":" + line + ":" + column;
      }
      if (b < 0x80 && isControl(b) && control++ == 0) firstControl = bytes;
      bytes++;
      if (b == '\n') {
        line++;
        column = 1;
      } else if (b < 0x80 || b >= 0xC0) {
        column++;
      }
      utf8(b);
      if (!gbBroken) gb(b);
    }
  }

  /** One byte of UTF-8 after table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above 10FFFF. */
  private void utf8(int b) {
    if (need > 0) {
      if (b >= low && b <= high) {
        low = 0x80;
        high = 0xBF;
        if (--need == 0) sequences++;
        return;
      }
      broken++;
      need = 0;
    }
    if (b < 0x80) return;
    low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    if (b >= 0xC2 && b <= 0xDF) need = 1;
    else if (b >= 0xE0 && b <= 0xEF) need = 2;
    else if (b >= 0xF0 && b <= 0xF4) need = 3;
    else broken++;
  }

  /** One byte of GB18030: 00–7F, or 81–FE and 40–7E or 80–FE, or twice 81–FE and 30–39. */
  private void gb(int b) {
    boolean lead = b >= 0x81 && b <= 0xFE;
    boolean digit = b >= 0x30 && b <= 0x39;
    switch (gbState) {
      case 0 -> {
        if (lead) gbState = 1;
        else gbBroken = b >= 0x80;
      }
      case 1 -> {
        if (digit) gbState = 2;
        else if (b >= 0x40 && b <= 0xFE && b != 0x7F) {
          pairs++;
          if (b >= 0x80) highPairs++;
          gbState = 0;
        } else gbBroken = true;
      }
      case 2 -> {
        gbState = 3;
        gbBroken = !lead;
      }
      default -> {
        gbState = 0;
        gbBroken = !digit;
      }
    }
  }
}
