package org.unroll.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one forward and one backward run gave, by name, in our order of gates and our orientation of matrices.
 *
 * @param outputs y [T, B, H] and the last state, one [B, H] a slot
 * @param gradients of x, W, R, b and the first state
 */
public record Outcome(Map<String, float[]> outputs, Map<String, float[]> gradients) {

  /** With nothing in it yet. */
  public Outcome() { this(new LinkedHashMap<>(), new LinkedHashMap<>()); }
}
