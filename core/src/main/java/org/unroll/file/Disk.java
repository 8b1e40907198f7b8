package org.unroll.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that files are asked to do, and the seam where tests make them fail. Each method is one operation of the
 * system and may fail with what the system says; {@link DiskFaults} turns that into words.
 */
public interface Disk {

  /** A file open to be read. */
  interface Input extends Closeable {
    /** Bytes of the file as it is now. */
    long size() throws IOException;

    /** Reads up to {@code into.remaining()} bytes from byte {@code at} of the file; how many, −1 at its end. */
    int read(ByteBuffer into, long at) throws IOException;
  }

  /** A file open to be written. */
  interface Output extends Closeable {
    /** Writes up to {@code from.remaining()} bytes to byte {@code at} of the file; how many. */
    int write(ByteBuffer from, long at) throws IOException;

    /** Returns once what was written will survive a loss of power. */
    void force() throws IOException;
  }

  /** A file that is there, to be read. */
  Input open(Path file) throws IOException;

  /** A new file; one of that name must not exist. */
  Output create(Path file) throws IOException;

  /** Renames within one folder, over a file that may exist; nobody ever sees half of it. */
  void move(Path from, Path to) throws IOException;

  /** Deletes the file, if it exists. */
  void delete(Path file) throws IOException;

  /** Names in the folder, sorted. */
  List<String> list(Path folder) throws IOException;

  /** Makes the folder and those above it, where they are missing. */
  void makeFolder(Path folder) throws IOException;

  /** Returns once the names in the folder will survive a loss of power. Does nothing on Windows, which has no such call. */
  void forceFolder(Path folder) throws IOException;

  /** Bytes that can still be written in the folder. */
  long free(Path folder) throws IOException;

  /** The file system of the machine. Do not interrupt a thread that uses it: an interrupt closes the file. */
  static Disk real() { return new FileDisk(); }
}
