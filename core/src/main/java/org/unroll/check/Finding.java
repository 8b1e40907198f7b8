package org.unroll.check;

/**
 * One rule that was broken.
 *
 * @param rule its name
 * @param where the case: direction, lengths, tensor
 * @param what the values that differ
 */
public record Finding(String rule, String where, String what) {
  @Override public String toString() { return rule + " · " + where + ": " + what; }
}
