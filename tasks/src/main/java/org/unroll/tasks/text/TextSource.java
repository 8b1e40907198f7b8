package org.unroll.tasks.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes of text that can be read more than once, because a corpus is read twice: to count symbols, then to encode them. */
public sealed interface TextSource extends AutoCloseable {
  /** What messages call it. */
  String name();

  /** Its bytes from the beginning; a {@code .gz} file is expanded. */
  InputStream open() throws IOException;

  /** Ends its use; a copy made for reading twice goes away. */
  @Override
  default void close() {}

  /** A file. */
  record OnDisk(String name, Path path) implements TextSource {
    @Override
    public InputStream open() throws IOException {
      var in = Files.newInputStream(path);
      return name.endsWith(".gz") ? Gunzip.of(in, name) : in;
    }
  }

  /** Text at hand. */
  record InMemory(String name, byte[] bytes) implements TextSource {
    /** The text as UTF-8. */
    public static InMemory of(String name, String text) {
      return new InMemory(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public InputStream open() { return new ByteArrayInputStream(bytes); }
  }

  /** A copy, in a temporary file without a name, of a stream that can be read once: standard input, a pipe. */
  record Spooled(String name, FileChannel copy) implements TextSource {
    static Spooled of(String name, InputStream in, boolean wide) throws IOException {
      return new Spooled(name, Spool.usual().copy(name, in, wide));
    }

    @Override
    public InputStream open() {
      return new InputStream() {
        private long at;

        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] b, int from, int length) throws IOException {
          int n = copy.read(ByteBuffer.wrap(b, from, length), at);
          if (n > 0) at += n;
          return n;
        }
      };
    }

    @Override
    public void close() {
      try {
        copy.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
