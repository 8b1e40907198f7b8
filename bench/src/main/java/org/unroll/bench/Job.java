package org.unroll.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.unroll.file.Disk;
import org.unroll.file.SafeTensorsWriter;
import org.unroll.file.Tensor;

/**
 * What is to be computed, told without any engine's classes: every contestant is made from it alone.
 *
 * @param cell lstm, gru, elman, mingru or minlstm; empty where there is none
 * @param sizes by the letters of {@link Kind}
 * @param arrays by the names of {@link Kind}, in our order of gates
 */
public record Job(Kind kind, String cell, Map<String, Integer> sizes, Map<String, Values> arrays) {

  /** The size called {@code name}. */
  public int size(String name) { return sizes.get(name); }

  /** The values called {@code name}. */
  public float[] values(String name) { return arrays.get(name).v(); }

  /** Ids, labels or lengths called {@code name}. */
  public int[] ints(String name) {
    float[] v = values(name);
    return IntStream.range(0, v.length).map(i -> (int) v[i]).toArray();
  }

  /**
   * Writes all to a safetensors file, for an engine in another process. Metadata: {@code kind}, {@code cell}, and each size under
   * {@code size.} and its name.
   */
  public void write(Path file) {
    var tensors = new ArrayList<Tensor>();
    arrays.forEach((name, a) -> tensors.add(Tensor.of(name, a.v(), IntStream.of(a.shape()).asLongStream().toArray())));
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("kind", kind.name());
    metadata.put("cell", cell);
    sizes.forEach((name, n) -> metadata.put("size." + name, Integer.toString(n)));
    SafeTensorsWriter.save(Disk.real(), file, List.copyOf(tensors), metadata);
  }
}
