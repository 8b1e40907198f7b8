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

  @Test void folded_breaksAtSpacesAndBetweenChineseCharacters() {
    assertEquals(java.util.List.of("one two", "three"), Width.folded("one two three", 8));
    assertEquals(java.util.List.of("longerthan", "it"), Width.folded("longerthan it", 4));
    assertEquals(java.util.List.of("床前明", "月光，", "疑"), Width.folded("床前明月光，疑", 6));
    assertEquals(java.util.List.of("用 W_fh", "来检查"), Width.folded("用 W_fh 来检查", 8));
  }

  @Test void cutAndPad_countColumns() {
    assertEquals("床前…", Width.cut("床前明月光", 5));
    assertEquals("床前…", Width.cut("床前明月光", 6));
    assertEquals("床前明月光", Width.cut("床前明月光", 10));
    assertEquals("床  ", Width.pad("床", 4));
    assertEquals("", Width.cut("abc", 0));
  }
}
