package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.tasks.run.RunInfo;

/** A training in a process of its own, stopped from outside. */
class StopTest {
  @TempDir Path folder;

  /** Everything that this test's JVM was started with: modules and classes. */
  private static String classPath() {
    return Stream.of("jdk.module.path", "java.class.path", "surefire.test.class.path").map(System::getProperty)
        .filter(p -> p != null)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private Process start(Path err, String... args) throws IOException {
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp",
        classPath(), "org.unroll.cli.Main"));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(err.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Trains in {@code runs/cats} until its second evaluation. */
  private Process training(Path err) throws IOException, InterruptedException {
    var text = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT);
    var process = start(err, "train", "--data", text.toString(), "--runs-dir", folder.resolve("runs").toString(), "--hidden",
        "8", "--batch", "4",
        "--epochs", "0", "--minutes", "5", "--set", "train.eval_every=50", "--set", "train.sample_length=0", "--threads", "1");
    while (process.isAlive() && !Files.readString(err).contains(" eval step=50 ")) Thread.sleep(50);
    return process;
  }

  @Test void train_terminated_savesAndSaysHowToGoOn() throws IOException, InterruptedException {
    var err = folder.resolve("err.txt");
    var cats = folder.resolve("runs/cats");
    var process = training(err);
    process.destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    var said = Files.readString(err);
    assertEquals(143, process.exitValue(), said);
    var run = RunInfo.of(cats);
    assertEquals("stopped", run.status());
    var stopping = "stopping after this step, then saving a checkpoint; Ctrl-C again to stop at once\n";
    assertTrue(said.contains(stopping) && said.indexOf(stopping) < said.indexOf("■ stopped at step"), said);
    assertTrue(said.contains("■ stopped at step %,d; checkpoint saved.   continue: unroll resume %s\n".formatted(run.step(),
        cats)), said);
    var on = Terminalless.run("resume", cats.toString(), "--set", "train.minutes=0", "--set", "train.steps=" + (run.step() + 5),
        "--threads", "1");
    assertEquals(0, on.status(), on.err());
    assertTrue(on.err().contains("going on after step %,d\n".formatted(run.step())), on.err());
  }

  /** 64 streams of 128 steps through 4 million weights: long enough for a second signal within the step. */
  @Tag("slow")
  @Test void train_terminatedTwice_saysWhatIsKept() throws IOException, InterruptedException {
    var err = folder.resolve("err.txt");
    var text = Files.writeString(folder.resolve("cats.txt"), TrainCommandTest.TEXT.repeat(30));
    var process = start(err, "train", "--data", text.toString(), "--runs-dir", folder.resolve("runs").toString(), "--hidden", "1024", "--batch",
        "64", "--bptt", "128", "--epochs", "1", "--set", "train.sample_length=0", "--threads", "1", "--set", "data.dev_fraction=0");
    while (process.isAlive() && !saved(folder.resolve("runs/cats"))) Thread.sleep(50);
    process.destroy();
    while (process.isAlive() && !Files.readString(err).contains("stopping after this step")) Thread.sleep(20);
    process.destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    var said = Files.readString(err);
    assertEquals(143, process.exitValue(), said);
    assertTrue(said.contains("building a large network: about "), said);
    assertTrue(said.endsWith("■ stopped at once; kept is the checkpoint of step 0.   continue: unroll resume %s\n"
        .formatted(folder.resolve("runs/cats"))), said);
  }

  private static boolean saved(Path run) { return Files.exists(run.resolve("run.json")) && !RunInfo.of(run).checkpoints().isEmpty(); }

  @Test void train_killed_isToldFromRunning() throws IOException, InterruptedException {
    var process = training(folder.resolve("err.txt"));
    var cats = folder.resolve("runs/cats");
    assertEquals("running", RunsCommand.state(RunInfo.of(cats)));
    assertEquals(8, Terminalless.run("resume", cats.toString()).status());
    process.destroyForcibly().waitFor();
    assertEquals("running", RunInfo.of(cats).status());
    assertEquals("killed?", RunsCommand.state(RunInfo.of(cats)));
  }
}
