package org.unroll.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * The header of a safetensors file, read from bytes that nobody vouches for: after {@link #parse} every tensor has a known
 * type and a shape whose bytes are its bytes, and the tensors fill the file without overlap, hole or rest.
 *
 * @param metadata all of {@code __metadata__}
 * @param entries in the order of their bytes
 * @param crcs CRC32C by tensor; empty for files of others
 */
record SafeTensorsHeader(Map<String, String> metadata, List<Entry> entries, Map<String, String> crcs) {
  /** What is ours in {@code __metadata__}. A file with any of these must have all but {@link #REQUIRES}. */
  static final String OURS = "unroll.";
  static final String VERSION = "unroll.version";
  static final String REQUIRES = "unroll.requires";
  static final String CRC32C = "unroll.crc32c";
  static final String SHA256 = "unroll.sha256";

  static final int MAX_BYTES = 100_000_000;
  static final int MAX_BYTES_OURS = 16 << 20;
  static final int MAX_TENSORS = 65_536;
  static final int MAX_RANK = 8;
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9._/-]{1,256}");
  private static final int MAJOR = 1;
  private static final String DAMAGED = "the file is damaged, or was made to mislead";

  /** A tensor in the file: bytes {@code begin} to {@code end} after the header. */
  record Entry(String name, Dtype dtype, List<Long> shape, long begin, long end) {
    boolean isEmpty() { return begin == end; }
  }

  /** Reads and checks a header that is followed by {@code dataBytes} bytes of tensors. */
  static SafeTensorsHeader parse(byte[] header, Path file, long dataBytes) {
    var rules = new Json.Rules(Code.M003, Code.M003, 4, MAX_BYTES, MAX_BYTES, 64, 8);
    var root = object(Json.read(header, file.toString(), rules), file, "the header");
    var metadata = metadata(root.remove("__metadata__"), file);
    var crcs = ours(metadata, header, file);
    if (root.size() > MAX_TENSORS) throw damaged(file, "%d tensors", root.size()).because("at most %d are read", MAX_TENSORS);
    var entries = new ArrayList<Entry>();
    root.forEach((name, value) -> entries.add(entry(name, value, file)));
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkRanges(entries, file, 8L + header.length, dataBytes);
    if (isOurs(metadata)) {
      for (var e : entries) if (!crcs.containsKey(e.name)) throw damaged(file, "no checksum of tensor %s", e.name);
    }
    return new SafeTensorsHeader(metadata, Collections.unmodifiableList(entries), crcs);
  }

  private static Map<String, String> metadata(Object value, Path file) {
    var metadata = new LinkedHashMap<String, String>();
    if (value == null) return metadata;
    object(value, file, "__metadata__").forEach((k, v) -> {
      if (!(v instanceof String s)) throw damaged(file, "__metadata__ \"%s\" is not a string", k);
      metadata.put(k, s);
    });
    return Collections.unmodifiableMap(metadata);
  }

  static boolean isOurs(Map<String, String> metadata) { return metadata.keySet().stream().anyMatch(k -> k.startsWith(OURS)); }

  /** Checks version, requirements and digest of a file of ours; the checksums of its tensors. */
  private static Map<String, String> ours(Map<String, String> metadata, byte[] header, Path file) {
    var crcs = new LinkedHashMap<String, String>();
    if (!isOurs(metadata)) return crcs;
    checkVersion(metadata, file);
    if (header.length > MAX_BYTES_OURS) throw damaged(file, "a header of %d bytes", header.length);
    for (var key : List.of(CRC32C, SHA256)) {
      if (!metadata.containsKey(key)) throw damaged(file, "__metadata__ lacks %s", key);
    }
    if (digestAt(header) < 0 || !metadata.get(SHA256).matches("[0-9a-f]{64}")) throw damaged(file, "%s is not a digest", SHA256);
    Map<?, ?> said = json(metadata, CRC32C, file, Map.class);
    said.forEach((name, crc) -> crcs.put((String) name, String.valueOf(crc)));
    return crcs;
  }

  private static void checkVersion(Map<String, String> metadata, Path file) {
    var version = metadata.getOrDefault(VERSION, "");
    if (!version.matches("\\d{1,9}\\.\\d{1,9}")) throw damaged(file, "%s is \"%s\"", VERSION, version);
    int major = Integer.parseInt(version.substring(0, version.indexOf('.')));
    if (major > MAJOR) {
      throw Fault.of(Code.M006, "written in format %s", version).at("%s", file)
          .because("this version of Unroll reads formats up to %d.x", MAJOR).mend("install a newer Unroll");
    }
    if (major < 1) throw damaged(file, "%s is \"%s\"", VERSION, version);
    List<?> requires = metadata.containsKey(REQUIRES) ? json(metadata, REQUIRES, file, List.class) : List.of();
    if (requires.isEmpty()) return;
    throw Fault.of(Code.M006, "needs %s", requires).at("%s", file)
        .because("this version of Unroll does not know it").mend("install a newer Unroll");
  }

  private static <T> T json(Map<String, String> metadata, String key, Path file, Class<T> type) {
    var rules = new Json.Rules(Code.M003, Code.M003, 2, MAX_BYTES_OURS, 256, 64, 0);
    var value = Json.read(metadata.get(key), file + ": " + key, rules);
    if (!type.isInstance(value)) throw damaged(file, "%s is not a JSON %s", key, type.getSimpleName());
    return type.cast(value);
  }

  private static Entry entry(String name, Object value, Path file) {
    if (!NAME.matcher(name).matches()) {
      throw damaged(file, "a tensor is called \"%s\"", shown(name)).because("names are %s", NAME);
    }
    var where = file + ": " + name;
    var map = object(value, file, "tensor " + name);
    if (!map.keySet().equals(Set.of("dtype", "shape", "data_offsets"))) {
      throw damaged(where, "has %s, must have dtype, shape and data_offsets", shown(map.keySet().toString()));
    }
    var dtype = map.get("dtype") instanceof String s ? Dtype.named(s) : null;
    if (dtype == null) {
      throw Fault.of(Code.M003, "elements of type %s", shown(String.valueOf(map.get("dtype")))).at("%s", where)
          .because("the types that are read are %s", List.of(Dtype.values())).mend("convert it to F32 and save it again");
    }
    var shape = longs(map.get("shape"), where, "shape");
    if (shape.size() > MAX_RANK) throw damaged(where, "rank %d, at most %d", shape.size(), MAX_RANK);
    var range = longs(map.get("data_offsets"), where, "data_offsets");
    if (range.size() != 2) throw damaged(where, "data_offsets %s, must be two", range);
    var entry = new Entry(name, dtype, shape, range.get(0), range.get(1));
    checkSize(entry, where);
    return entry;
  }

  private static void checkSize(Entry e, String where) {
    long needed = e.dtype.bytes();
    try {
      for (long n : e.shape) needed = Math.multiplyExact(needed, n);
    } catch (ArithmeticException overflow) {
      throw damaged(where, "shape %s has more bytes than 64 bits can count", e.shape);
    }
    if (e.begin > e.end) throw damaged(where, "ends at byte %d before it begins at byte %d", e.end, e.begin);
    if (e.end - e.begin == needed) return;
    throw damaged(where, "shape %s of %s needs %d bytes, has %d", e.shape, e.dtype, needed, e.end - e.begin);
  }

  /** Empty tensors may lie anywhere inside; all others follow one another from the first byte to the last. */
  private static void checkRanges(List<Entry> entries, Path file, long base, long dataBytes) {
    long end = 0;
    String last = "the header";
    for (var e : entries) {
      var where = file + ": " + e.name;
      if (e.end > dataBytes) {
        throw damaged(where, "ends at byte %d, the file ends at byte %d", base + e.end, base + dataBytes)
            .mend("copy the file again");
      }
      if (e.isEmpty()) continue;
      if (e.begin < end) throw damaged(where, "overlaps %s in bytes %d to %d", last, base + e.begin, base + Math.min(end, e.end));
      if (e.begin > end) throw damaged(where, "leaves a hole in bytes %d to %d after %s", base + end, base + e.begin, last);
      end = e.end;
      last = e.name;
    }
    if (end < dataBytes) throw damaged(file, "bytes %d to %d belong to no tensor", base + end, base + dataBytes);
  }

  private static List<Long> longs(Object value, String where, String what) {
    var list = value instanceof List<?> l ? l : List.of("none");
    if (!list.stream().allMatch(v -> v instanceof Long n && n >= 0)) {
      throw damaged(where, "%s is not a list of whole numbers of 0 or more", what);
    }
    return list.stream().map(Long.class::cast).toList();
  }

  @SuppressWarnings("unchecked") // objects of Json have keys that are strings
  private static Map<String, Object> object(Object value, Path file, String what) {
    if (value instanceof Map) return (Map<String, Object>) value;
    throw damaged(file, "%s is not a JSON object", what);
  }

  private static String shown(String s) { return s.length() <= 80 ? s : s.substring(0, 80) + "…"; }

  static Fault damaged(Object where, String what, Object... args) {
    return Fault.of(Code.M003, what, args).at("%s", where).because(DAMAGED);
  }

  /** Where the 64 digits of the digest begin in the header; −1 if there is none. Unescaped quotes are found nowhere else. */
  static int digestAt(byte[] header) {
    var key = "\"" + SHA256 + "\":\"";
    int found = new String(header, StandardCharsets.ISO_8859_1).indexOf(key);
    int at = found + key.length();
    return found < 0 || at + 64 > header.length ? -1 : at;
  }
}
