package org.unroll.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** What is said on standard error with {@code --json}: objects only, one a line. */
class TalkTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Flags flags = new Flags();

  private Talk talk() {
    flags.json = true;
    flags.runsDir = folder.toString();
    return Terminalless.talk(err, flags, Map.of(), Terminal.NONE);
  }

  private String said() {
    var s = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return s;
  }

  @Test void notesAndWarnings_haveLevelCodeAndMessage() {
    talk().say("runs.none", "my \"runs\"");
    assertEquals("{\"v\":1,\"level\":\"note\",\"code\":\"runs.none\",\"message\":\"no runs in my \\\"runs\\\"\"}\n", said());
    talk().warn("train.stdin");
    assertEquals("{\"v\":1,\"level\":\"warning\",\"code\":\"train.stdin\",\"message\":\"the text comes from standard input: "
        + "resuming needs the same text piped in again\"}\n", said());
    talk().say("generate.logp", "-1.5");
    assertEquals("{\"v\":1,\"level\":\"note\",\"code\":\"generate.logp\",\"message\":\"log-probability -1.5 nats\"}\n", said());
    flags.quiet = true;
    talk().say("runs.none", "x");
    assertEquals("", said());
  }

  @Test void faults_areOneObject_alsoWithTheStack() {
    flags.verbose = new boolean[2];
    FaultText.tell(Fault.of(Code.D002, "no text").mend("see unroll help data"), talk());
    var line = said();
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.startsWith("{\"v\":1,\"level\":\"error\",\"error\":{\"code\":\"UNR-D002\",\"title\":\"No text\",\"message\":\"no text\","
        + "\"where\":null,\"why\":\"\",\"mend\":[\"see unroll help data\"],\"exit\":3,\"stack\":\"org.unroll.fault.Fault: no text"), line);
  }

  @Test void bugs_areOneObject() {
    assertEquals(1, Main.failed(new IllegalStateException("oh"), new String[0], talk()));
    var line = said();
    assertEquals(1, line.lines().count(), line);
    assertTrue(line.startsWith("{\"v\":1,\"level\":\"error\",\"error\":{\"code\":\"bug\",\"title\":\"a bug of ours\",\"message\":"
        + "\"java.lang.IllegalStateException: oh\",\"why\":\"The report is " + folder), line);
  }

  @Test void commandMissing_isAnObjectToo() {
    var r = Terminalless.run("config", "--json");
    assertEquals(2, r.status());
    assertTrue(r.err().startsWith("{\"v\":1,\"level\":\"error\",") && r.err().contains("\"message\":\"a command is missing\""), r.err());
    assertEquals(1, r.err().lines().count(), r.err());
  }
}
