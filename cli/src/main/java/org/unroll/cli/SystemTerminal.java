package org.unroll.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The process's terminal, asked through {@code isatty} and {@code ioctl} of the C library. {@code System.console()} will
 * not do: it is null as soon as one of input and output is redirected, and says nothing of standard error.
 */
final class SystemTerminal implements Terminal {
  private static final String OS = System.getProperty("os.name").toLowerCase(Locale.ROOT);
  private static final boolean WINDOWS = OS.startsWith("windows");
  /** The ioctl request for the window's size, a struct of four shorts: rows, columns, and two that are unused. */
  private static final long TIOCGWINSZ = OS.contains("mac") || OS.contains("bsd") ? 0x40087468L : 0x5413;

  private final Boolean[] known = new Boolean[3];

  @Override public boolean is(int fd) {
    if (known[fd] == null) known[fd] = ask(fd);
    return known[fd];
  }

  private static boolean ask(int fd) {
    if (WINDOWS) return System.console() != null;
    var link = Path.of("/proc/self/fd/" + fd);
    if (Files.isSymbolicLink(link)) return device(link); // Linux: no need to start the linker for that
    try {
      var linker = Linker.nativeLinker();
      var isatty = linker.downcallHandle(linker.defaultLookup().findOrThrow("isatty"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      return (int) isatty.invokeExact(fd) == 1;
    } catch (Throwable e) { // a JVM without a linker: treat it as a pipe
      return false;
    }
  }

  private static boolean device(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().matches("/dev/(pts/[0-9]+|tty.*|console|hvc[0-9]+)");
    } catch (IOException e) {
      return false;
    }
  }

  @Override public int width() {
    if (WINDOWS || !is(ERR)) return 80;
    try (var arena = Arena.ofConfined()) {
      var linker = Linker.nativeLinker();
      var ioctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("ioctl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
      var size = arena.allocate(8, 8);
      int failed = (int) ioctl.invokeExact(ERR, TIOCGWINSZ, size);
      int columns = size.get(JAVA_SHORT, 2);
      return failed == 0 && columns > 0 ? columns : 80;
    } catch (Throwable e) {
      return 80;
    }
  }
}
