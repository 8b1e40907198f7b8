package org.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
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
  void require_refusesAPageThatCannotTakeTheTable(@TempDir Path dir) throws IOException {
    var page = Files.writeString(dir.resolve("page.md"), "a\n");
    var none = assertThrows(Fault.class, () -> Page.require(page));
    assertEquals("the page has no place for the table", none.what());
    assertEquals(page.toString(), none.where());
    assertEquals(Code.G003, assertThrows(Fault.class, () -> Page.require(dir)).code());
    Files.writeString(page, Page.BEGIN + "\n" + Page.END + "\n");
    Page.require(page);
    assertEquals(Page.BEGIN + "\n" + Page.END + "\n", Files.readString(page), "nothing is written");
  }

  @Test
  void put_ofFewerRows_saysSo(@TempDir Path dir) throws IOException {
    var page = Files.writeString(dir.resolve("page.md"), Page.BEGIN + "\n" + Page.END + "\n");
    assertEquals("", Page.put(page, "a\n  unroll  2 thr\nb\n  unroll  2 thr\n"));
    assertEquals(page + " had 2 rows and has 1 now; with --out and --resume a table keeps earlier ones", Page.put(page, "a\n  unroll  2 thr\n"));
  }

  @Test
  void with_noMarks_isRefused() {
    assertEquals("the page has no place for the table", assertThrows(Fault.class, () -> Page.with("a", "b")).what());
  }
}
