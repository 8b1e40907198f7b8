package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.unroll.cli.DoctorCommand.State.FAIL;
import static org.unroll.cli.DoctorCommand.State.OK;
import static org.unroll.cli.DoctorCommand.State.WARN;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder;

  private final DoctorCommand doctor =
      new DoctorCommand(Terminalless.talk(new ByteArrayOutputStream(), new Flags(), Map.of(), Terminal.NONE));

  @Test void java_before25_0_3_isAWarning() {
    assertEquals(WARN, doctor.java(Runtime.Version.parse("25.0.2+10")).state());
    assertEquals(OK, doctor.java(Runtime.Version.parse("25.0.3+9-LTS")).state());
    assertEquals(OK, doctor.java(Runtime.Version.parse("26-ea+3")).state());
    assertTrue(doctor.java(Runtime.Version.parse("25")).mend().contains("JDK-8377811"));
  }

  @Test void disk_almostFull_warnsThenFails() {
    assertEquals(OK, doctor.disk(1_000_000_000).state());
    assertEquals(WARN, doctor.disk(999_999_999).state());
    assertEquals(FAIL, doctor.disk(99_999_999).state());
    assertEquals("0.1 GB free for runs", doctor.disk(99_999_999).text());
  }

  @Test void memory_below512MiB_isAWarning() {
    assertEquals(OK, doctor.memory(512L << 20).state());
    assertEquals(WARN, doctor.memory((512L << 20) - 1).state());
  }

  @Test void folder_belowAFile_fails() throws IOException {
    var file = Files.createFile(folder.resolve("runs"));
    assertEquals(FAIL, doctor.folder(file).state());
    assertEquals(OK, doctor.folder(folder.resolve("new/er")).state());
    var r = Terminalless.run("doctor", "--runs-dir", file.toString());
    assertEquals(6, r.status());
    assertTrue(r.out().contains("✖ runs cannot be written to " + file + " → choose another folder with --runs-dir\n"), r.out());
    assertTrue(Terminalless.run("doctor", "--json", "--runs-dir", file.toString()).out().contains("\"passed\":false}"));
  }

  @Test void data_thatIsMissing_fails() {
    var r = Terminalless.run(Map.of("UNROLL_DATA", folder.resolve("no").toString()), "doctor", "--runs-dir", folder.toString());
    assertEquals(6, r.status());
    assertTrue(r.out().contains("✖ no folder " + folder.resolve("no") + " (UNROLL_DATA)"), r.out());
  }
}
