package org.unroll.file;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.JsonWriter.Form;

/**
 * JSON (RFC 8259), strictly: no comments, no trailing commas, no key twice, no number that 64 bits cannot hold, no half of
 * a surrogate pair. Values are {@link Map} in the order read, {@link List}, {@link String}, {@link Long} (written without
 * point and exponent), {@link Double}, {@link Boolean} and null. Limits are checked while reading, before memory is spent.
 */
public final class Json {

  /**
   * What a text may be and which codes say that it is not.
   *
   * @param code of a fault in the text
   * @param twice code of a key given twice
   * @param depth of nested objects and lists
   * @param length of the text in bytes of UTF-8
   * @param string length of one string in chars
   * @param number length of one number in chars
   * @param firstByte where the text begins in its file; faults name bytes of the file
   */
  public record Rules(Code code, Code twice, int depth, int length, int string, int number, int firstByte) {
    /** For configs: 32 deep, 1 MiB, strings of 64 Ki, numbers of 64 chars. */
    public static final Rules CONFIG = new Rules(Code.C001, Code.C013, 32, 1 << 20, 1 << 16, 64, 0);
  }

  private final String text;
  private final String where;
  private final Rules rules;
  private int at;

  private Json(String text, String where, Rules rules) {
    this.text = text;
    this.where = where;
    this.rules = rules;
  }

  /** Reads {@code utf8}; {@code where} names it in faults, which add line, column and byte. */
  public static Object read(byte[] utf8, String where, Rules rules) {
    checkLength(utf8.length, where, rules);
    var bytes = ByteBuffer.wrap(utf8);
    var chars = CharBuffer.allocate(utf8.length);
    var result = StandardCharsets.UTF_8.newDecoder().decode(bytes, chars, true);
    var text = chars.flip().toString();
    if (result.isError()) throw new Json(text, where, rules).fault(rules.code, text.length(), "not valid UTF-8");
    return read(text, where, rules);
  }

  /** Reads {@code text}; {@code where} names it in faults, which add line, column and byte. */
  public static Object read(String text, String where, Rules rules) {
    checkLength(text.length(), where, rules);
    var json = new Json(text, where, rules);
    var value = json.value(0);
    json.space();
    if (json.at < text.length()) throw json.fault("expected the end of the text, got " + json.seen());
    return value;
  }

  private static void checkLength(int length, String where, Rules rules) {
    if (length <= rules.length) return;
    throw Fault.of(rules.code, "%d bytes of JSON", length).at(where).because("at most %d are read", rules.length);
  }

  private Object value(int depth) {
    space();
    if (at == text.length()) throw fault("expected a value, got " + seen());
    return switch (text.charAt(at)) {
      case '{' -> object(depth + 1);
      case '[' -> list(depth + 1);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw fault("expected a value, got " + seen());
    };
  }

  private Map<String, Object> object(int depth) {
    enter(depth);
    var map = new LinkedHashMap<String, Object>();
    var places = new HashMap<String, Integer>();
    if (next('}')) return map;
    do {
      space();
      int place = at;
      if (at == text.length() || text.charAt(at) != '"') throw fault("expected a key in double quotes, got " + seen());
      var key = string();
      var first = places.putIfAbsent(key, place);
      if (first != null) {
        throw fault(rules.twice, place, "the key \"" + key + "\" is given twice").because("first given at %s", place(first));
      }
      if (!next(':')) throw fault("expected ':', got " + seen());
      map.put(key, value(depth));
    } while (next(','));
    if (!next('}')) throw fault("expected ',' or '}', got " + seen());
    return map;
  }

  private List<Object> list(int depth) {
    enter(depth);
    var list = new ArrayList<Object>();
    if (next(']')) return list;
    do list.add(value(depth)); while (next(','));
    if (!next(']')) throw fault("expected ',' or ']', got " + seen());
    return list;
  }

  private void enter(int depth) {
    if (depth > rules.depth) throw fault("nested deeper than " + rules.depth);
    at++;
  }

  private String string() {
    int open = at++;
    var s = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c < ' ') throw fault("a control character in a string must be escaped");
      at++;
      if (c == '"') {
        var string = s.toString();
        if (!isUnicode(string)) throw fault(rules.code, open, "a string with half of a surrogate pair");
        return string;
      }
      s.append(c == '\\' ? escape() : c);
      if (s.length() > rules.string) throw fault(rules.code, open, "a string longer than " + rules.string + " characters");
    }
    throw fault(rules.code, open, "a string without its closing quote");
  }

  private char escape() {
    char c = at < text.length() ? text.charAt(at++) : 0;
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) return "\"\\/\b\f\n\r\t".charAt(plain);
    int value = 0;
    for (int i = 0; c == 'u' && i < 4; i++) {
      int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at++), 16) : -1;
      value = digit < 0 || value < 0 ? -1 : value * 16 + digit;
    }
    if (c != 'u' || value < 0) throw fault("an escape that JSON does not have");
    return (char) value;
  }

  private Object number() {
    int start = at;
    if (text.charAt(at) == '-') at++;
    if (at < text.length() && text.charAt(at) == '0') at++;
    else digits();
    boolean whole = !has('.') && !has('e') && !has('E');
    if (has('.')) {
      at++;
      digits();
    }
    if (has('e') || has('E')) {
      at++;
      if (has('+') || has('-')) at++;
      digits();
    }
    if (at - start > rules.number) throw fault(rules.code, start, "a number longer than " + rules.number + " characters");
    var number = text.substring(start, at);
    if (whole && !number.equals("-0")) {
      try {
        return Long.valueOf(number);
      } catch (NumberFormatException e) {
        throw fault(rules.code, start, "a whole number that 64 bits cannot hold: " + number);
      }
    }
    double value = Double.parseDouble(number);
    if (Double.isInfinite(value)) throw fault(rules.code, start, "a number that 64 bits cannot hold: " + number);
    return value;
  }

  private void digits() {
    if (at == text.length() || !isDigit(text.charAt(at))) throw fault("expected a digit, got " + seen());
    while (at < text.length() && isDigit(text.charAt(at))) at++;
  }

  private static boolean isDigit(char c) { return c >= '0' && c <= '9'; }

  private boolean has(char c) { return at < text.length() && text.charAt(at) == c; }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) throw fault("expected a value, got " + seen());
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
  }

  private boolean next(char c) {
    space();
    if (!has(c)) return false;
    at++;
    return true;
  }

  private String seen() {
    if (at == text.length()) return "the end of the text";
    int c = text.codePointAt(at);
    return Character.isISOControl(c) ? String.format(Locale.ROOT, "U+%04X", c) : "'" + Character.toString(c) + "'";
  }

  private Fault fault(String what) { return fault(rules.code, at, what); }

  private Fault fault(Code code, int index, String what) {
    return Fault.of(code, "%s", what).at("%s:%s", where, place(index));
  }

  /** {@code line:column (byte n)}: line and column from 1, columns in code points, bytes from 0. */
  private String place(int index) {
    var before = text.substring(0, index);
    int start = before.lastIndexOf('\n') + 1;
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    int bytes = rules.firstByte + before.getBytes(StandardCharsets.UTF_8).length;
    return line + ":" + (before.codePointCount(start, index) + 1) + " (byte " + bytes + ")";
  }

  /** No half of a surrogate pair alone: such a string has no UTF-8 form. */
  static boolean isUnicode(String s) {
    return s.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /**
   * One line of JSON. A {@link java.util.SequencedMap} keeps its order, any other map is sorted by key. Chinese is written
   * as it is. A double reads back as itself, a float as a double that casts to itself.
   */
  public static String write(Object value) { return new JsonWriter(Form.LINE).write(value); }

  /** JSON over several lines, indented by two. */
  public static String pretty(Object value) { return new JsonWriter(Form.PAGE).write(value) + "\n"; }

  /**
   * One line of JSON for a terminal and for programs that read our output. What JSON or a terminal has no form for is there all
   * the same: NaN and infinities as strings, any other object by its text, control characters and half of a pair escaped.
   */
  public static String shown(Object value) { return new JsonWriter(Form.SHOWN).write(value); }
}
