package org.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts main classes of the tests in a JVM of their own, with options that cannot change in a running one. */
public record ChildJvm(List<String> options) {
  public static ChildJvm of(String... more) {
    var options = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
    options.addAll(List.of(more));
    return new ChildJvm(options);
  }

  static ChildJvm withoutVectors() { return new ChildJvm(List.of()); }

  /** The lines it prints; fails unless it ends with status 0. */
  public List<String> run(Class<?> main, String... args) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-ea"));
    command.addAll(options);
    command.addAll(List.of("-cp", Path.of("target", "classes") + java.io.File.pathSeparator + Path.of("target", "test-classes")));
    command.add(main.getName());
    command.addAll(List.of(args));
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines;
    try (var out = process.inputReader()) {
      lines = out.lines().toList();
    }
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + "\n" + String.join("\n", lines));
    return lines;
  }
}
