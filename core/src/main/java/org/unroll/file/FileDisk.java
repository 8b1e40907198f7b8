package org.unroll.file;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The {@link Disk} of the machine. */
final class FileDisk implements Disk {
  /** The reason given when a folder or a device is opened as a file. */
  static final String NOT_A_FILE = "not a file";

  @Override public Input open(Path file) throws IOException {
    if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
    if (!Files.isRegularFile(file)) throw new FileSystemException(file.toString(), null, NOT_A_FILE);
    return new Channel(FileChannel.open(file, StandardOpenOption.READ));
  }

  @Override public Output create(Path file) throws IOException {
    return new Channel(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  @Override public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override public void delete(Path file) throws IOException { Files.deleteIfExists(file); }

  @Override public List<String> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Override public void makeFolder(Path folder) throws IOException { Files.createDirectories(folder); }

  @Override public void forceFolder(Path folder) throws IOException {
    if (File.separatorChar == '\\') return;
    try (var c = FileChannel.open(folder, StandardOpenOption.READ)) {
      c.force(true);
    }
  }

  @Override public long free(Path folder) throws IOException { return Files.getFileStore(folder).getUsableSpace(); }

  private record Channel(FileChannel c) implements Input, Output {
    @Override public long size() throws IOException { return c.size(); }

    @Override public int read(ByteBuffer into, long at) throws IOException { return c.read(into, at); }

    @Override public int write(ByteBuffer from, long at) throws IOException { return c.write(from, at); }

    @Override public void force() throws IOException { c.force(true); }

    @Override public void close() throws IOException { c.close(); }
  }
}
