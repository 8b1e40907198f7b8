package org.unroll.tasks.errata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/errata.md is what the sources say now, and both languages say the same. */
class ErrataPageTest {

  @Test void page_inBothLanguages_isFresh() throws IOException {
    fresh("errata.md", "en", "./unroll errata --markdown > docs/errata.md");
    fresh("errata.zh-CN.md", "zh", "./unroll errata --markdown --lang zh > docs/errata.zh-CN.md");
  }

  private static void fresh(String file, String language, String mend) throws IOException {
    var want = ErrataPage.markdown(language).lines().toList();
    var got = Files.readAllLines(Path.of("..", "docs", file));
    var stale = "docs/" + file + " is stale: " + mend;
    for (int i = 0; i < Math.min(want.size(), got.size()); i++) assertEquals(want.get(i), got.get(i), stale);
    assertEquals(want.size(), got.size(), stale);
  }

  @Test void words_ofBothLanguages_haveTheSameKeys() {
    assertEquals(ErrataText.of("en").words().keySet(), ErrataText.of("zh").words().keySet());
  }

  @Test void words_everyOne_isTold() {
    var page = ErrataPage.markdown("en");
    ErrataText.of("en").words().forEach((key, words) -> {
      for (var line : words.lines().toList()) {
        assertTrue(page.contains(key.equals("documents") ? line.replaceFirst(" +", ": ") : line), key + ": " + line);
      }
    });
  }

  @Test void words_inChinese_areChinese() {
    for (var e : Errata.all("zh")) {
      for (var words : new String[] {e.title(), e.why(), e.trials().getFirst().caption()}) {
        assertTrue(words.matches(".*\\p{IsHan}.*") || words.equals("∂h_3/∂h_0。"), e.id() + ": " + words);
      }
    }
  }

  @Test void numbers_areShort() {
    assertEquals("0", ErrataPage.value(0));
    assertEquals("-0.0188954", ErrataPage.value(-0.01889541234));
    assertEquals("4.01999e+07", ErrataPage.value(40199900));
    assertEquals("4.44534e-05", ErrataPage.value(0.0000444534));
    assertEquals("3325.26", ErrataPage.value(3325.256));
    assertEquals("2", ErrataPage.value(2));
    assertEquals("100", ErrataPage.value(100));
    assertEquals("46.1 %", ErrataPage.error(0.461));
    assertEquals("34 ×", ErrataPage.error(34.07));
    assertEquals("1.6e-10", ErrataPage.error(1.6e-10));
    assertEquals("0", ErrataPage.error(0));
  }
}
