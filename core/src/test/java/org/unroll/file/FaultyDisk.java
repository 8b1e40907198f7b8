package org.unroll.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk whose n-th operation, or every one from the n-th, goes wrong. */
final class FaultyDisk implements Disk {
  enum Trouble { EIO, ENOSPC, DENIED, SHORT, HALT_BEFORE, HALT_WITHIN, HALT_AFTER }

  /** The process is gone: nothing it would still do happens. */
  static final class Halt extends Error {
    private static final long serialVersionUID = 1;
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  private final Disk disk;
  private final Trouble trouble;
  private final boolean forEver;
  private int left;
  private boolean halted;

  FaultyDisk(Disk disk, Trouble trouble, int n, boolean forEver) {
    this.disk = disk;
    this.trouble = trouble;
    this.left = n;
    this.forEver = forEver;
  }

  /** The n-th operation was asked for. */
  boolean struck() { return left <= 0; }

  private boolean strikes() {
    if (halted) throw new Halt();
    left--;
    return left == 0 || forEver && left < 0;
  }

  private <T> T run(Path file, Operation<T> operation) throws IOException {
    return run(file, operation, operation);
  }

  private <T> T run(Path file, Operation<T> operation, Operation<T> part) throws IOException {
    if (!strikes()) return operation.run();
    halted = trouble.name().startsWith("HALT");
    switch (trouble) {
      case EIO -> throw new IOException("Input/output error");
      case ENOSPC -> throw new IOException("No space left on device");
      case DENIED -> throw new java.nio.file.AccessDeniedException(String.valueOf(file));
      case SHORT -> { return part.run(); }
      case HALT_BEFORE -> throw new Halt();
      case HALT_WITHIN -> part.run();
      case HALT_AFTER -> operation.run();
    }
    throw new Halt();
  }

  /** The first half of what remains, at least one byte. */
  private static ByteBuffer half(ByteBuffer all) { return all.slice(all.position(), (all.remaining() + 1) / 2); }

  private static int moved(ByteBuffer all, int n) {
    if (n > 0) all.position(all.position() + n);
    return n;
  }

  @Override public Input open(Path file) throws IOException {
    var in = run(file, () -> disk.open(file));
    return new Input() {
      @Override public long size() throws IOException { return run(file, in::size); }

      @Override public int read(ByteBuffer into, long at) throws IOException {
        return run(file, () -> in.read(into, at), () -> moved(into, in.read(half(into), at)));
      }

      @Override public void close() throws IOException { run(file, () -> closed(in)); }
    };
  }

  @Override public Output create(Path file) throws IOException {
    var out = run(file, () -> disk.create(file));
    return new Output() {
      @Override public int write(ByteBuffer from, long at) throws IOException {
        return run(file, () -> out.write(from, at), () -> moved(from, out.write(half(from), at)));
      }

      @Override public void force() throws IOException {
        run(file, () -> {
          out.force();
          return null;
        });
      }

      @Override public void close() throws IOException { run(file, () -> closed(out)); }
    };
  }

  private static Void closed(java.io.Closeable file) throws IOException {
    file.close();
    return null;
  }

  @Override public void move(Path from, Path to) throws IOException {
    run(to, () -> {
      disk.move(from, to);
      return null;
    });
  }

  @Override public void delete(Path file) throws IOException {
    run(file, () -> {
      disk.delete(file);
      return null;
    });
  }

  @Override public List<String> list(Path folder) throws IOException { return run(folder, () -> disk.list(folder)); }

  @Override public void makeFolder(Path folder) throws IOException {
    run(folder, () -> {
      disk.makeFolder(folder);
      return null;
    });
  }

  @Override public void forceFolder(Path folder) throws IOException {
    run(folder, () -> {
      disk.forceFolder(folder);
      return null;
    });
  }

  @Override public long free(Path folder) throws IOException { return run(folder, () -> disk.free(folder)); }
}
