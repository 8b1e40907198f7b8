package org.unroll.tasks.errata;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.unroll.reference.ReferenceCell;

/** Weights and inputs of small networks: of order one half, so that gates are neither shut nor linear. The same at every run. */
final class Nets {
  private Nets() {}

  /** {@code count} numbers between −scale and scale. */
  static double[] some(long seed, int count, double scale) {
    return new SplittableRandom(seed).doubles(count, -scale, scale).toArray();
  }

  /** Arrays of the recurrent layer r for one sequence, with its initial states. */
  static Map<String, double[]> recurrent(String cell, int inputs, int units, long seed) {
    var c = ReferenceCell.named(cell);
    var z = c.sizes();
    var a = new LinkedHashMap<String, double[]>();
    a.put("r.W", some(seed, inputs * z.byW() * units, 0.8));
    a.put("r.R", some(seed + 1, units * z.byR() * units, 0.8));
    if (z.blocks() > 0) a.put("r.b", some(seed + 2, z.blocks() * units, 0.5));
    if (c.own(units) > 0) a.put("r.p", some(seed + 3, c.own(units), 0.8));
    if (z.second()) a.put("r.S", some(seed + 4, units * units, 0.8));
    for (int i = 0; i < c.states(); i++) a.put("r." + c.slots().get(i) + "0", some(seed + 5 + i, units, 0.7));
    return a;
  }

  /** W and b of a dense layer. */
  static Map<String, double[]> dense(String name, int inputs, int outputs, long seed) {
    return Map.of(name + ".W", some(seed, inputs * outputs, 0.8), name + ".b", some(seed + 1, outputs, 0.5));
  }

  /** The arrays without those of the output. */
  static Map<String, double[]> layer(Map<String, double[]> v) {
    var l = new LinkedHashMap<>(v);
    l.keySet().removeIf(name -> name.startsWith("o."));
    return l;
  }

  /** Columns of block {@code block} of a matrix with blocks side by side, or that part of a bias. */
  static double[] block(double[] m, int block, int blocks, int units) {
    int rows = m.length / (blocks * units);
    var part = new double[rows * units];
    for (int j = 0; j < rows; j++) System.arraycopy(m, (j * blocks + block) * units, part, j * units, units);
    return part;
  }

  /** The blocks of a matrix, or of a bias, in another order of signs: block i times {@code signs[i]}. */
  static double[] signed(double[] m, int units, int... signs) {
    double[] to = m.clone();
    for (int i = 0; i < to.length; i++) to[i] *= signs[i / units % signs.length];
    return to;
  }

  /** Step t (from 0) of [T, width]. */
  static double[] step(double[] x, int t, int width) { return Arrays.copyOfRange(x, t * width, (t + 1) * width); }

  static double[] join(double[] a, double[] b) {
    double[] j = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, j, a.length, b.length);
    return j;
  }
}
