package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process whose locale cannot spell the folder that it is started in. */
class LocaleTest {
  @TempDir Path folder;

  private String said(Path in, int status, String... args) throws IOException, InterruptedException {
    var classes = Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path").map(System::getProperty)
        .filter(p -> p != null).collect(Collectors.joining(File.pathSeparator));
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", classes, "org.unroll.cli.Main"));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, process.waitFor(), said);
    return said;
  }

  @Test void folder_thatTheLocaleCannotSpell_isTold() throws IOException, InterruptedException {
    assumeTrue(Failure.utf8() && !System.getProperty("os.name").startsWith("Windows"), "file names are UTF-8 here");
    var poems = Files.createDirectories(folder.resolve("诗"));
    Files.writeString(poems.resolve("a.txt"), TrainCommandTest.TEXT);
    for (var args : new String[][] {{"data", "check", "a.txt"}, {"config", "show", "a.yaml"}, {"evaluate", "a.safetensors"}}) {
      var said = said(poems, 2, args);
      assertTrue(said.startsWith("error UNR-U007: arguments or file names were lost\n"), said);
      assertTrue(said.contains("  mend   export LC_ALL=C.UTF-8\n"), said);
    }
    var plain = Files.createDirectories(folder.resolve("poems"));
    assertTrue(said(plain, 4, "data", "check", "a.txt").startsWith("error UNR-D001: "));
  }
}
