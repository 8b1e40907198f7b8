package org.unroll.tasks.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * Copies a stream that can be read once into a temporary file without a name. A stream may have no end: binary data are refused
 * at its start, and the copy stops before it fills the disk or is longer than any text that memory could hold.
 *
 * @param most bytes that a text may have
 * @param reserve bytes of the disk that stay free
 */
record Spool(Path folder, long most, long reserve) {
  /** Bytes of text a byte of memory: a corpus takes 4 bytes a symbol, and words are not longer than this makes them. */
  private static final int LONGEST = 4;
  private static final int BLOCK = 1 << 16;
  private static final int LOOK = 256;   // blocks from one look at the disk to the next

  /** In the temporary folder of the JVM, a tenth of whose free space stays free. */
  static Spool usual() throws IOException {
    var folder = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    if (!Files.isDirectory(folder)) throw folderless(folder);
    return new Spool(folder, LONGEST * Runtime.getRuntime().maxMemory(), Files.getFileStore(folder).getUsableSpace() / 10);
  }

  /**
   * Reads the stream to its end. D004 for binary data, G001 for more than {@link #most} bytes, G002 if the disk is too small.
   *
   * @param wide whether it is text of two or four bytes a character, which is full of NULs
   */
  FileChannel copy(String name, InputStream in, boolean wide) throws IOException {
    var start = in.readNBytes(BLOCK);
    if (!wide) Encoding.requireText(name, start);
    var channel = FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    try {
      fill(name, channel, start, in);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private Path file() {
    try {
      return Files.createTempFile(folder, "unroll", ".in");
    } catch (IOException e) {
      throw folderless(folder).causedBy(e);
    }
  }

  private static Fault folderless(Path folder) {
    return Fault.of(Code.G003, "no temporary file can be made").at("%s", folder)
        .because("a text that is no file is copied there, to be read twice").mend("give it as a file: that is read where it lies")
        .mend("another folder: UNROLL_JAVA_OPTS=-Djava.io.tmpdir=DIR");
  }

  private void fill(String name, FileChannel channel, byte[] start, InputStream in) throws IOException {
    var store = Files.getFileStore(folder);
    byte[] buffer = start;
    long copied = 0;
    int blocks = 0;
    for (int n = start.length; n > 0; n = in.readNBytes(buffer, 0, BLOCK)) {
      if (blocks++ % LOOK == 0) requireRoom(name, store, copied);
      if (copied + n > most) {
        throw Fault.of(Code.G001, "the text is longer than %,d bytes", most).at("%s", name)
            .because("memory holds no text that long; does it ever end?").mend("give less text: head -c 1G FILE | unroll ...")
            .mend("more memory: UNROLL_JAVA_OPTS=-Xmx8g");
      }
      write(name, channel, ByteBuffer.wrap(buffer, 0, n), store, copied);
      copied += n;
      if (buffer.length < BLOCK) return;   // a start that short was the end
    }
  }

  private void write(String name, FileChannel channel, ByteBuffer bytes, FileStore store, long copied) throws IOException {
    try {
      while (bytes.hasRemaining()) channel.write(bytes);
    } catch (IOException e) {
      throw full(name, store, copied).causedBy(e);
    }
  }

  private void requireRoom(String name, FileStore store, long copied) throws IOException {
    if (store.getUsableSpace() < reserve) throw full(name, store, copied);
  }

  private Fault full(String name, FileStore store, long copied) throws IOException {
    return Fault.of(Code.G002, "no room for the text in %s after %,d bytes", folder, copied).at("%s", name)
        .because("a text that is no file is copied there, to be read twice; %,d bytes are free, %,d stay free",
            store.getUsableSpace(), reserve)
        .mend("give it as a file: that is read where it lies").mend("another folder: UNROLL_JAVA_OPTS=-Djava.io.tmpdir=DIR");
  }
}
