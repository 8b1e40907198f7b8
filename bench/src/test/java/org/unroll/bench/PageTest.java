package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.unroll.fault.Fault;

class PageTest {
  @Test
  void with_replacesWhatStandsBetweenTheMarks() {
    String page = "a\n" + Page.BEGIN + "\nold\n" + Page.END + "\nb\n";
    String once = Page.with(page, "new\n");
    assertEquals("a\n" + Page.BEGIN + "\n```text\nnew\n```\n" + Page.END + "\nb\n", once);
    assertEquals(once, Page.with(once, "new\n"));
  }

  @Test
  void with_noMarks_isRefused() {
    assertEquals("the page has no place for the table", assertThrows(Fault.class, () -> Page.with("a", "b")).what());
  }
}
