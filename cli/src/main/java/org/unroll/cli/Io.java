package org.unroll.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The world as the command line sees it: three streams, the environment and the terminal.
 *
 * @param outlet what {@code out} writes to: knows whether that failed, which a print stream keeps to itself
 */
record Io(InputStream in, PrintStream out, PrintStream err, Outlet outlet, Map<String, String> env, Terminal terminal) {

  /** The process's own. Both outputs are UTF-8 whatever the locale says. */
  static Io system() {
    return of(System.in, file(FileDescriptor.out), file(FileDescriptor.err), System.getenv(), new SystemTerminal());
  }

  /** No input, an empty environment, no terminal. */
  static Io of(OutputStream out, OutputStream err) {
    return of(InputStream.nullInputStream(), out, err, Map.of(), Terminal.NONE);
  }

  private static Io of(InputStream in, OutputStream out, OutputStream err, Map<String, String> env, Terminal terminal) {
    var outlet = new Outlet(out);
    return new Io(in, utf8(outlet), utf8(err), outlet, env, terminal);
  }

  Io with(InputStream in) { return new Io(in, out, err, outlet, env, terminal); }

  Io with(Map<String, String> env) { return new Io(in, out, err, outlet, env, terminal); }

  Io with(Terminal terminal) { return new Io(in, out, err, outlet, env, terminal); }

  private static OutputStream file(FileDescriptor fd) { return new BufferedOutputStream(new FileOutputStream(fd)); }

  private static PrintStream utf8(OutputStream s) { return new PrintStream(s, true, StandardCharsets.UTF_8); }
}
