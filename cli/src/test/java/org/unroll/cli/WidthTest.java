package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class WidthTest {
  @Test void of_chineseKanaHangulEmoji_isTwoEach() {
    assertEquals(10, Width.of("床前明月光"));
    assertEquals(2, Width.of("，"));
    assertEquals(4, Width.of("かナ"));
    assertEquals(2, Width.of("한"));
    assertEquals(2, Width.of("😀"));
    assertEquals(2, Width.of("𠀀"));
  }

  @Test void of_latinGreekBoxes_isOneEach() {
    assertEquals(5, Width.of("aé│━α"));
    assertEquals(1, Width.of("ｱ"));
  }

  @Test void of_marksAndJoiners_isNone() {
    assertEquals(1, Width.of("e\u0301"));
    assertEquals(0, Width.of("\u200d\u200b"));
  }

  @Test void cutAndPad_countColumns() {
    assertEquals("床前…", Width.cut("床前明月光", 5));
    assertEquals("床前…", Width.cut("床前明月光", 6));
    assertEquals("床前明月光", Width.cut("床前明月光", 10));
    assertEquals("床  ", Width.pad("床", 4));
    assertEquals("", Width.cut("abc", 0));
  }

  @Test void json_escapesAndOrders() {
    var o = new LinkedHashMap<String, Object>();
    o.put("v", 1);
    o.put("诗", List.of("a\"\\\n\u001b", true, 2.5));
    o.put("n", null);
    o.put("nan", Double.NaN);
    o.put("lone", "\ud800x");
    assertEquals("{\"v\":1,\"诗\":[\"a\\\"\\\\\\n\\u001b\",true,2.5],\"n\":null,\"nan\":\"NaN\",\"lone\":\"\\ud800x\"}",
        Json.of(o));
    assertEquals("[[],{}]", Json.of(Arrays.asList(List.of(), java.util.Map.of())));
  }
}
