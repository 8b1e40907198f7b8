package org.unroll.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * Replaces a file so that, whenever the process or the machine stops, the old file or the new one is there and whole:
 * a temporary file in the same folder, written, forced, read again and checked; then renamed, and the folder forced.
 */
public final class AtomicSave {
  /** How temporary files end. */
  static final String TEMP = ".tmp";

  /** This machine, or container, in the names of temporary files: a process number means nothing elsewhere. */
  static final String HERE = String.format(Locale.ROOT, "%08x", RunLock.host().hashCode());

  /** {@code target.process-machine-number.tmp}. */
  private static final Pattern NAME = Pattern.compile(".+\\.(\\d{1,18})-([0-9a-f]{8})-\\d{1,9}\\" + TEMP);

  /** Temporary files that this process is writing. */
  private static final Set<Path> TEMPS_HERE = ConcurrentHashMap.newKeySet();

  /** Writes the new content. */
  interface Body {
    void write(Disk.Output out) throws IOException;
  }

  /** Reads the new file again, throws a Fault if it is not as it was meant. */
  interface Check {
    void check(Path written) throws IOException;
  }

  private AtomicSave() {}

  /** Replaces {@code target} by {@code content}. Faults: G002 disk full, G003 not writable. */
  public static void bytes(Disk disk, Path target, byte[] content) {
    replace(disk, target, content.length, out -> writeFully(out, ByteBuffer.wrap(content), 0), written -> {
      if (Arrays.equals(content, readAll(disk, written, content.length))) return;
      throw Fault.of(Code.M004, "reads back otherwise than it was written").at("%s", written).mend("check the disk");
    });
  }

  static void replace(Disk disk, Path target, long size, Body body, Check check) {
    var folder = target.toAbsolutePath().getParent();
    var temp = take(folder, target);
    boolean mine = false;
    try {
      long free = disk.free(folder); // 0 where the file system does not tell
      if (free > 0 && free < size) throw DiskFaults.full(target, size, free);
      removeTemps(disk, folder, target.getFileName() + ".", file -> file.equals(temp) || isAbandoned(file));
      try (var out = disk.create(temp)) {
        mine = true;
        body.write(out);
        out.force();
      }
      check.check(temp);
      disk.move(temp, target);
      mine = false;
      disk.forceFolder(folder);
    } catch (IOException e) {
      throw DiskFaults.writing(disk, target, size, e);
    } finally {
      if (mine) deleteQuietly(disk, temp);
      TEMPS_HERE.remove(temp);
    }
  }

  /** A name that nobody else in this process has; two processes and two threads that save to one file do not meet. */
  private static Path take(Path folder, Path target) {
    String start = target.getFileName() + "." + ProcessHandle.current().pid() + "-" + HERE + "-";
    for (int i = 0; ; i++) {
      var temp = folder.resolve(start + i + TEMP);
      if (TEMPS_HERE.add(temp)) return temp;
    }
  }

  /** Removes temporary files whose names begin with {@code prefix} and whose writer {@code gone} says is gone. */
  static void removeTemps(Disk disk, Path folder, String prefix, Predicate<Path> gone) throws IOException {
    for (var name : disk.list(folder)) {
      var file = folder.resolve(name);
      if (name.startsWith(prefix) && isTemp(file) && gone.test(file)) disk.delete(file);
    }
  }

  private static boolean isTemp(Path file) { return NAME.matcher(file.getFileName().toString()).matches(); }

  /** Whether a process of this machine wrote it that is no more, or this one did and is done; of others nobody here knows. */
  private static boolean isAbandoned(Path temp) {
    var m = NAME.matcher(temp.getFileName().toString());
    if (!m.matches() || !m.group(2).equals(HERE)) return false;
    long process = Long.parseLong(m.group(1));
    return process == ProcessHandle.current().pid() ? !TEMPS_HERE.contains(temp) : ProcessHandle.of(process).isEmpty();
  }

  /** The temporary file is of no use after a failed save; when it cannot be deleted, the next save does it. */
  private static void deleteQuietly(Disk disk, Path temp) {
    try {
      disk.delete(temp);
    } catch (IOException e) {
      // the fault that is on its way says what is wrong with the disk
    }
  }

  /** Writes all of {@code bytes} at byte {@code at}; the byte after them. */
  static long writeFully(Disk.Output out, ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) at += out.write(bytes, at);
    return at;
  }

  private static byte[] readAll(Disk disk, Path file, int size) throws IOException {
    try (var in = disk.open(file)) {
      var bytes = ByteBuffer.allocate(size + 1);
      int n = 0;
      while (n >= 0 && bytes.hasRemaining()) n = in.read(bytes, bytes.position());
      return Arrays.copyOf(bytes.array(), bytes.position());
    }
  }
}
