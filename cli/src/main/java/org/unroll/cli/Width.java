package org.unroll.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How many columns text takes on a terminal: two for East Asian wide characters, none for marks (UAX #11). */
final class Width {
  /** First and last code point of the ranges that are two columns wide. */
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3, 0x25FD, 0x25FE,
    0x2614, 0x2615, 0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693, 0x26A1, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE,
    0x26C4, 0x26C5, 0x26CE, 0x26CE, 0x26D4, 0x26D4, 0x26EA, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA,
    0x26FD, 0x26FD, 0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755,
    0x2757, 0x2757, 0x2795, 0x2797, 0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55,
    0x2E80, 0x303E, 0x3041, 0xA4CF, 0xA960, 0xA97C, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE6F,
    0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x18DFF, 0x1AFF0, 0x1B2FF, 0x1F004, 0x1F004, 0x1F0CF, 0x1F0CF,
    0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F200, 0x1F320, 0x1F32D, 0x1F335, 0x1F337, 0x1F37C, 0x1F37E, 0x1F393,
    0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0, 0x1F3F0, 0x1F3F4, 0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440,
    0x1F442, 0x1F4FC, 0x1F4FF, 0x1F53D, 0x1F54B, 0x1F54E, 0x1F550, 0x1F567, 0x1F57A, 0x1F57A, 0x1F595, 0x1F596,
    0x1F5A4, 0x1F5A4, 0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0, 0x1F6D2, 0x1F6D5, 0x1F6DF,
    0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7F0, 0x1F90C, 0x1F93A, 0x1F93C, 0x1F945, 0x1F947, 0x1F9FF,
    0x1FA70, 0x1FAFF, 0x20000, 0x2FFFD, 0x30000, 0x3FFFD,
  };

  /** Where a line may end: behind a space, and on either side of a Chinese character that punctuation does not hold. */
  private static final Pattern BREAK = Pattern.compile("(?<= )|(?<=[\\p{IsHan}，。；：、）])(?=[^，。；：、）」？！ ])"
      + "|(?<=[^ （「])(?=\\p{IsHan})");

  private Width() {}

  /** Columns of a code point: 0, 1 or 2. */
  static int of(int c) {
    if (c < 0x1100) {
      return c < 0x20 || c >= 0x7F && c < 0xA0 || c == 0xAD || c >= 0x300 && isMark(c) ? 0 : 1;
    }
    if (isMark(c) || Character.getType(c) == Character.FORMAT) return 0;
    int low = 0;
    int high = WIDE.length / 2 - 1;
    while (low <= high) {
      int mid = (low + high) >>> 1;
      if (c > WIDE[2 * mid + 1]) low = mid + 1;
      else if (c < WIDE[2 * mid]) high = mid - 1;
      else return 2;
    }
    return 1;
  }

  /** Columns of a text without control characters and colours. */
  static int of(String text) { return text.codePoints().map(Width::of).sum(); }

  /** The text with spaces behind it up to {@code columns}. */
  static String pad(String text, int columns) { return text + " ".repeat(Math.max(0, columns - of(text))); }

  /** The text cut to at most {@code columns}, with an ellipsis if something is lost. */
  static String cut(String text, int columns) {
    if (of(text) <= columns) return text;
    var s = new StringBuilder();
    int used = 1;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (used + of(c) > columns) break;
      used += of(c);
      s.appendCodePoint(c);
    }
    return columns < 1 ? "" : s.append('…').toString();
  }

  /** The text in lines of at most {@code columns}; a word that is longer stays whole. */
  static List<String> folded(String text, int columns) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var piece : BREAK.split(text)) {
      if (!line.isEmpty() && of(line.toString()) + of(piece.stripTrailing()) > columns) {
        lines.add(line.toString().stripTrailing());
        line.setLength(0);
      }
      line.append(piece);
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
  }
}
