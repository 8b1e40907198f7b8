package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large file in a small heap, and a file larger than the system lets it grow. */
class SmallMachineTest {

  @Test void tensorOf24Mebibytes_isSavedAndRead_inItsOwnSizePlus8(@TempDir Path folder) throws Exception {
    var child = Child.start(Child.Job.LARGE, folder, "-Xmn5m", "-Xmx32m");
    try (var out = child.inputReader()) {
      assertEquals(List.of("read 6291456"), out.lines().toList());
    }
    assertEquals(0, child.waitFor());
  }

  @Test void fileThatMayNotGrow_isAFault_andLeavesTheOldOne(@TempDir Path folder) throws Exception {
    var sh = Path.of("/bin/sh");
    assumeTrue(Files.exists(sh), "no shell with ulimit here");
    var file = folder.resolve("m.safetensors");
    AtomicSave.bytes(Disk.real(), file, new byte[] {1, 2, 3});
    var command = new java.util.ArrayList<>(List.of(sh.toString(), "-c", "ulimit -f 1000 && exec \"$@\"", "sh"));
    command.addAll(Child.command(Child.Job.LARGE, folder, "-XX:-UsePerfData"));
    var child = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = child.inputReader()) {
      var said = out.lines().toList();
      assertEquals(1, said.size(), said.toString());
      assertTrue(said.getFirst().startsWith("UNR-G002 the disk is full: needs 24.0 MiB, "), said.toString());
    }
    assertEquals(List.of("m.safetensors"), Disk.real().list(folder));
    assertEquals(3, Files.size(file));
  }
}
