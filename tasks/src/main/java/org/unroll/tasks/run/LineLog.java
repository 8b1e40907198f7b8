package org.unroll.tasks.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import org.unroll.fault.Fault;
import org.unroll.file.Disk;
import org.unroll.file.DiskFaults;

/**
 * A file that grows by whole lines. Lines that a full disk does not take are held and written before the next one, so a
 * training outlives a disk that is full for a while; a line is never on disk by half.
 */
final class LineLog implements AutoCloseable {
  private static final int MOST_HELD = 10_000;

  private final Path file;
  private final ArrayDeque<byte[]> held = new ArrayDeque<>();
  private FileChannel channel;

  LineLog(Path file) { this.file = file; }

  /** Faults G002, G003: the file cannot be opened, or too many lines wait for room. */
  void append(String line) {
    held.add((line + "\n").getBytes(StandardCharsets.UTF_8));
    open();
    try {
      flush();
    } catch (IOException e) {
      if (held.size() > MOST_HELD) throw fault(e);
    }
  }

  private Fault fault(IOException e) {
    return DiskFaults.writing(Disk.real(), file, held.stream().mapToLong(b -> b.length).sum(), e);
  }

  private void open() {
    try {
      if (channel == null) channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private void flush() throws IOException {
    while (!held.isEmpty()) {
      long whole = channel.size();
      try {
        var bytes = ByteBuffer.wrap(held.peek());
        while (bytes.hasRemaining()) channel.write(bytes);
      } catch (IOException e) {
        channel.truncate(whole);
        throw e;
      }
      held.remove();
    }
  }

  /** Bytes on disk. */
  long size() {
    open();
    try {
      return channel.size();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** Forgets what stands after the first {@code bytes}. */
  void truncate(long bytes) {
    open();
    try {
      if (channel.size() > bytes) channel.truncate(bytes);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** Faults as {@link #append} if lines are left that the disk does not take. */
  @Override public void close() {
    if (channel == null) return;
    try (var _ = channel) {
      flush();
    } catch (IOException e) {
      throw fault(e);
    } finally {
      channel = null;
    }
  }
}
