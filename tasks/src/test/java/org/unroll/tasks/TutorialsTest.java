package org.unroll.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every program of the tutorials runs, and prints what its page says. */
class TutorialsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tutorials/jordan", "tutorials/gru-reset", "tutorials/depth", "tutorials/hopfield", "tutorials/crf"})
  void program_printsWhatItsPageSays_inBothLanguages(String name) throws Exception {
    var page = Programs.page(name + ".md");
    var chinese = Programs.page(name + ".zh-CN.md");
    assertEquals(Programs.on(page), Programs.on(chinese));
    assertEquals(Programs.files(page), Programs.files(chinese));
    for (var file : Programs.files(page).entrySet()) Files.writeString(folder.resolve(file.getKey()), file.getValue());
    assertEquals(1, Programs.on(page).size());
    assertEquals(page.split("```", -1).length, 2 * (1 + Programs.files(page).size() + Programs.outputs(page).size()) + 1, "all blocks are run");
    var program = Programs.on(page).entrySet().iterator().next();
    var printed = new Programs(folder).run(program.getKey(), program.getValue());
    assertEquals(printed, Programs.outputs(page).getFirst());
    assertEquals(printed, Programs.outputs(chinese).getFirst());
  }

  @Test void stacks_theShortestProgram_printsWhatThePageSays() throws Exception {
    var page = Programs.page("stacks.md");
    var chinese = Programs.page("stacks.zh-CN.md");
    assertEquals(Programs.on(page), Programs.on(chinese));
    assertEquals(Programs.files(page), Programs.files(chinese));
    assertEquals(Programs.outputs(page), Programs.outputs(chinese));
    assertEquals(page.split("```").length, chinese.split("```").length);
    for (var p : List.of(page, chinese)) assertTrue(p.contains("    java --module-path /path/to/unroll/cli/target/lib --add-modules "
        + "org.unroll.tasks,jdk.incubator.vector Xor.java\n"), "how to run it");
    for (var file : Programs.files(page).entrySet()) Files.writeString(folder.resolve(file.getKey()), file.getValue());
    var printed = new Programs(folder).run("Xor.java", Programs.on(page).get("Xor.java"));
    assertEquals(Programs.outputs(page).getFirst(), printed);
  }

  @Test void ownCell_passes_andWithoutAlphaFails() throws Exception {
    var page = Programs.page("own-cell.md");
    var program = Programs.on(page).get("OwnCell.java");
    assertTrue(program.lines().count() <= 42, "the page promises a small class");
    var printed = new Programs(folder).run("OwnCell.java", program);
    assertEquals(figures(Programs.outputs(page).getFirst()), figures(printed.stripTrailing() + "\n"));
    assertTrue(printed.contains(" cases, all hold\n") && !printed.contains("FAILED"), printed);

    var wrong = new Programs(folder).run("OwnCell.java", program.replace("d * alpha * (1 - tanh", "d * (1 - tanh"));
    var said = Programs.outputs(page).get(1).lines().map(TutorialsTest::figures).toList();
    assertEquals(said, wrong.lines().limit(2).map(TutorialsTest::figures).toList());
    assertEquals(10, wrong.lines().filter(l -> l.endsWith("  FAILED")).count(), wrong);
  }

  /** How many cases there are may change; what is said of them may not. */
  private static String figures(String s) { return s.replaceAll("\\d+(\\.\\d+)?(e[-+]?\\d+)?", "#"); }
}
