package org.unroll.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * Writes safetensors files that PyTorch reads: large elements first and then by name, so that every tensor is aligned
 * without holes; the tensors begin at a multiple of 64 bytes. The same tensors and metadata give the same bytes.
 *
 * <p>Metadata holds, besides what the caller gives, {@code format} "pt", {@code unroll.version}, {@code unroll.crc32c} (JSON:
 * CRC32C of each tensor's bytes in hex) and {@code unroll.sha256}: SHA-256 of the whole file with these 64 digits as zeros.
 */
public final class SafeTensorsWriter {
  private static final int CHUNK = 1 << 20;
  private static final int ALIGN = 64;
  private static final String FORMAT = "1.0";
  private static final Set<String> RESERVED =
      Set.of("format", SafeTensorsHeader.VERSION, SafeTensorsHeader.CRC32C, SafeTensorsHeader.SHA256);

  private final List<Tensor> tensors;
  private final byte[] header;
  private final long size;

  private SafeTensorsWriter(List<Tensor> tensors, Map<String, String> metadata) {
    this.tensors = tensors.stream()
        .sorted(Comparator.comparingInt((Tensor t) -> -t.dtype().bytes()).thenComparing(Tensor::name)).toList();
    check(metadata);
    this.header = header(metadata);
    this.size = 8L + header.length + tensors.stream().mapToLong(Tensor::bytes).sum();
  }

  /**
   * Replaces {@code file}, atomically and checked (see {@link AtomicSave}). Nobody may write to the tensors meanwhile.
   * Faults: M008 an element is not finite, C030 a name or key that the format does not allow, G002 disk full, G003 not
   * writable, M004 what was written reads back otherwise. Each leaves the old file as it was.
   */
  public static void save(Disk disk, Path file, List<Tensor> tensors, Map<String, String> metadata) {
    var w = new SafeTensorsWriter(tensors, metadata);
    AtomicSave.replace(disk, file, w.size, w::write, written -> SafeTensorsReader.of(disk, written).verify());
  }

  private void check(Map<String, String> metadata) {
    if (tensors.size() > SafeTensorsHeader.MAX_TENSORS) throw Fault.of(Code.C030, "%d tensors", tensors.size());
    String last = null;
    for (var t : tensors.stream().sorted(Comparator.comparing(Tensor::name)).toList()) {
      if (!SafeTensorsHeader.NAME.matcher(t.name()).matches()) {
        throw Fault.of(Code.C030, "not a name of a tensor").at("%s", t.name()).because("names are %s", SafeTensorsHeader.NAME);
      }
      if (t.name().equals(last)) throw Fault.of(Code.C030, "two tensors of this name").at("%s", last);
      if (t.shape().size() > SafeTensorsHeader.MAX_RANK) throw Fault.of(Code.C030, "rank %d", t.shape().size()).at(t.name());
      t.checkFinite(t.name());
      last = t.name();
    }
    for (var key : RESERVED) {
      if (metadata.containsKey(key)) throw Fault.of(Code.C030, "metadata of this key is the file's own").at(key);
    }
  }

  private byte[] header(Map<String, String> given) {
    var metadata = new TreeMap<>(given);
    metadata.put("format", "pt");
    metadata.put(SafeTensorsHeader.VERSION, FORMAT);
    metadata.put(SafeTensorsHeader.CRC32C, Json.write(crcs()));
    metadata.put(SafeTensorsHeader.SHA256, "0".repeat(64));
    var root = new LinkedHashMap<String, Object>();
    root.put("__metadata__", metadata);
    long at = 0;
    for (var t : tensors) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("dtype", t.dtype().name());
      entry.put("shape", t.shape());
      entry.put("data_offsets", List.of(at, at += t.bytes()));
      root.put(t.name(), entry);
    }
    var json = Json.write(root).getBytes(StandardCharsets.UTF_8);
    var padded = Arrays.copyOf(json, (json.length + 8 + ALIGN - 1) / ALIGN * ALIGN - 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    if (padded.length <= SafeTensorsHeader.MAX_BYTES_OURS) return padded;
    throw Fault.of(Code.C030, "a header of %d bytes, at most %d", padded.length, SafeTensorsHeader.MAX_BYTES_OURS)
        .mend("keep large metadata in a tensor of U8");
  }

  private Map<String, String> crcs() {
    var crcs = new LinkedHashMap<String, String>();
    var buffer = buffer();
    for (var t : tensors) {
      var crc = new CRC32C();
      chunks(t, buffer, n -> crc.update(buffer, 0, n));
      crcs.put(t.name(), SafeTensorsReader.hex(crc));
    }
    return crcs;
  }

  private void write(Disk.Output out) throws IOException {
    var sha = SafeTensorsReader.sha256(header);
    var length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).flip();
    long[] at = {AtomicSave.writeFully(out, length, 0)};
    at[0] = AtomicSave.writeFully(out, ByteBuffer.wrap(header), at[0]);
    var buffer = buffer();
    for (var t : tensors) {
      chunks(t, buffer, n -> {
        sha.update(buffer, 0, n);
        at[0] = AtomicSave.writeFully(out, ByteBuffer.wrap(buffer, 0, n), at[0]);
      });
    }
    var digest = Sha256.hex(sha).getBytes(StandardCharsets.US_ASCII);
    AtomicSave.writeFully(out, ByteBuffer.wrap(digest), 8 + SafeTensorsHeader.digestAt(header));
  }

  private byte[] buffer() {
    return new byte[(int) Math.min(CHUNK, tensors.stream().mapToLong(Tensor::bytes).max().orElse(0))];
  }

  private interface Sink<E extends Exception> {
    void accept(int bytes) throws E;
  }

  /** Encodes the tensor piece by piece into {@code buffer}. */
  private static <E extends Exception> void chunks(Tensor t, byte[] buffer, Sink<E> sink) throws E {
    int step = CHUNK / t.dtype().bytes();
    for (long from = 0; from < t.size(); from += step) {
      int n = (int) Math.min(step, t.size() - from);
      t.encode((int) from, n, buffer);
      sink.accept(n * t.dtype().bytes());
    }
  }
}
