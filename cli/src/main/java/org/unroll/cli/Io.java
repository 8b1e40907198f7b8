package org.unroll.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The world as the command line sees it: three streams, the environment and the terminal. */
record Io(InputStream in, PrintStream out, PrintStream err, Map<String, String> env, Terminal terminal) {

  /** The process's own. Both outputs are UTF-8 whatever the locale says. */
  static Io system() {
    return new Io(System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err), System.getenv(), new SystemTerminal());
  }

  /** No input, an empty environment, no terminal. */
  static Io of(OutputStream out, OutputStream err) {
    return new Io(InputStream.nullInputStream(), utf8(out), utf8(err), Map.of(), Terminal.NONE);
  }

  Io with(Map<String, String> env) { return new Io(in, out, err, env, terminal); }

  Io with(Terminal terminal) { return new Io(in, out, err, env, terminal); }

  private static PrintStream utf8(FileDescriptor fd) { return utf8(new java.io.BufferedOutputStream(new FileOutputStream(fd))); }

  private static PrintStream utf8(OutputStream s) { return new PrintStream(s, true, StandardCharsets.UTF_8); }
}
