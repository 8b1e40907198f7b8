package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.unroll.bench.Line.Missing.Why;

/** Lines are read as they were written, and those of older files too. */
class LineTest {

  @Test
  void missing_keepsWhy() {
    for (var why : Why.values()) {
      var line = new Line.Missing("crf T64", 2, "dl4j", "it has no CRF", why);
      assertEquals("missing\tcrf T64\t2\tdl4j\tit has no CRF\t" + why, line.text());
      assertEquals(line, Line.parse(line.text()));
    }
  }

  /** Files of before tell by their words alone. */
  @Test
  void missing_ofAnOlderFile_isKnownByItsWords() {
    assertEquals(Why.STOPPED, why("took longer than 180 s"));
    assertEquals(Why.STOPPED, why("ended the process, status 134"));
    assertEquals(Why.NOT_ASKED, why("measured in lstm-train, elsewhere if --peers names it"));
    assertEquals(Why.ABSENT, why("IllegalStateException: took longer than it may"));
  }

  private static Why why(String reason) { return ((Line.Missing) Line.parse("missing\tcrf T64\t2\tdl4j\t" + reason)).why(); }

  @Test
  void line_ofSomethingElse_isNone() {
    assertNull(Line.parse("missing\tcrf T64\ttwo\tdl4j\tno"));
    assertNull(Line.parse("a library says hello"));
  }
}
