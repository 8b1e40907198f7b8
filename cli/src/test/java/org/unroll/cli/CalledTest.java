package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalledTest {
  @TempDir Path folder;

  private static final Map<String, String> CLONE = Map.of("UNROLL_CALLED", "./unroll");

  @Test void commands_areAsTheyAreTypedHere() {
    var called = Called.of(CLONE);
    assertEquals("see ./unroll help train; ./unroll runs list", called.in("see unroll help train; unroll runs list"));
    assertEquals("a file that './unroll train' has written", called.in("a file that 'unroll train' has written"));
    assertEquals("unroll configuration, bin/unroll train, my-unroll data, unroll trains",
        called.in("unroll configuration, bin/unroll train, my-unroll data, unroll trains"));
    assertEquals("source <('/a b/unroll' completion bash)", Called.of(Map.of("UNROLL_CALLED", "'/a b/unroll'"))
        .in("source <(unroll completion bash)"));
    assertEquals("unroll train", Called.of(Map.of()).in("unroll train"));
  }

  @Test void verbs_areThoseOfTheProgram() {
    var nowhere = java.io.OutputStream.nullOutputStream();
    var program = Main.commands(new Talk(Io.of(nowhere, nowhere), new Flags(), Language.EN));
    assertEquals(Commands.VERBS, new ArrayList<>(program.getSubcommands().keySet()));
  }

  @Test void faultsHelpAndPages_saySo() {
    assertTrue(Terminalless.run(CLONE, "train", "--lrr", "1").err().contains("see ./unroll help train\n"));
    assertTrue(Terminalless.run(CLONE, "config", "show", "--set", "train.epoch=1").err()
        .contains("all keys: ./unroll config keys train\n"));
    assertTrue(Terminalless.run(CLONE, "help", "init").out().contains("\nUsage: ./unroll init "));
    assertTrue(Terminalless.run(CLONE, "help", "init").out().contains("For example: ./unroll init lm --preset char-en > my.yaml\n"));
    assertTrue(Terminalless.run(CLONE, "help", "C012").out().contains("./unroll config keys\n"));
    assertTrue(Terminalless.run(CLONE, "--json", "runs", "show", "nothing").err().contains("\"./unroll runs list\"]"));
  }

  /** A command that computes wants the options with which it is fast. */
  @Test void launcher_givesTheVectorModuleToEveryCommandThatComputes() throws IOException {
    for (var launcher : List.of("../unroll", "../unroll.cmd")) {
      var heavy = Files.readAllLines(Path.of(launcher)).stream().filter(l -> l.matches(".*\\btrain\\b.*\\bresume\\b.*\\bbench\\b.*")).toList();
      assertEquals(1, heavy.size(), launcher);
      for (var verb : List.of("train", "resume", "evaluate", "generate", "quickstart", "explain", "gradcheck", "bench")) {
        assertTrue(heavy.getFirst().matches(".*\\b" + verb + "\\b.*"), launcher + " " + verb);
      }
    }
  }

  /** The launchers, the comparison with other engines, which measures what they start, and the page for programs that start themselves. */
  @Test void kernels_areCompiledAlike_whoeverStartsThem() throws IOException {
    var option = Pattern.compile("-XX:(CompileCommand=[^\\s\"]+|Tier4BackEdgeThreshold=\\d+)");
    var places = List.of("../unroll", "../unroll.cmd", "../bench/src/main/java/org/unroll/bench/Java.java", "../docs/library.md");
    for (var place : places) {
      var said = option.matcher(Files.readString(Path.of(place))).results().map(MatchResult::group).toList();
      assertEquals(List.of("-XX:CompileCommand=quiet", "-XX:CompileCommand=CompileThresholdScaling,org.unroll.kernel.*::*,0.02",
          "-XX:CompileCommand=BackgroundCompilation,org.unroll.kernel.*::*,false", "-XX:Tier4BackEdgeThreshold=4000000"), said, place);
    }
  }

  /** Beside a program that is newer than its sources, with a JDK that prints its arguments. */
  @Test void launcher_startsTrainingsWithEarlyKernelsAndTheLaidOutClasses_whereThereAreSome() throws IOException, InterruptedException {
    var script = Path.of("../unroll");
    Assumptions.assumeTrue(Files.exists(script) && Files.exists(Path.of("/bin/sh")), "needs the launcher and a shell");
    var clone = Files.createDirectories(folder.resolve("a clone"));
    Files.copy(script, clone.resolve("unroll"));
    var target = Files.createDirectories(clone.resolve("cli/target"));
    Files.createFile(target.resolve("unroll.jar"));
    var jdk = Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.3\"\n");
    Files.writeString(jdk.resolve("java"), "#!/bin/sh\nprintf '%s|' \"$@\"\n");
    for (var f : List.of(clone.resolve("unroll"), jdk.resolve("java"))) assertTrue(f.toFile().setExecutable(true));
    var start = List.of("env", "UNROLL_JAVA_HOME=" + folder.resolve("jdk"), clone.resolve("unroll").toString());
    var without = told(folder, with(start, "train", "--data", "a b"));
    assertTrue(without.contains("|-XX:CompileCommand=CompileThresholdScaling,org.unroll.kernel.*::*,0.02|"), without);
    assertTrue(without.contains("|-XX:CompileCommand=BackgroundCompilation,org.unroll.kernel.*::*,false|-XX:Tier4BackEdgeThreshold=4000000|"), without);
    assertTrue(without.endsWith("|train|--data|a b|") && !without.contains("SharedArchiveFile"), without);
    Files.createFile(target.resolve("unroll.jsa"));
    var laidOut = told(folder, with(start, "train", "--data", "a b"));
    assertTrue(laidOut.contains("|-Xlog:cds=off|") && laidOut.endsWith("|train|--data|a b|"), laidOut);
    assertTrue(laidOut.contains("|-XX:SharedArchiveFile=" + target.resolve("unroll.jsa") + "|-jar|"), laidOut);
    var light = told(folder, with(start, "runs", "list"));
    assertTrue(!light.contains("SharedArchiveFile") && !light.contains("CompileCommand"), light);
  }

  private static String[] with(List<String> command, String... more) {
    return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** What the launcher says of how it was called, without the rest of it. */
  private static String told(Path folder, String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).directory(folder.toFile());
    process.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    var p = process.redirectErrorStream(true).start();
    var out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), out);
    return out.strip();
  }

  @Test void launcher_saysHowItWasCalled() throws IOException, InterruptedException {
    var script = Path.of("../unroll");
    Assumptions.assumeTrue(Files.exists(script) && Files.exists(Path.of("/bin/sh")), "needs the launcher and a shell");
    var lines = Files.readString(script).lines().dropWhile(l -> !l.startsWith("UNROLL_CALLED=")).takeWhile(l -> !l.startsWith("export "))
        .toList();
    var odd = Files.createDirectories(folder.resolve("it's a"));
    for (var dir : List.of(folder, odd)) {
      Files.writeString(dir.resolve("unroll"), "#!/bin/sh\n" + String.join("\n", lines) + "\nprintf '%s\\n' \"$UNROLL_CALLED\"\n");
      assertTrue(dir.resolve("unroll").toFile().setExecutable(true));
    }
    assertEquals("./unroll", told(folder, "./unroll"));
    assertEquals("unroll", told(folder, "sh", "-c", "unroll"));
    assertEquals("./unroll", told(folder, "sh", "unroll"));
    assertEquals("'./it'\\''s a/unroll'", told(folder, "./it's a/unroll"));
  }
}
