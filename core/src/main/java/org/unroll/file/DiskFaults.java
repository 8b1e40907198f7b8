package org.unroll.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** What the system says about files, turned into faults that a user can mend. */
public final class DiskFaults {
  private static final List<String> FULL =
      List.of("no space left", "not enough space", "file too large", "quota exceeded");

  private DiskFaults() {}

  /** A file that could not be read. */
  public static Fault reading(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return Fault.of(Code.M001, "no such file").at("%s", file).because("looked for %s", file.toAbsolutePath()).causedBy(e);
    }
    if (FileDisk.NOT_A_FILE.equals(reason(e))) {
      return Fault.of(Code.M002, "a folder or a device, not a file").at("%s", file)
          .mend("name a file").causedBy(e);
    }
    return Fault.of(Code.G003, "cannot be read: %s", reason(e)).at("%s", file).causedBy(e);
  }

  /** A file of {@code needed} bytes, 0 if that is not known, that could not be written. What was there before is still there. */
  public static Fault writing(Disk disk, Path file, long needed, IOException e) {
    if (isFull(e)) return full(file, needed, free(disk, file)).causedBy(e);
    return Fault.of(Code.G003, "cannot be written: %s", reason(e)).at("%s", file)
        .because("what was saved before is untouched").mend("choose a folder that can be written").causedBy(e);
  }

  /** A disk without room for {@code needed} bytes. */
  static Fault full(Path file, long needed, long free) {
    boolean limited = free >= Math.max(1, needed);
    var there = free < 0 ? "how much is free cannot be told" : limited ? "a limit stops it" : size(free) + " free";
    var fault = (needed > 0 ? Fault.of(Code.G002, "the disk is full: needs %s, %s", size(needed), there)
        : Fault.of(Code.G002, "the disk is full: %s", there)).at("%s", file)
        .because("what was saved before is untouched").mend("free some space, or choose another folder");
    return limited ? fault.mend("raise the limit of the shell: ulimit -f unlimited") : fault;
  }

  private static long free(Disk disk, Path file) {
    try {
      return disk.free(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      return -1;
    }
  }

  private static boolean isFull(IOException e) {
    var said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return FULL.stream().anyMatch(said::contains);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) return "no permission";
    if (e instanceof NoSuchFileException) return "no such folder, and none can be made";
    if (e instanceof FileSystemException f && f.getReason() != null) return f.getReason();
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** {@code 3 MiB}, {@code 412 bytes}. */
  static String size(long bytes) {
    if (bytes < 1024) return bytes + " bytes";
    int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return String.format(Locale.ROOT, "%.1f %siB", bytes / (double) (1L << 10 * unit), "KMGTPE".charAt(unit - 1));
  }
}
