package org.unroll.tasks.text;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * Expands gzip and refuses bombs: past 64 MiB a file may grow at most 200-fold (text grows 3- to 10-fold, a bomb
 * 1000-fold).
 */
final class Gunzip extends FilterInputStream {
  static final long FREE = 64L << 20;
  static final int RATIO = 200;

  /** Counts what was read of the compressed file. */
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) { super(in); }

    @Override
    public int read() throws IOException {
      int b = in.read();
      if (b >= 0) count++;
      return b;
    }

    @Override
    public int read(byte[] b, int from, int length) throws IOException {
      int n = in.read(b, from, length);
      if (n > 0) count += n;
      return n;
    }
  }

  private final Counted compressed;
  private final String name;
  private long expanded;

  private Gunzip(Counted compressed, String name) throws IOException {
    super(new GZIPInputStream(compressed, 1 << 16));
    this.compressed = compressed;
    this.name = name;
  }

  static InputStream of(InputStream in, String name) throws IOException {
    var counted = new Counted(in);
    try {
      return new Gunzip(counted, name);
    } catch (ZipException | EOFException e) {
      in.close();
      throw broken(e, name, counted.count);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] b, int from, int length) throws IOException {
    try {
      int n = in.read(b, from, length);
      if (n > 0) expanded += n;
      if (expanded > FREE && expanded / RATIO > compressed.count) {
        throw Fault.of(Code.D003, "expands more than %d-fold: %,d bytes so far", RATIO, expanded)
            .at("%s (compressed byte %d)", name, compressed.count).because("text does not; it could fill the memory")
            .mend("if you trust it, expand it yourself (gunzip)");
      }
      return n;
    } catch (ZipException | EOFException e) {
      throw broken(e, name, compressed.count);
    }
  }

  private static Fault broken(IOException e, String name, long at) {
    String what = e instanceof EOFException ? "the gzip data ends early" : "not sound gzip data: " + e.getMessage();
    return Fault.of(Code.D003, what).at("%s (compressed byte %d)", name, at).mend("fetch the file again").causedBy(e);
  }
}
