package org.unroll.tasks.text;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Code points on their way from the decoder: one kind of line end, where we are, what was met. Refuses binary data. */
final class TextScan {
  private static final int BYTE_ORDER_MARK = 0xFEFF;
  private static final int REPLACEMENT = 0xFFFD;

  private final String name;
  private final Charset charset;
  private final IntConsumer sink;
  private boolean begun;
  private boolean marked;
  private boolean afterReturn;
  private long line = 1;
  private long column = 1;
  private long codePoints;
  private long pairs;
  private long returns;
  private long replaced;
  private final List<String> replacedAt = new ArrayList<>();
  private long control;
  private long firstControl;
  private final List<String> controlAt = new ArrayList<>();

  TextScan(String name, Charset charset, IntConsumer sink) {
    this.name = name;
    this.charset = charset;
    this.sink = sink;
  }

  /**
   * Takes {@code n} chars; a surrogate pair is never cut.
   *
   * @param offset byte at which the first of them began
   */
  void take(char[] chars, int n, long offset) {
    for (int i = 0; i < n; i++) {
      int at = i;
      int c = chars[i];
      if (Character.isHighSurrogate(chars[i]) && i + 1 < n) c = Character.toCodePoint(chars[i], chars[++i]);
      if (!begun) {
        begun = true;
        marked = c == BYTE_ORDER_MARK;
        if (marked) continue;
      }
      if (afterReturn) {
        afterReturn = false;
        if (c == '\n') pairs++;
        else returns++;
        give('\n');
        if (c == '\n') continue;
      }
      if (c == '\r') {
        afterReturn = true;
        continue;
      }
      if (c < 0xA0 && Encoding.isControl(c)) control(c, chars, at, offset);
      else if (c == REPLACEMENT && replaced++ < TextFile.PLACES) replacedAt.add(position());
      give(c);
    }
  }

  /** Ends the text. */
  void end() {
    if (afterReturn) {
      returns++;
      afterReturn = false;
      give('\n');
    }
    if (Encoding.tooMuchControl(control, codePoints)) {
      throw Encoding.binary(controlAt.getFirst(), firstControl,
          String.format(Locale.ROOT, "%,d of its %,d characters are control characters", control, codePoints));
    }
  }

  /** {@code file:line:column} of the code point that comes next. */
  String position() { return afterReturn ? name + ":" + (line + 1) + ":1" : name + ":" + line + ":" + column; }

  TextFile file(Charset charset, long bytes, String sha256) {
    return new TextFile(name, charset.name(), bytes, sha256, codePoints, column > 1 ? line : line - 1, replaced,
        List.copyOf(replacedAt), control, List.copyOf(controlAt));
  }

  List<Note> notes() {
    var notes = new ArrayList<Note>();
    if (marked) notes.add(new Note(name, "a byte order mark was dropped"));
    if (pairs > 0) notes.add(new Note(name, String.format(Locale.ROOT, "%,d CR LF line ends became LF", pairs)));
    if (returns > 0) notes.add(new Note(name, String.format(Locale.ROOT, "%,d lone CR became LF", returns)));
    return notes;
  }

  private void control(int c, char[] chars, int at, long offset) {
    if (c == 0) throw Encoding.binary(position(), offset + bytes(chars, at), "it holds a NUL character");
    if (control == 0) firstControl = offset + bytes(chars, at);
    if (control++ < TextFile.PLACES) controlAt.add(position());
  }

  /** How many bytes the first {@code n} chars were. */
  private long bytes(char[] chars, int n) { return charset.canEncode() ? new String(chars, 0, n).getBytes(charset).length : 0; }

  private void give(int c) {
    codePoints++;
    if (c == '\n') {
      line++;
      column = 1;
    } else {
      column++;
    }
    sink.accept(c);
  }
}
