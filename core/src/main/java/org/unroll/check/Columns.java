package org.unroll.check;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A layer's gradient against differences of its own loss, column by column: of a weight matrix a column is what one gate of one
 * unit has, so that one wrong unit stands alone and is not lost among the others. Differences are extrapolated from two steps
 * (Richardson 1911): D = (4 D(ε) − D(2ε)) / 3 with D(ε) = (L(v + ε d) − L(v − ε d)) / 2ε. What rounding of the loss, and what
 * the two steps differ by, may explain is no error.
 */
final class Columns {
  /** Of each tensor with more than one row, spread evenly; a bias has all of its columns looked at. */
  static final int MOST = 64;

  private static final double[] STEPS = {2e-2, 8e-3, 3e-3};

  /** Uncertainty of a difference, relative, that needs no other step. */
  private static final double FINE = 5e-4;

  private Columns() {}

  /** The column of a tensor that is furthest off, and how many of its elements were in one that was looked at. */
  record Worst(String tensor, int entries, int size, int column, Directional.Slope slope) {}

  static List<Worst> of(Rig rig, long seed) {
    double noise = rig.noise();
    return Directional.tensors(rig).stream().filter(t -> t.values().length > 0).map(t -> worst(t, noise, seed)).toList();
  }

  private static Worst worst(Directional.Tensor t, double noise, long seed) {
    int n = t.values().length, rows = n / t.cols(), stride = rows == 1 ? 1 : Math.ceilDiv(t.cols(), MOST);
    Worst worst = null;
    int looked = 0;
    for (int k = 0; k < t.cols(); k += stride, looked++) {
      var s = column(t, k, noise, seed + k);
      if (worst == null || s.error() > worst.slope.error()) worst = new Worst(t.name(), 0, n, k, s);
    }
    return new Worst(t.name(), looked * rows, n, worst.column, worst.slope);
  }

  /** A kink next to where the numbers stand spoils a direction, so one that disagrees is tried again with two others. */
  private static Directional.Slope column(Directional.Tensor t, int k, double noise, long seed) {
    Directional.Slope s = null;
    for (int i = 0; i < 3 && (s == null || !s.ok()); i++) s = surest(t, direction(t, k, new SplittableRandom(seed + 7919 * i)), noise);
    return s;
  }

  /** Along the gradient's signs, most of them: no slope is small by chance. */
  private static double[] direction(Directional.Tensor t, int k, SplittableRandom random) {
    var d = new double[t.values().length];
    int rows = d.length / t.cols();
    for (int i = k; i < d.length; i += t.cols()) {
      d[i] = (t.gradient()[i] < 0 ? -1 : 1) * (rows > 2 && random.nextInt(4) == 0 ? -1 : 1) / Math.sqrt(rows);
    }
    return d;
  }

  /** By the first step that leaves little in doubt, else by that which leaves least. */
  private static Directional.Slope surest(Directional.Tensor t, double[] d, double noise) {
    double backward = IntStream.range(0, d.length).mapToDouble(i -> t.gradient()[i] * d[i]).sum();
    Directional.Slope best = null;
    for (double h : STEPS) {
      double near = difference(t, d, h), far = difference(t, d, 2 * h);
      double got = (4 * near - far) / 3, doubt = 1.5 * noise / h + Math.abs(near - far) / 3;
      if (best == null || doubt < best.floor()) best = new Directional.Slope(t.name(), t.values().length, backward, got, doubt);
      if (doubt <= FINE * Math.abs(got)) break;
    }
    return best;
  }

  /** The values of a float tensor are rounded to floats: the step that was taken is the one that counts. */
  private static double difference(Directional.Tensor t, double[] d, double h) {
    double[] up = t.values().clone(), down = t.values().clone();
    double asked = 0, taken = 0;
    for (int i = 0; i < d.length; i++) {
      if (d[i] == 0) continue;
      up[i] = (float) (up[i] + h * d[i]);
      down[i] = (float) (down[i] - h * d[i]);
      asked += 2 * h * Math.abs(d[i]);
      taken += Math.abs(up[i] - down[i]);
    }
    return (t.loss().applyAsDouble(up) - t.loss().applyAsDouble(down)) / (2 * h) * (asked / taken);
  }
}
