package org.unroll.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

class RunLockTest {
  private static String holder(Fault f) {
    assertEquals(Code.R008, f.code());
    assertEquals(8, f.code().exit());
    assertEquals(List.of("wait until it ends, or stop it", "give this one a folder of its own"), f.mend());
    var form = "another trainer has the run: pid \\d+ on \\S.* since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
    assertTrue(f.what().matches(form), f.what());
    return f.what().replaceAll("\\D*(\\d+) on .*", "$1");
  }

  @Test void secondTrainer_isToldWhoHasTheRun(@TempDir Path run) {
    var mine = String.valueOf(ProcessHandle.current().pid());
    try (var lock = RunLock.take(run)) {
      var f = assertThrows(Fault.class, () -> RunLock.take(run));
      assertEquals(mine, holder(f));
      assertEquals(run.toString(), f.where());
      assertThrows(Fault.class, () -> RunLock.take(run.resolve("../" + run.getFileName())));
    }
    RunLock.take(run).close();
  }

  @Test void lock_closedTwice_doesNotGiveAwayTheNextOne(@TempDir Path run) {
    var first = RunLock.take(run);
    first.close();
    try (var second = RunLock.take(run)) {
      first.close();
      assertEquals(Code.R008, assertThrows(Fault.class, () -> RunLock.take(run)).code());
    }
  }

  @Test void lock_ofAnotherProcess_isSeen_untilThatIsKilled(@TempDir Path run) throws Exception {
    var child = Child.start(Child.Job.LOCK, run);
    try (var out = child.inputReader()) {
      assertEquals("locked", out.readLine());
      assertEquals(String.valueOf(child.pid()), holder(assertThrows(Fault.class, () -> RunLock.take(run))));
    } finally {
      child.destroyForcibly().waitFor();
    }
    RunLock.take(run).close();
  }

  @Test void lock_heldHere_isSeenByAnotherProcess_alsoAfterASecondTryHere(@TempDir Path run) throws Exception {
    try (var lock = RunLock.take(run)) {
      assertThrows(Fault.class, () -> RunLock.take(run));
      var child = Child.start(Child.Job.LOCK, run);
      try (var out = child.inputReader()) {
        var line = out.readLine();
        assertTrue(line.startsWith("UNR-R008 another trainer has the run: pid " + ProcessHandle.current().pid()), line);
      } finally {
        child.destroyForcibly().waitFor();
      }
    }
  }

  @Test void missingFolder_isAFault_andCanBeTakenLater(@TempDir Path folder) throws IOException {
    var run = folder.resolve("run");
    assertEquals(Code.M001, assertThrows(Fault.class, () -> RunLock.take(run)).code());
    Files.createDirectories(run.resolve("run.lock"));
    assertEquals(Code.G003, assertThrows(Fault.class, () -> RunLock.take(run)).code());
    Files.delete(run.resolve("run.lock"));
    RunLock.take(run).close();
    assertEquals("", Files.readString(run.resolve("run.lock")));
  }
}
