package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.FaultyDisk.Trouble;

/** A disk that fails at any operation of a save: a fault that says so, and all that was saved before still there. */
class SaveFaultTest {
  private static final Set<Code> EXPECTED = EnumSet.of(Code.G002, Code.G003);
  private static final Set<Trouble> TROUBLES = EnumSet.of(Trouble.EIO, Trouble.ENOSPC, Trouble.DENIED, Trouble.SHORT);

  @Test void save_onADiskThatFailsAnywhere_keepsWhatWasSaved() {
    for (var trouble : TROUBLES) {
      for (boolean forEver : new boolean[] {false, true}) {
        boolean struck = true;
        for (int n = 1; struck; n++) struck = failAt(trouble, n, forEver);
      }
    }
  }

  private static boolean failAt(Trouble trouble, int n, boolean forEver) {
    var how = trouble + " at operation " + n + (forEver ? " for ever" : "");
    var disk = CrashHarness.prepared();
    var faulty = new FaultyDisk(disk, trouble, n, forEver);
    boolean saved = false;
    try {
      CrashHarness.saveWell(faulty, CrashHarness.BEFORE + 1);
      saved = true;
    } catch (Fault f) {
      assertTrue(EXPECTED.contains(f.code()), how + ": " + f);
      assertEquals(7, f.code().exit());
      assertFalse(trouble == Trouble.SHORT, how + ": " + f);
    }
    assertTrue(saved || faulty.struck(), how);
    if (!forEver) assertFalse(disk.names().toString().contains(".tmp"), how + " left " + disk.names());
    var found = CheckpointStore.open(disk, CrashHarness.FOLDER).newest();
    assertEquals(List.of(), found.skipped(), how);
    assertTrue(found.step() >= (saved ? CrashHarness.BEFORE + 1 : CrashHarness.BEFORE), how);
    assertTrue(CrashHarness.isOf(found.step(), found.content()), how);
    assertFalse(disk.names().toString().contains(".tmp"), how + " left " + disk.names());
    return faulty.struck();
  }

  @Test void restart_onADiskThatFailsAnywhere_losesNothing() {
    for (var trouble : TROUBLES) {
      boolean struck = true;
      for (int n = 1; struck; n++) {
        var disk = CrashHarness.prepared();
        disk.put("ckpt-000000006.safetensors.77-00000000-0.tmp", new byte[100]);
        var faulty = new FaultyDisk(disk, trouble, n, false);
        try {
          CheckpointStore.open(faulty, CrashHarness.FOLDER).newest();
        } catch (Fault f) {
          assertTrue(EXPECTED.contains(f.code()), trouble + " " + n + ": " + f);
        }
        assertEquals(CrashHarness.BEFORE, CheckpointStore.open(disk, CrashHarness.FOLDER).newest().step());
        assertEquals(3, disk.names().size());
        struck = faulty.struck();
      }
    }
  }

  @Test void fullDisk_saysWhatIsNeededAndWhatIsThere() {
    var disk = new MemoryDisk() {
      @Override public long free(Path folder) { return 3 << 10; }
    };
    disk.put("m.safetensors", new byte[] {1});
    var large = List.of(Tensor.of("w", new float[1 << 10]));
    var f = assertThrows(Fault.class, () -> SafeTensorsWriter.save(disk, Path.of("m.safetensors"), large, Map.of()));
    assertEquals("m.safetensors: the disk is full: needs 4.3 KiB, 3.0 KiB free; what was saved before is untouched; "
        + "free some space, or choose another folder", f.getMessage());
    assertEquals(Code.G002, f.code());
    assertEquals(List.of("m.safetensors"), disk.names());
    assertEquals(1, disk.bytes(Path.of("m.safetensors")).length);
  }

  @Test void diskThatFillsUp_andFolderThatMayNotBeWritten_haveTheirOwnFaults() {
    var file = Path.of("m.safetensors");
    for (var trouble : List.of(Trouble.ENOSPC, Trouble.DENIED, Trouble.EIO)) {
      var disk = new MemoryDisk();
      var faulty = new FaultyDisk(disk, trouble, 3, false); // free, list, create
      var f = assertThrows(Fault.class, () -> SafeTensorsWriter.save(faulty, file, SafeTensorsTest.tensors(), Map.of()));
      assertEquals(switch (trouble) {
        case ENOSPC -> "m.safetensors: the disk is full: needs 691 bytes, a limit stops it; what was saved before is untouched; "
            + "free some space, or choose another folder; raise the limit of the shell: ulimit -f unlimited";
        case DENIED -> "m.safetensors: cannot be written: no permission; what was saved before is untouched; "
            + "choose a folder that can be written";
        default -> "m.safetensors: cannot be written: Input/output error; what was saved before is untouched; "
            + "choose a folder that can be written";
      }, f.getMessage());
      assertEquals(trouble == Trouble.ENOSPC ? Code.G002 : Code.G003, f.code());
      assertEquals(List.of(), disk.names());
    }
  }

  @Test void fileThatReadsBackOtherwise_isNotPutInPlace() {
    var file = Path.of("m.safetensors");
    var disk = new MemoryDisk() {
      @Override public Input open(Path opened) throws IOException {
        bytes(opened)[bytes(opened).length - 1] ^= 4;
        return super.open(opened);
      }
    };
    disk.put("m.safetensors", new byte[] {1});
    var f = assertThrows(Fault.class, () -> SafeTensorsWriter.save(disk, file, SafeTensorsTest.tensors(), Map.of()));
    assertEquals(Code.M004, f.code());
    assertEquals(List.of("m.safetensors"), disk.names());
    f = assertThrows(Fault.class, () -> AtomicSave.bytes(disk, file, new byte[] {2, 3}));
    assertEquals(Code.M004, f.code());
    assertEquals("reads back otherwise than it was written", f.what());
    assertEquals(1, disk.bytes(file).length);
  }

  @Test void bytes_areReplaced_onTheRealDisk_andMissingFolderIsAFault(@TempDir Path folder) throws IOException {
    var file = folder.resolve("run.json");
    AtomicSave.bytes(Disk.real(), file, "one".getBytes());
    var here = "-" + AtomicSave.HERE + "-0.tmp";
    Files.writeString(folder.resolve("run.json.1234567890123" + here), "of a process that is gone");
    Files.writeString(folder.resolve("run.json." + ProcessHandle.current().pid() + here), "of a process before this one");
    Files.writeString(folder.resolve("run.json.tmp"), "not ours");
    Files.writeString(folder.resolve("run.json.1" + here), "of a process that lives");
    Files.writeString(folder.resolve("run.json.1234567890123-00c0ffee-0.tmp"), "of another machine: nobody here knows whether it lives");
    assumeTrue(ProcessHandle.of(1).isPresent());
    AtomicSave.bytes(Disk.real(), file, "two".getBytes());
    assertEquals("two", Files.readString(file));
    assertEquals(List.of("run.json", "run.json.1" + here, "run.json.1234567890123-00c0ffee-0.tmp", "run.json.tmp"), Disk.real().list(folder));
    var f = assertThrows(Fault.class, () -> AtomicSave.bytes(Disk.real(), folder.resolve("no/run.json"), new byte[1]));
    assertEquals(Code.G003, f.code());
  }

  /** The temporary file of a save that is under way is not taken for one left by a process that had our number before. */
  @Test void savesOfOneFile_atOnce_leaveEachOtherAlone(@TempDir Path folder) throws IOException {
    var file = folder.resolve("m");
    AtomicSave.replace(Disk.real(), file, 1, out -> {
      AtomicSave.bytes(Disk.real(), file, new byte[] {2});
      AtomicSave.writeFully(out, java.nio.ByteBuffer.wrap(new byte[] {1}), 0);
    }, written -> { });
    assertEquals(List.of("m"), Disk.real().list(folder));
    assertEquals(1, Files.readAllBytes(file)[0]);
  }

  @Test void readOnlyFolder_isAFault_onTheRealDisk(@TempDir Path folder) {
    assumeTrue(folder.toFile().setWritable(false), "no permissions here");
    assumeFalse(Files.isWritable(folder), "root may write everywhere");
    var f = assertThrows(Fault.class, () -> AtomicSave.bytes(Disk.real(), folder.resolve("a"), new byte[1]));
    assertEquals("cannot be written: no permission", f.what());
  }
}
