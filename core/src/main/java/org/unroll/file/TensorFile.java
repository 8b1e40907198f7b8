package org.unroll.file;

import java.util.List;
import java.util.Map;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * All of a safetensors file, in memory.
 *
 * @param metadata strings by key; those of the format itself too
 * @param tensors in the order of the file
 */
public record TensorFile(Map<String, String> metadata, List<Tensor> tensors) {

  /** The tensor called {@code name}; null if there is none. */
  public Tensor find(String name) {
    for (var t : tensors) if (t.name().equals(name)) return t;
    return null;
  }

  /** The tensor called {@code name}; M007 if there is none. */
  public Tensor tensor(String name) {
    var t = find(name);
    if (t != null) return t;
    throw Fault.of(Code.M007, "the file has no such tensor").at(name);
  }
}
