package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.unroll.file.Json;

class ErrataCommandTest {

  private static String out(String... args) {
    var r = Terminalless.run(args);
    assertEquals(0, r.status(), r.err());
    return r.out();
  }

  @Test void errata_withoutId_areListed() {
    var r = Terminalless.run("errata");
    var lines = r.out().lines().toList();
    assertEquals(29, lines.size());
    assertEquals("E01    200.0 %  000, exercises 25.3 and 25.4  ", lines.getFirst().substring(0, 46));
    assertTrue(lines.getFirst().endsWith("  the gradient of the scores has the wrong sign"), lines.getFirst());
    assertTrue(lines.getLast().startsWith("E29          –  004 (43)"), lines.getLast());
    assertTrue(r.err().endsWith("one in full: unroll errata E21\n"), r.err());
  }

  @Test void errata_ofAnId_isShownInFull() {
    var out = out("errata", "e21");
    assertTrue(out.startsWith("E21  the error reaches the step before through h alone; the way through the cell is missing\n"), out);
    assertEquals(4, out.lines().filter(l -> l.matches("  δW +\\[\\d+].*│ .* \\d\\d\\.\\d %  │ .* \\d\\.\\de-\\d\\d")).count(), out);
    assertEquals(2, out.lines().filter(l -> l.matches("  δR +\\[\\d+].*│ .* \\d\\.\\de-\\d\\d  │ .* \\d\\.\\de-\\d\\d")).count(), out);
    for (var line : out.lines().toList()) assertTrue(Width.of(line) <= 112, line);
  }

  @Test void errata_inChinese_speakChinese() {
    assertTrue(out("errata", "E21", "--lang", "zh").startsWith("E21  误差只经 h 传到上一步，漏了经过单元状态的一路\n"));
    assertTrue(out("errata", "--lang", "zh").lines().allMatch(l -> l.matches(".*\\p{IsHan}.*")));
  }

  @Test void errata_asJson_areObjects() {
    assertEquals(29, out("errata", "--json").lines().filter(l -> l.startsWith("{\"v\":1,\"id\":\"E")).count());
    var one = out("errata", "E21", "E27", "--json").lines().toList();
    assertEquals(2, one.size());
    assertTrue(one.getFirst().contains("\"trials\":[{\"caption\":\"Eight steps") && one.getFirst().contains("\"printed_error\":0."), one.getFirst());
    assertTrue(Json.read(one.getFirst(), "errata", Json.Rules.CONFIG) instanceof java.util.Map);
  }

  @Test void errata_ofAnUnknownId_areUsage() {
    var r = Terminalless.run("errata", "E31x");
    assertEquals(2, r.status());
    assertTrue(r.err().contains("no erratum is called E31x") && r.err().contains("ids go from E01 to E29")
        && r.err().contains("all errata: unroll errata"), r.err());
    assertTrue(Terminalless.run("errata", "21").err().contains("did you mean E21?"));
    assertFalse(Terminalless.run("errata", "E99").err().contains("did you mean"));
    assertTrue(Terminalless.run("errata", "x", "--lang", "zh").err().contains("没有名为 x 的勘误"));
    assertEquals(2, Terminalless.run("errata", "E21", "--markdown").status());
    assertEquals(2, Terminalless.run("errata", "--json", "--markdown").status());
  }

  @Test void errata_asMarkdown_areThePage() { assertTrue(out("errata", "--markdown").contains("\n## E29\n")); }
}
