package org.unroll.tasks.run;

import java.io.IOException;
import java.nio.file.Path;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.DiskFaults;

/** What the disk said, in words. */
final class RunIo {
  private RunIo() {}

  static Fault writing(Path file, IOException e) { return DiskFaults.writing(Disk.real(), file, 0, e); }

  static Fault reading(Path file, IOException e) { return DiskFaults.reading(file, e); }
}
