package org.unroll.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.model.Model;

/** Every program on docs/library.md runs and does what the page says. */
class LibraryPageTest {
  private static final Path PAGE = Path.of("..", "docs", "library.md");
  private static final Pattern PROGRAM = Pattern.compile("```java\\R// (\\w+\\.java)\\R(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test void programs_onThePage_run() throws Exception {
    var programs = new LinkedHashMap<String, String>();
    for (var m = PROGRAM.matcher(Files.readString(PAGE)); m.find();) programs.put(m.group(1), m.group(2));
    assertEquals(List.of("Poems.java", "Stream.java", "Sine.java", "Look.java"), List.copyOf(programs.keySet()));
    var save = programs.get("Poems.java").indexOf(".save(");
    assertTrue(save > 0 && save < programs.get("Poems.java").indexOf(".generate("), "the file that the others load is there whatever is generated");
    Files.writeString(folder.resolve("poems.txt"), "床前明月光，疑是地上霜。\n舉頭望明月，低頭思故鄉。\n".repeat(80));
    for (var p : programs.entrySet()) Files.writeString(folder.resolve(p.getKey()), p.getValue());

    var poems = run("Poems.java").lines().toList();
    assertEquals(24, poems.subList(0, poems.size() - 1).stream().mapToInt(String::length).sum() + poems.size() - 2, poems.toString());
    assertTrue(poems.getFirst().startsWith("明月光，疑是地上霜。"), poems.toString());
    assertTrue(Double.parseDouble(poems.getLast().split(" ")[1]) < 1.2, poems.toString());

    assertEquals(List.of("5 symbols read, then 光", "5 and 6"), run("Stream.java").lines().toList());

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

  private String run(String program) throws IOException, InterruptedException {
    var modules = new StringBuilder();
    for (var c : List.of(Model.class, LanguageModel.class, org.snakeyaml.engine.v2.api.Load.class)) {
      modules.append(Path.of(c.getProtectionDomain().getCodeSource().getLocation().getPath())).append(File.pathSeparator);
    }
    var out = folder.resolve("out.txt");
    var p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dstdout.encoding=UTF-8", "--module-path", modules.toString(),
        "--add-modules", "org.unroll.tasks,jdk.incubator.vector", program).directory(folder.toFile())
        .redirectOutput(out.toFile()).redirectError(folder.resolve("err.txt").toFile());
    p.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
    assertEquals(0, p.start().waitFor(), () -> error(program));
    return Files.readString(out);
  }

  private String error(String program) {
    try {
      return program + ": " + Files.readString(folder.resolve("err.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
