package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that saves without pause is killed at random instants and started again, always on the same run. */
class KillTest {

  @Test void tenKills_loseNothing(@TempDir Path run) throws Exception { campaign(run, 10, 1); }

  /** {@code mvn -Pslow test -Dtest=KillTest -Dunroll.kills=1000}. */
  @Tag("slow")
  @Test void manyKills_loseNothing(@TempDir Path run) throws Exception {
    campaign(run, Integer.getInteger("unroll.kills", 1000), Long.getLong("unroll.seed", 7));
  }

  private static void campaign(Path run, int kills, long seed) throws Exception {
    var random = new Random(seed);
    long last = 0;
    int within = 0;
    for (int kill = 1; kill <= kills; kill++) {
      var how = "kill " + kill + " of seed " + seed;
      long acknowledged = killOne(run, random, how);
      assertTrue(acknowledged > last, how + ": nothing was saved after step " + last + ": " + acknowledged);
      if (Disk.real().list(run.resolve("checkpoints")).toString().contains(".tmp")) within++;
      var store = CheckpointStore.open(Disk.real(), run.resolve("checkpoints"));
      var found = store.newest();
      assertEquals(List.of(), found.skipped(), how);
      assertTrue(found.step() >= acknowledged, how + ": step " + found.step() + " after step " + acknowledged + " was saved");
      assertTrue(CrashHarness.isOf(found.step(), found.content()), how);
      for (var name : Disk.real().list(run.resolve("checkpoints"))) {
        assertTrue(name.matches("ckpt-\\d{9}\\.safetensors"), how + " left " + name);
      }
      last = found.step();
    }
    System.out.printf("%d kills, %d within a save, %d steps saved, nothing lost%n", kills, within, last);
  }

  /** Starts a trainer, kills it some time after its first save; the last step it says it saved. */
  private static long killOne(Path run, Random random, String how) throws IOException, InterruptedException {
    var child = Child.start(Child.Job.SAVE, run);
    long acknowledged = -1;
    try (var out = child.inputReader()) {
      var line = out.readLine();
      TimeUnit.MICROSECONDS.sleep(random.nextInt(30_000));
      child.toHandle().destroyForcibly(); // the process's own method closes the pipe, with what was said last
      for (; line != null; line = out.readLine()) {
        assertTrue(line.matches("saved \\d+"), how + ": the trainer says " + line);
        acknowledged = Long.parseLong(line.substring(6));
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return acknowledged;
  }
}
