package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
