package org.unroll.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A disk of one folder in memory that knows what would survive a loss of power: bytes of a file once it was forced, names
 * once the folder was forced. {@link #crashes} gives states that a machine may find after a crash.
 */
class MemoryDisk implements Disk {
  /** How much of what was not forced reached the disk. */
  enum Data { ALL, NONE, HALF, TORN, ZEROS }

  private record Write(long at, byte[] bytes) {}

  private static final class Node {
    byte[] data = {};
    byte[] durable = {};
    final List<Write> pending = new ArrayList<>();

    void write(Write w) { data = applied(data, w); }

    static byte[] applied(byte[] data, Write w) {
      var longer = Arrays.copyOf(data, (int) Math.max(data.length, w.at + w.bytes.length));
      System.arraycopy(w.bytes, 0, longer, (int) w.at, w.bytes.length);
      return longer;
    }

    byte[] after(Data crash) {
      if (crash == Data.ALL) return data;
      if (crash == Data.ZEROS) return Arrays.copyOf(durable, data.length);
      var found = durable;
      int kept = crash == Data.NONE ? 0 : crash == Data.HALF ? pending.size() / 2 : pending.size() - 1;
      for (int i = 0; i < kept; i++) found = applied(found, pending.get(i));
      if (crash == Data.TORN && kept >= 0) {
        var last = pending.get(kept);
        found = applied(found, new Write(last.at, Arrays.copyOf(last.bytes, last.bytes.length / 2)));
      }
      return found;
    }
  }

  private final Map<String, Node> names = new TreeMap<>();
  private final Map<String, Node> durable = new TreeMap<>();
  private final List<Consumer<Map<String, Node>>> pending = new ArrayList<>();

  static MemoryDisk holding(String name, byte[] bytes) {
    var disk = new MemoryDisk();
    disk.put(name, bytes);
    return disk;
  }

  void put(String name, byte[] bytes) {
    var node = new Node();
    node.data = bytes;
    node.durable = bytes;
    names.put(name, node);
    durable.put(name, node);
  }

  byte[] bytes(Path file) { return names.get(name(file)).data; }

  /** Names and bytes, comparable. */
  Map<String, ByteBuffer> content() {
    var content = new TreeMap<String, ByteBuffer>();
    names.forEach((name, node) -> content.put(name, ByteBuffer.wrap(node.data)));
    return content;
  }

  /** The same disk once more; files that are open in this one are not in the other. */
  MemoryDisk copy() {
    var disk = new MemoryDisk();
    disk.names.putAll(names);
    disk.durable.putAll(durable);
    disk.pending.addAll(pending);
    return disk;
  }

  List<String> names() { return List.copyOf(names.keySet()); }

  /** States after a crash: what of the folder's changes reached the disk, times what of the files' bytes did. */
  List<MemoryDisk> crashes() {
    var states = new ArrayList<MemoryDisk>();
    for (var data : Data.values()) {
      for (int kept = 0; kept <= pending.size(); kept++) {
        states.add(crash(data, pending.subList(0, kept)));
        var without = new ArrayList<>(pending);
        if (kept < pending.size()) without.remove(kept);
        states.add(crash(data, without));
      }
    }
    return states;
  }

  private MemoryDisk crash(Data data, List<Consumer<Map<String, Node>>> changes) {
    var found = new TreeMap<>(durable);
    changes.forEach(c -> c.accept(found));
    var disk = new MemoryDisk();
    found.forEach((name, node) -> disk.put(name, node.after(data)));
    return disk;
  }

  private void change(Consumer<Map<String, Node>> c) {
    c.accept(names);
    pending.add(c);
  }

  private static String name(Path file) { return file.getFileName().toString(); }

  private Node node(Path file) throws IOException {
    var node = names.get(name(file));
    if (node == null) throw new NoSuchFileException(file.toString());
    return node;
  }

  @Override public Input open(Path file) throws IOException {
    var node = node(file);
    return new Input() {
      @Override public long size() { return node.data.length; }

      @Override public int read(ByteBuffer into, long at) {
        if (at >= node.data.length) return -1;
        int n = (int) Math.min(into.remaining(), node.data.length - at);
        into.put(node.data, (int) at, n);
        return n;
      }

      @Override public void close() {}
    };
  }

  @Override public Output create(Path file) throws IOException {
    if (names.containsKey(name(file))) throw new FileAlreadyExistsException(file.toString());
    var node = new Node();
    change(map -> map.put(name(file), node));
    return new Output() {
      @Override public int write(ByteBuffer from, long at) {
        var bytes = new byte[from.remaining()];
        from.get(bytes);
        var w = new Write(at, bytes);
        node.write(w);
        node.pending.add(w);
        return bytes.length;
      }

      @Override public void force() {
        node.durable = node.data;
        node.pending.clear();
      }

      @Override public void close() {}
    };
  }

  @Override public void move(Path from, Path to) throws IOException {
    var node = node(from);
    change(map -> {
      map.remove(name(from));
      map.put(name(to), node);
    });
  }

  @Override public void delete(Path file) { if (names.containsKey(name(file))) change(map -> map.remove(name(file))); }

  @Override public List<String> list(Path folder) { return names(); }

  @Override public void makeFolder(Path folder) {}

  @Override public void forceFolder(Path folder) {
    durable.clear();
    durable.putAll(names);
    pending.clear();
  }

  @Override public long free(Path folder) { return 1L << 40; }
}
