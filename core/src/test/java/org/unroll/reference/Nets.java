package org.unroll.reference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Weights and inputs for tests: of order one half, so that gates are neither shut nor linear. */
final class Nets {
  private Nets() {}

  /** {@code count} numbers between −scale and scale. */
  static double[] some(long seed, int count, double scale) {
    return new SplittableRandom(seed).doubles(count, -scale, scale).toArray();
  }

  /** Arrays of a recurrent layer under {@code name}, with initial states for {@code rows} sequences. */
  static Map<String, double[]> recurrent(String name, String cell, int inputs, int units, int rows, long seed) {
    ReferenceCell c = ReferenceCell.named(cell);
    var z = c.sizes();
    var a = new LinkedHashMap<String, double[]>();
    a.put(name + ".W", some(seed, inputs * z.byW() * units, 0.8));
    if (z.byR() > 0) a.put(name + ".R", some(seed + 1, units * z.byR() * units, 0.8));
    if (z.blocks() > 0) a.put(name + ".b", some(seed + 2, z.blocks() * units, 0.5));
    if (c.own(units) > 0) a.put(name + ".p", some(seed + 3, c.own(units), 0.8));
    if (z.second()) a.put(name + ".S", some(seed + 4, units * units, 0.8));
    a.put(name + ".h0", some(seed + 5, rows * units, 0.7));
    for (int i = 1; i < c.states(); i++) {
      double[] s = some(seed + 5 + i, rows * units, 0.7);
      if (c.slots().get(i).equals("n")) for (int k = 0; k < s.length; k++) s[k] = 1 + Math.abs(s[k]);   // a sum of weights, at least 1
      a.put(name + "." + c.slots().get(i) + "0", s);
    }
    return a;
  }

  /** W and b of a dense layer. */
  static Map<String, double[]> dense(String name, int inputs, int outputs, long seed) {
    return Map.of(name + ".W", some(seed, inputs * outputs, 0.8), name + ".b", some(seed + 1, outputs, 0.5));
  }
}
