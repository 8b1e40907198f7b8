package org.unroll.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every program on docs/library.md runs and does what the page says. */
class LibraryPageTest {
  @TempDir Path folder;
  private Map<String, String> programs;

  @Test void programs_onThePage_run() throws Exception {
    programs = Programs.on(Programs.page("library.md"));
    assertEquals(List.of("Poems.java", "Stream.java", "Sine.java", "Look.java", "Many.java", "Plain.java"), List.copyOf(programs.keySet()));
    var save = programs.get("Poems.java").indexOf(".save(");
    assertTrue(save > 0 && save < programs.get("Poems.java").indexOf(".generate("), "the file that the others load is there whatever is generated");
    Files.writeString(folder.resolve("poems.txt"), "床前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。\n".repeat(80));

    var poems = run("Poems.java").lines().toList();
    assertEquals(24, poems.subList(0, poems.size() - 1).stream().mapToInt(String::length).sum() + poems.size() - 2, poems.toString());
    assertTrue(poems.getFirst().startsWith("明月光，疑是地上霜。"), poems.toString());
    assertTrue(Double.parseDouble(poems.getLast().split(" ")[1]) < 1.2, poems.toString());

    assertEquals(List.of("5 symbols read, then 光", "5 and 6"), run("Stream.java").lines().toList());

    assertEquals(List.of("[5, 4, 3, 2, 1]", "the same bits: true"), run("Many.java").lines().toList());

    var plain = run("Plain.java").lines().map(l -> l.split(" ")).toList();
    assertEquals(List.of("fast", "plain", "scalar"), plain.stream().map(p -> p[0]).toList());
    for (var p : plain) assertEquals(poems.getLast().split(" ")[1], p[1], p[0]);

    var look = run("Look.java").lines().toList();
    assertTrue(look.getFirst().startsWith("lstm has the gates i f g o and the state h c; forget gate wide open at "), look.toString());
    assertTrue(look.get(1).startsWith("c = f ⊙ c' + i ⊙ g; of symbol 1 is left at symbol 5: 0."), look.toString());
    assertTrue(Double.parseDouble(look.get(2).replaceAll(".* ", "")) < 1e-5, look.toString());
    assertEquals(4, look.size(), look.toString());

    var sine = run("Sine.java").lines().toList();
    assertTrue(Double.parseDouble(sine.getFirst().split(" ")[1]) < 1e-3, sine.toString());
    var numbers = sine.getLast().split("[ ,]+");
    assertEquals(Double.parseDouble(numbers[1]), Double.parseDouble(numbers[3]), 0.05, sine.toString());
  }

  private String run(String name) throws IOException, InterruptedException { return new Programs(folder).run(name, programs.get(name)); }
}
