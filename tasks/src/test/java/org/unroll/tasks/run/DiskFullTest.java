package org.unroll.tasks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Fault;
import org.unroll.file.CheckpointStore;
import org.unroll.file.Disk;
import org.unroll.kernel.Kernels;
import org.unroll.tasks.config.Config;
import org.unroll.tasks.lm.Event;

/** A disk that is full while a network trains. */
class DiskFullTest {
  private static final int SAVE = 5;
  /** In blocks of 512 bytes: logs and configuration fit, a checkpoint does not. */
  private static final int LIMIT = 100;

  @TempDir Path runs;

  private static Config config() {
    return TrainingTest.config("model.hidden=64", "train.epochs=0", "train.steps=40", "train.save_every=" + SAVE, "train.eval_every=1000");
  }

  @Test void train_diskFull_triesThreeTimes_keepsTheLastCheckpoint_andCanBeResumed() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/sh")), "no shell with ulimit here");
    var straight = Trainings.inMemory(config(), TrainingTest.data(config()), Kernels.scalar(), 0, System::nanoTime, e -> { });
    straight.run();
    stopAt(2 * SAVE + 1);
    var run = runs.resolve("r");
    var before = checkpoints(run);

    var said = inAFullDisk();

    assertEquals(List.of("noted step 15 was not saved, the training goes on: the disk is full", "noted step 20 was not saved, the training goes on: the disk is full",
        "UNR-G002 exit 7: the disk is full"), said);
    assertEquals(before, checkpoints(run));
    assertEquals("failed", RunInfo.of(run).status());
    var events = Files.readAllLines(run.resolve(RunFolder.EVENTS), StandardCharsets.UTF_8);
    assertEquals(2, events.stream().filter(l -> l.contains("\"event\":\"note\"") && l.contains("was not saved")).count());

    try (var open = Trainings.resume(run, config(), TrainingTest.data(config()), Kernels.scalar(), System::nanoTime, e -> { })) {
      assertEquals(Event.End.DONE, open.training().run().end());
      assertEquals(straight.stateHash(), open.training().stateHash());
    }
  }

  /** A run that was stopped after this step, which saves it. */
  private void stopAt(long step) {
    var training = new ArrayList<Training>();
    try (var open = Trainings.start(runs, "r", config(), TrainingTest.data(config()), Kernels.scalar(), 0, System::nanoTime, e -> {
      if (e instanceof Event.Stepped s && s.step() == step) training.getFirst().stop();
    })) {
      training.add(open.training());
      assertEquals(Event.End.STOPPED, open.training().run().end());
    }
  }

  private static List<Long> checkpoints(Path run) {
    var store = CheckpointStore.open(Disk.real(), run.resolve(RunFolder.CHECKPOINTS));
    assertEquals(List.of(), store.newest().skipped());
    return store.steps();
  }

  private List<String> inAFullDisk() throws Exception {
    var command = List.of("/bin/sh", "-c", "ulimit -f " + LIMIT + " && exec \"$@\"", "sh", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", SameBitsTest.classPath(), DiskFullTest.class.getName(),
        runs.resolve("r").toString());
    var child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = child.inputReader(StandardCharsets.UTF_8)) {
      var said = out.lines().toList();
      assertEquals(7, child.waitFor(), said.toString());
      return said;
    }
  }

  /** Goes on with a run; prints what is noted and how it ends. */
  public static void main(String[] args) {
    try (var open = Trainings.resume(Path.of(args[0]), config(), TrainingTest.data(config()), Kernels.scalar(), System::nanoTime, e -> {
      if (e instanceof Event.Noted n) System.out.println("noted " + shortly(n.note().what()));
    })) {
      open.training().run();
    } catch (Fault f) {
      System.out.println(f.code().label() + " exit " + f.code().exit() + ": " + shortly(f.what()));
      System.exit(f.code().exit());
    }
  }

  /** Without the sizes. */
  private static String shortly(String what) { return what.replaceFirst(": needs .*", ""); }

  @Test void log_linesThatFoundNoRoom_areWrittenWhenThereIs() throws Exception {
    var file = runs.resolve("log");
    try (var log = new LineLog(file)) {
      log.append("a");
      log.append("b");
      assertEquals(4, log.size());
      log.truncate(2);
    }
    assertEquals("a\n", Files.readString(file));
    assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full here");
    var full = new LineLog(Path.of("/dev/full"));
    full.append("x");
    var f = org.junit.jupiter.api.Assertions.assertThrows(Fault.class, full::close);
    assertTrue(f.what().startsWith("the disk is full: needs 2 bytes, "), f.what());
    assertEquals("/dev/full", f.where());
  }

  @Test void log_thatTheDiskDoesNotTakeAtTheEnd_isNamed_andTheTrainingIsComplete() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full here");
    var open = Trainings.start(runs, "r", config(), TrainingTest.data(config()), Kernels.scalar(), 0, System::nanoTime, e -> { });
    var log = open.folder().path().resolve(RunFolder.EVENTS);
    Files.deleteIfExists(log);
    Files.createSymbolicLink(log, Path.of("/dev/full"));
    assertEquals(Event.End.DONE, open.training().run().end());
    var f = org.junit.jupiter.api.Assertions.assertThrows(Fault.class, open::close);
    assertEquals(log.toString(), f.where());
    assertEquals("the training is complete and its checkpoint saved; this log alone lacks its last lines", f.why());
    assertTrue(f.what().matches("the disk is full: needs [1-9].*"), f.what());
    assertEquals("done", RunInfo.of(runs.resolve("r")).status());
    assertEquals("the disk is full: how much is free cannot be told", org.unroll.file.DiskFaults.writing(org.unroll.file.Disk.real(),
        Path.of("/no/such/x"), 0, new java.io.IOException("No space left on device")).what());
  }
}
