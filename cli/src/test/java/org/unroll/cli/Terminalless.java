package org.unroll.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A command line run inside the test, with what it wrote and its exit status. */
record Terminalless(int status, String out, String err) {

  static Terminalless run(String... args) { return run(Map.of(), args); }

  static Terminalless run(Map<String, String> env, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status = Main.run(args, Io.of(out, err).with(env));
    return new Terminalless(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A talk that writes to {@code err}, for classes below the commands. */
  static Talk talk(ByteArrayOutputStream err, Flags flags, Map<String, String> env, Terminal terminal) {
    return new Talk(Io.of(OutputNull.STREAM, err).with(env).with(terminal), flags, Language.EN);
  }

  private static final class OutputNull {
    static final java.io.OutputStream STREAM = java.io.OutputStream.nullOutputStream();
  }
}
