package org.unroll.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.unroll.model.Model;

/** The programs on a page of {@code docs}, run in a folder of their own as a reader would. */
public record Programs(Path folder) {
  private static final Pattern PROGRAM = Pattern.compile("```java\\R(// (\\w+\\.java)\\R.*?)```", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile("```yaml\\R(# (\\w+\\.yaml)\\R.*?)```", Pattern.DOTALL);
  private static final Pattern OUTPUT = Pattern.compile("```\\R(.*?)```", Pattern.DOTALL);

  /** @param name below {@code docs} */
  public static String page(String name) throws IOException { return Files.readString(Path.of("..", "docs").resolve(name)); }

  /** By file name, in the order of the page. */
  public static Map<String, String> on(String page) { return named(PROGRAM, page); }

  /** Files that its programs read, by name: blocks of YAML that begin with theirs. */
  public static Map<String, String> files(String page) { return named(YAML, page); }

  private static Map<String, String> named(Pattern kind, String page) {
    var blocks = new LinkedHashMap<String, String>();
    for (var m = kind.matcher(page); m.find();) blocks.put(m.group(2), m.group(1));
    return blocks;
  }

  /** What stands in plain blocks behind the first program: what a page says that it prints. */
  public static List<String> outputs(String page) {
    return OUTPUT.matcher(page.substring(page.indexOf("```", page.indexOf("```java") + 3) + 3)).results().map(m -> m.group(1)).toList();
  }

  public String run(String name, String program) throws IOException, InterruptedException {
    Files.writeString(folder.resolve(name), program);
    var modules = new StringBuilder();
    for (var c : List.of(Model.class, LanguageModel.class, Load.class)) {
      modules.append(Path.of(c.getProtectionDomain().getCodeSource().getLocation().getPath())).append(File.pathSeparator);
    }
    Path out = folder.resolve("out.txt"), err = folder.resolve("err.txt");
    var p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dstdout.encoding=UTF-8",
        "--module-path", modules.toString(), "--add-modules", "org.unroll.tasks,jdk.incubator.vector", name).directory(folder.toFile())
        .redirectOutput(out.toFile()).redirectError(err.toFile());
    p.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
    int status = p.start().waitFor();
    assertEquals(0, status, name + ": " + Files.readString(err));
    return Files.readString(out);
  }
}
