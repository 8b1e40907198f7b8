package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class JsonTest {
  private static final Json.Rules SMALL = new Json.Rules(Code.M003, Code.C013, 3, 100, 8, 10, 8);

  private static Object read(String text) { return Json.read(text, "a.json", Json.Rules.CONFIG); }

  private static Fault fault(String text, Json.Rules rules) {
    return assertThrows(Fault.class, () -> Json.read(text, "a.json", rules));
  }

  private static void refused(String text, String message) {
    var f = fault(text, Json.Rules.CONFIG);
    assertEquals(message, f.getMessage());
    assertEquals(Code.C001, f.code());
  }

  @Test void values_ofEveryKind_areRead() {
    var expected = new LinkedHashMap<String, Object>();
    expected.put("b", Arrays.asList(1L, -2L, 0.5, true, false, null, "明月\"\\/\b\f\n\r\t\u00e9\ud83c\udf19"));
    expected.put("a", Map.of());
    var text = " {\"b\": [1,-2 ,5e-1,true,false,null,\"明月\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83c\\uDF19\"],\r\n\t\"a\":{} } ";
    assertEquals(expected, read(text));
    assertEquals(List.of("b", "a"), List.copyOf(((Map<?, ?>) read(text)).keySet()));
    assertNull(read("null"));
    assertEquals(List.of(), read("[ ]"));
  }

  @Test void numbers_keepTheirKind() {
    assertEquals(Long.MAX_VALUE, read("9223372036854775807"));
    assertEquals(Long.MIN_VALUE, read("-9223372036854775808"));
    assertEquals(1.0, read("1.0"));
    assertEquals(100.0, read("1e2"));
    assertEquals(0L, read("0"));
    assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits((Double) read("-0")));
    assertInstanceOf(Long.class, read("10"));
  }

  @Test void text_thatIsNotJson_isRefusedWithItsPlace() {
    refused("", "a.json:1:1 (byte 0): expected a value, got the end of the text");
    refused("{\"a\":1", "a.json:1:7 (byte 6): expected ',' or '}', got the end of the text");
    refused("{\"月\":\n 1 2}", "a.json:2:4 (byte 11): expected ',' or '}', got '2'");
    refused("{\"月\":é}", "a.json:1:6 (byte 7): expected a value, got 'é'");
    refused("[1,]", "a.json:1:4 (byte 3): expected a value, got ']'");
    refused("[1;]", "a.json:1:3 (byte 2): expected ',' or ']', got ';'");
    refused("{\"a\":1,}", "a.json:1:8 (byte 7): expected a key in double quotes, got '}'");
    refused("{a:1}", "a.json:1:2 (byte 1): expected a key in double quotes, got 'a'");
    refused("{\"a\"1}", "a.json:1:5 (byte 4): expected ':', got '1'");
    refused("1 2", "a.json:1:3 (byte 2): expected the end of the text, got '2'");
    refused("\u0007", "a.json:1:1 (byte 0): expected a value, got U+0007");
    refused("\ufeff1", "a.json:1:1 (byte 0): expected a value, got '\ufeff'");
    refused("tru", "a.json:1:1 (byte 0): expected a value, got 't'");
    refused("NaN", "a.json:1:1 (byte 0): expected a value, got 'N'");
  }

  @Test void numbers_thatJsonDoesNotHave_areRefused() {
    refused("01", "a.json:1:2 (byte 1): expected the end of the text, got '1'");
    refused("+1", "a.json:1:1 (byte 0): expected a value, got '+'");
    refused("-", "a.json:1:2 (byte 1): expected a digit, got the end of the text");
    refused("1.", "a.json:1:3 (byte 2): expected a digit, got the end of the text");
    refused("1e+x", "a.json:1:4 (byte 3): expected a digit, got 'x'");
    refused("1e999", "a.json:1:1 (byte 0): a number that 64 bits cannot hold: 1e999");
    refused("9223372036854775808", "a.json:1:1 (byte 0): a whole number that 64 bits cannot hold: 9223372036854775808");
    refused("١", "a.json:1:1 (byte 0): expected a value, got '١'");
  }

  @Test void strings_thatJsonDoesNotHave_areRefused() {
    refused("\"a\nb\"", "a.json:1:3 (byte 2): a control character in a string must be escaped");
    refused("\"a\\x\"", "a.json:1:5 (byte 4): an escape that JSON does not have");
    refused("\"\\u12g4\"", "a.json:1:8 (byte 7): an escape that JSON does not have");
    refused("\"\\u12", "a.json:1:6 (byte 5): an escape that JSON does not have");
    refused("\"abc", "a.json:1:1 (byte 0): a string without its closing quote");
    refused("\"abc\\", "a.json:1:6 (byte 5): an escape that JSON does not have");
    refused("\"\\ud800\"", "a.json:1:1 (byte 0): a string with half of a surrogate pair");
  }

  @Test void key_givenTwice_namesBothPlaces() {
    var f = fault("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", Json.Rules.CONFIG);
    assertEquals("a.json:3:2 (byte 19): the key \"a\" is given twice; first given at 1:2 (byte 1)", f.getMessage());
    assertEquals(Code.C013, f.code());
    assertEquals(List.of(Map.of("a", 1L), Map.of("a", 2L)), read("[{\"a\":1},{\"a\":2}]"));
  }

  @Test void limits_areKept_andBytesCountFromTheFile() {
    assertEquals(List.of(List.of(List.of())), Json.read("[[[]]]", "f", SMALL));
    assertEquals("a.json:1:4 (byte 11): nested deeper than 3", fault("[[[[]]]]", SMALL).getMessage());
    assertEquals("12345678", Json.read("\"12345678\"", "f", SMALL));
    assertEquals("a.json:1:1 (byte 8): a string longer than 8 characters", fault("\"123456789\"", SMALL).getMessage());
    assertEquals(1234567890L, Json.read("1234567890", "f", SMALL));
    assertEquals("a.json:1:1 (byte 8): a number longer than 10 characters", fault("12345678901", SMALL).getMessage());
    assertEquals("a.json: 101 bytes of JSON; at most 100 are read", fault(" ".repeat(101), SMALL).getMessage());
    assertEquals("a.json:1:33 (byte 32): nested deeper than 32", fault("[".repeat(100_000), Json.Rules.CONFIG).getMessage());
  }

  @Test void bytes_thatAreNotUtf8_areRefusedWithTheirPlace() {
    for (var hex : List.of("220ac362", "220aeda080", "220ae698")) { // continued wrongly, a surrogate, cut short
      var bad = HexFormat.of().parseHex(hex);
      var f = assertThrows(Fault.class, () -> Json.read(bad, "a.json", SMALL));
      assertEquals("a.json:2:1 (byte 10): not valid UTF-8", f.getMessage());
    }
    assertEquals("明", Json.read("\"明\"".getBytes(StandardCharsets.UTF_8), "f", SMALL));
  }

  @Test void write_isDeterministic_andKeepsOrAddsAnOrder() {
    var map = new LinkedHashMap<String, Object>();
    map.put("z", List.of(1, 2L, 0.5f));
    map.put("a", new HashMap<>(Map.of("q", true, "p", "床前\"\\\n\u0001\u007f", "b", 1e300)));
    map.put("e", Map.of());
    map.put("n", null);
    assertEquals("{\"z\":[1,2,0.5],\"a\":{\"b\":1.0E300,\"p\":\"床前\\\"\\\\\\n\\u0001\\u007f\",\"q\":true},\"e\":{},\"n\":null}",
        Json.write(map));
    var falling = new TreeMap<>(Map.of("z", List.of(1), "e", Map.of())).descendingMap();
    assertEquals("{\n  \"z\": [\n    1\n  ],\n  \"e\": {}\n}\n", Json.pretty(falling));
  }

  @Test void write_ofWhatJsonLacks_isRefused() {
    assertEquals("JSON has no number NaN; write it as a string",
        assertThrows(Fault.class, () -> Json.write(Double.NaN)).getMessage());
    assertEquals(Code.C030, assertThrows(Fault.class, () -> Json.write(Float.NEGATIVE_INFINITY)).code());
    assertThrows(Fault.class, () -> Json.write("\ud800"));
    assertThrows(IllegalArgumentException.class, () -> Json.write(new Object()));
  }

  @Test void shown_ofWhatJsonOrATerminalLacks_isText() {
    var o = new LinkedHashMap<String, Object>();
    o.put("诗", List.of("a\"\\\n\u001b\u009b\u2028", true, 2.5));
    o.put("n", null);
    o.put("nan", Double.NaN);
    o.put("inf", Float.NEGATIVE_INFINITY);
    o.put("half", "\ud800x😀");
    o.put("code", Code.C030);
    assertEquals("{\"诗\":[\"a\\\"\\\\\\n\\u001b\\u009b\\u2028\",true,2.5],\"n\":null,\"nan\":\"NaN\",\"inf\":\"-Infinity\","
        + "\"half\":\"\\ud800x😀\",\"code\":\"C030\"}", Json.shown(o));
    assertEquals("\"\u2028\"", Json.write("\u2028"));
  }

  @Test void numbers_afterWriteAndRead_haveTheSameBits() {
    var random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      float f = Float.intBitsToFloat(random.nextInt());
      double d = Double.longBitsToDouble(random.nextLong());
      if (Float.isFinite(f)) assertEquals(f, (float) (double) (Double) read(Json.write(f)));
      if (Double.isFinite(d)) assertEquals(d, read(Json.write(d)));
    }
    assertEquals("0.1", Json.write(0.1f));
  }

  @Test void values_afterWriteAndRead_areEqual() {
    var random = new Random(11);
    for (int i = 0; i < 500; i++) {
      var value = value(random, 0);
      assertEquals(value, read(Json.write(value)));
      assertEquals(value, read(Json.pretty(value)));
    }
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth < 4 ? 7 : 5)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextGaussian();
      case 2 -> random.nextBoolean();
      case 3 -> null;
      case 4 -> {
        var s = new StringBuilder();
        random.ints(random.nextInt(6), 0, 0xD800).forEach(s::appendCodePoint);
        yield s.toString();
      }
      case 5 -> {
        var list = new ArrayList<Object>();
        for (int i = random.nextInt(5); i > 0; i--) list.add(value(random, depth + 1));
        yield list;
      }
      default -> {
        var map = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(5); i > 0; i--) map.put("k" + random.nextInt(100), value(random, depth + 1));
        yield map;
      }
    };
  }
}
