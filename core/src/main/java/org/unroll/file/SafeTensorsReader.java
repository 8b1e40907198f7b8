package org.unroll.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.file.SafeTensorsHeader.Entry;

/**
 * Reads safetensors files, ours and those of others, and believes nothing: every length is checked against the file before
 * memory is spent on it, every tensor of ours against its CRC32C, a whole file of ours against its SHA-256. A read takes no
 * more heap than the tensors and a few MiB; the file is never mapped.
 *
 * <p>Faults: M001 no such file, M002 not safetensors, M003 cut short or inconsistent, M004 a checksum differs, M005 a format
 * that can run code, M006 written by a newer version, M008 NaN or infinite elements, C020 larger than the memory, G003
 * cannot be read.
 */
public final class SafeTensorsReader {
  private static final int CHUNK = 1 << 20;

  private final Disk disk;
  private final Path file;
  private final boolean nonFinite;
  private final long memory;

  private SafeTensorsReader(Disk disk, Path file, boolean nonFinite, long memory) {
    this.disk = disk;
    this.file = file;
    this.nonFinite = nonFinite;
    this.memory = memory;
  }

  /** A reader that refuses NaN, infinities and what this JVM's heap could never hold. Nothing is read yet. */
  public static SafeTensorsReader of(Disk disk, Path file) {
    return new SafeTensorsReader(disk, file, false, Runtime.getRuntime().maxMemory());
  }

  /** Lets NaN and infinite elements pass. */
  public SafeTensorsReader allowNonFinite() { return new SafeTensorsReader(disk, file, true, memory); }

  /** Refuses files whose tensors need more than {@code bytes}; without it, more than the heap can ever hold. */
  public SafeTensorsReader atMost(long bytes) { return new SafeTensorsReader(disk, file, nonFinite, bytes); }

  /** What a file says of itself: no tensor is read, no checksum proved. */
  public record Summary(Map<String, String> metadata, List<Shape> tensors, long fileBytes) {
    /** One tensor of the file, without its elements. */
    public record Shape(String name, Dtype dtype, List<Long> shape) {
      /** How many elements. */
      public long size() { return shape.stream().reduce(1L, (a, b) -> a * b); }

      /** What they take in the file. */
      public long bytes() { return size() * dtype.bytes(); }
    }

    /** Whether Unroll wrote it. */
    public boolean isOurs() { return SafeTensorsHeader.isOurs(metadata); }

    /** The metadata without the checksums of the tensors. */
    public Map<String, String> given() {
      var given = new LinkedHashMap<>(metadata);
      given.remove(SafeTensorsHeader.CRC32C);
      return given;
    }
  }

  /** Reads the header alone. */
  public Summary summary() {
    return withFile(in -> {
      var header = header(in);
      var shapes = header.parsed.entries().stream().map(e -> new Summary.Shape(e.name(), e.dtype(), e.shape())).toList();
      return new Summary(header.parsed.metadata(), shapes, header.fileBytes);
    });
  }

  /** Reads everything and proves every checksum. */
  public TensorFile read() { return withFile(in -> scan(in, true)); }

  /** Proves what {@link #read} proves, with a few MiB of memory. */
  public void verify() { withFile(in -> scan(in, false)); }

  private interface Use<T> {
    T apply(Disk.Input in) throws IOException;
  }

  private <T> T withFile(Use<T> use) {
    try (var in = disk.open(file)) {
      return use.apply(in);
    } catch (IOException e) {
      throw DiskFaults.reading(file, e);
    }
  }

  private record Header(byte[] bytes, SafeTensorsHeader parsed, long fileBytes) {}

  /** Size, then length, then magic, then the header itself: each before the next is looked at. */
  private Header header(Disk.Input in) throws IOException {
    long size = in.size();
    var start = new byte[(int) Math.min(size, 16)];
    fill(in, start, start.length, 0);
    if (size < 8) {
      if (isText(start)) throw text(file);
      throw Fault.of(Code.M003, "%d bytes", size).at("%s", file)
          .because("a safetensors file begins with 8 bytes that give the length of its header").mend("copy the file again");
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    boolean brace = size > 8 && start[8] == '{';
    boolean fits = length >= 2 && length <= size - 8 && length <= SafeTensorsHeader.MAX_BYTES;
    if (!brace || !fits) ForeignFormat.refuse(file, start);
    if (!brace) {
      if (isText(start)) throw text(file);
      throw Fault.of(Code.M002, "not a safetensors file").at("%s", file).because("byte 8 must be '{'")
          .mend("name a file that a training has written");
    }
    if (!fits) {
      throw Fault.of(Code.M003, "claims a header of %s bytes, the file has %d", Long.toUnsignedString(length), size)
          .at("%s (byte 0)", file).because("the file is cut short or damaged").mend("copy the file again");
    }
    var bytes = new byte[(int) length];
    fill(in, bytes, bytes.length, 8);
    return new Header(bytes, SafeTensorsHeader.parse(bytes, file, size - 8 - length), size);
  }

  /** Whether bytes at the start of a file are letters, in any encoding, and line ends: a model begins with a length, which has zeros. */
  private static boolean isText(byte[] start) {
    for (byte b : start) if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' || b == 0x7F) return false;
    return start.length > 0;
  }

  private static Fault text(Path file) {
    return Fault.of(Code.M002, "a text, not a model").at("%s", file)
        .because("a model is a .safetensors file")
        .mend("name the file of a model").mend("to learn from the text, train on %s", file);
  }

  /** One pass over the whole file; keeps the tensors if {@code keep}. */
  private TensorFile scan(Disk.Input in, boolean keep) throws IOException {
    var header = header(in);
    var entries = header.parsed.entries();
    if (keep) checkMemory(entries);
    boolean ours = SafeTensorsHeader.isOurs(header.parsed.metadata());
    var sha = ours ? sha256(header.bytes) : null;
    var tensors = new ArrayList<Tensor>();
    var buffer = new byte[(int) Math.min(CHUNK, header.fileBytes)];
    long base = 8L + header.bytes.length;
    for (var e : entries) {
      var t = keep ? new Tensor(e.name(), e.dtype(), e.shape(), e.dtype().newArray(elements(e)), 0) : null;
      var crc = new CRC32C();
      for (long at = e.begin(); at < e.end(); ) {
        int n = (int) Math.min(CHUNK, e.end() - at);
        fill(in, buffer, n, base + at);
        crc.update(buffer, 0, n);
        if (ours) sha.update(buffer, 0, n);
        if (keep) t.decode(buffer, (int) ((at - e.begin()) / e.dtype().bytes()), n / e.dtype().bytes());
        at += n;
      }
      if (ours) checkCrc(e, hex(crc), header.parsed.crcs().get(e.name()));
      if (keep && !nonFinite) t.checkFinite(file + ": " + e.name());
      if (keep) tensors.add(t);
    }
    if (ours) checkSha(header.parsed.metadata().get(SafeTensorsHeader.SHA256), sha);
    if (in.size() != header.fileBytes) throw changed(header.fileBytes, in.size());
    return new TensorFile(header.parsed.metadata(), List.copyOf(tensors));
  }

  private int elements(Entry e) {
    long n = (e.end() - e.begin()) / e.dtype().bytes();
    if (n <= Integer.MAX_VALUE - 16) return (int) n;
    throw Fault.of(Code.C020, "%d elements", n).at("%s: %s", file, e.name()).because("a tensor has at most 2^31 − 17");
  }

  private void checkMemory(List<Entry> entries) {
    long sum = 0;
    for (var e : entries) sum += e.end() - e.begin();
    if (sum <= memory) return;
    throw Fault.of(Code.C020, "needs %s of memory, %s may be used", DiskFaults.size(sum), DiskFaults.size(memory))
        .at("%s", file).mend("start Java with a larger -Xmx");
  }

  private void checkCrc(Entry e, String crc, String said) {
    if (crc.equals(said)) return;
    throw Fault.of(Code.M004, "CRC32C is %s, the file says %s", crc, said).at("%s: %s", file, e.name())
        .because("bytes of the tensor were changed after it was saved").mend("restore a copy of the file");
  }

  private void checkSha(String said, MessageDigest sha) {
    var is = Sha256.hex(sha);
    if (is.equals(said)) return;
    throw Fault.of(Code.M004, "SHA-256 is %s, the file says %s", is, said).at("%s", file)
        .because("bytes of the header were changed after it was saved").mend("restore a copy of the file");
  }

  private Fault changed(long was, long is) {
    return Fault.of(Code.G003, "the file changed while it was read: %d bytes, now %d", was, is).at("%s", file)
        .mend("copy the file, then read the copy");
  }

  private void fill(Disk.Input in, byte[] into, int count, long at) throws IOException {
    for (int done = 0; done < count; ) {
      int n = in.read(ByteBuffer.wrap(into, done, count - done), at + done);
      if (n < 0) throw changed(at + count, at + done);
      done += n;
    }
  }

  static String hex(CRC32C crc) { return HexFormat.of().toHexDigits((int) crc.getValue()); }

  /** A digest that has seen the start of the file, with zeros in the place of the digest itself. */
  static MessageDigest sha256(byte[] header) {
    var sha = Sha256.start();
    sha.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip());
    var blank = header.clone();
    int at = SafeTensorsHeader.digestAt(header);
    Arrays.fill(blank, at, at + 64, (byte) '0');
    sha.update(blank);
    return sha;
  }
}
