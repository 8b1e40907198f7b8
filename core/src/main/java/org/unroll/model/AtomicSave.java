package org.unroll.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongPredicate;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * Replaces a file so that, whenever the process or the machine stops, the old file or the new one is there and whole:
 * a temporary file in the same folder, written, forced, read again and checked; then renamed, and the folder forced.
 */
public final class AtomicSave {
  /** How temporary files end. */
  static final String TEMP = ".tmp";

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
    var temp = folder.resolve(target.getFileName() + "." + ProcessHandle.current().pid() + TEMP);
    boolean mine = false;
    try {
      long free = disk.free(folder); // 0 where the file system does not tell
      if (free > 0 && free < size) throw DiskFaults.full(target, size, free);
      removeTemps(disk, folder, target.getFileName() + ".", AtomicSave::isAbandoned);
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
    }
  }

  /** Removes temporary files whose names begin with {@code prefix} and whose process {@code gone} says is gone. */
  static void removeTemps(Disk disk, Path folder, String prefix, LongPredicate gone) throws IOException {
    for (var name : disk.list(folder)) {
      if (name.startsWith(prefix) && gone.test(process(name))) disk.delete(folder.resolve(name));
    }
  }

  /** The process whose temporary file this is, −1 for other files. Two processes that save to one file do not meet. */
  static long process(String name) {
    if (!name.matches(".+\\.\\d{1,18}\\" + TEMP)) return -1;
    int end = name.length() - TEMP.length();
    return Long.parseLong(name.substring(name.lastIndexOf('.', end - 1) + 1, end));
  }

  private static boolean isAbandoned(long process) {
    return process >= 0 && (process == ProcessHandle.current().pid() || ProcessHandle.of(process).isEmpty());
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
