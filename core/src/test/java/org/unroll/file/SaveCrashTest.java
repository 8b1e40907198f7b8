package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process or a machine that stops within a save loses nothing that was saved before. */
class SaveCrashTest {

  @Test void ourSave_stoppedAnywhere_leavesTheNewestCheckpointWhole() {
    var report = CrashHarness.run(CrashHarness::saveWell);
    assertEquals(List.of(), report.failures());
    assertTrue(report.operations() > 20 && report.states() > 50, report.operations() + " " + report.states());
  }

  @Test void writerInPlace_isCaught() {
    var report = CrashHarness.run((disk, step) -> {
      var good = new MemoryDisk();
      CrashHarness.saveWell(good, step);
      var file = CheckpointStore.open(disk, CrashHarness.FOLDER).file(step);
      try (var out = disk.create(file)) {
        AtomicSave.writeFully(out, ByteBuffer.wrap(good.bytes(file)), 0);
      }
    });
    assertTrue(report.failures().stream().anyMatch(f -> f.contains("damaged: ")), "half a file");
    assertTrue(report.failures().stream().anyMatch(f -> f.contains("step 5 after step 6 was saved")), "a lost save");
  }

  @Test void writerThatForcesNoFile_isCaught() {
    var report = CrashHarness.run((disk, step) -> CrashHarness.saveWell(new Without(disk, true, false, false), step));
    assertTrue(report.failures().stream().anyMatch(f -> f.contains("damaged: ")), "half a file under the final name");
  }

  @Test void writerThatForcesNoFolder_isCaught() {
    var report = CrashHarness.run((disk, step) -> CrashHarness.saveWell(new Without(disk, false, true, false), step));
    assertTrue(report.failures().stream().anyMatch(f -> f.contains("step 5 after step 6 was saved")), "a lost save");
  }

  @Test void writerThatDeletesBeforeItRenames_isCaught() {
    var report = CrashHarness.run((disk, step) -> {
      var store = CheckpointStore.open(disk, CrashHarness.FOLDER);
      for (long old : store.steps()) disk.delete(store.file(old));
      store.save(step, CrashHarness.tensors(step), Map.of(), java.util.OptionalLong.empty());
    });
    assertFalse(report.failures().isEmpty());
  }

  @Test void restartThatLeavesTemporaryFiles_isCaught() {
    var report = CrashHarness.run((disk, step) -> CrashHarness.saveWell(new Without(disk, false, false, true), step));
    assertTrue(report.failures().stream().anyMatch(f -> f.contains("left behind: ")), "a name nobody cleans up");
  }

  /** A disk that leaves out what makes a save safe. */
  private record Without(Disk disk, boolean noForce, boolean noForceFolder, boolean oddTemp) implements Disk {
    private Path temp(Path file) {
      return oddTemp && file.toString().endsWith(".tmp") ? file.resolveSibling(file.getFileName() + "~") : file;
    }

    @Override public Input open(Path file) throws IOException { return disk.open(temp(file)); }

    @Override public Output create(Path file) throws IOException {
      var out = disk.create(temp(file));
      return new Output() {
        @Override public int write(ByteBuffer from, long at) throws IOException { return out.write(from, at); }

        @Override public void force() throws IOException { if (!noForce) out.force(); }

        @Override public void close() throws IOException { out.close(); }
      };
    }

    @Override public void move(Path from, Path to) throws IOException { disk.move(temp(from), to); }

    @Override public void delete(Path file) throws IOException { disk.delete(temp(file)); }

    @Override public List<String> list(Path folder) throws IOException { return disk.list(folder); }

    @Override public void makeFolder(Path folder) throws IOException { disk.makeFolder(folder); }

    @Override public void forceFolder(Path folder) throws IOException { if (!noForceFolder) disk.forceFolder(folder); }

    @Override public long free(Path folder) throws IOException { return disk.free(folder); }
  }
}
