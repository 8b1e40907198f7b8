package org.unroll.look;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/** The gates and states of a walk: values, how saturated they are, and which units answer to few places only. */
public record Gates(Walk walk) {
  /** Below, a gate is closed; above 1 − this, it is open (Karpathy, Johnson and Li 2016: left and right saturated). */
  public static final double EDGE = 0.1;

  /**
   * How often a gate is shut or wide open.
   *
   * @param left share of the steps at which it is below 0.1
   * @param right share of the steps at which it is above 0.9
   */
  public record Saturation(double left, double right) {}

  /** M009, with what there is, for a layer without gates. */
  public static Gates of(Walk walk) {
    if (!walk.gates().isEmpty()) return new Gates(walk);
    throw MemoryTrace.none(walk, Fault.of(Code.M009, "%s has no gates", walk.cell()).because("%s", walk.has()));
  }

  /** Whether a block opens and shuts, as the cell says. */
  public boolean opens(int block) { return walk.opens(block); }

  /** Of one unit, or of one head where the gate has one number a head, over all steps. */
  public Saturation saturation(int block, int unit) { return saturation(block, unit, unit + 1); }

  /** Of all units, or heads, over all steps. */
  public Saturation saturation(int block) { return saturation(block, 0, walk.width(block)); }

  private Saturation saturation(int block, int from, int to) {
    int left = 0, right = 0, count = walk.steps() * (to - from);
    for (int t = 0; t < walk.steps(); t++) {
      for (int u = from; u < to; u++) {
        float v = walk.gate(block, t, u);
        if (v < EDGE) left++;
        if (v > 1 - EDGE) right++;
      }
    }
    return new Saturation((double) left / count, (double) right / count);
  }

  /**
   * How few places a unit answers to.
   * <pre>
   *   (1) S = (1 − (Σ|h| / T)² / (Σ h² / T)) / (1 − 1/T)
   * </pre>
   * 1 for a unit that is active at one step only,
   * 0 for one that is equally active at all (Vinje and Gallant 2000). 0 where T is 1 or the unit is silent.
   */
  public double selectivity(int unit) {
    double sum = 0, squares = 0;
    int T = walk.steps();
    for (int t = 0; t < T; t++) {
      double h = Math.abs(walk.after(0, t, unit));
      sum += h / T;
      squares += h * h / T;
    }
    return T == 1 || squares == 0 ? 0 : (1 - sum * sum / squares) / (1 - 1.0 / T);                             // (1)
  }

  /** The {@code count} units of the highest selectivity, the highest first. */
  public List<Integer> mostSelective(int count) {
    var units = new ArrayList<Integer>();
    for (int u = 0; u < walk.units(); u++) units.add(u);
    double[] selectivity = units.stream().mapToDouble(this::selectivity).toArray();
    units.sort(Comparator.comparingDouble(u -> -selectivity[u]));
    return List.copyOf(units.subList(0, Math.min(count, units.size())));
  }

  /** Gate {@code block} of a unit, or head, at each step. */
  public double[] gate(int block, int unit) {
    return IntStream.range(0, walk.steps()).mapToDouble(t -> walk.gate(block, t, unit)).toArray();
  }

  /** One of {@link Walk#made}, of a unit or head, after each step. */
  public double[] state(int made, int unit) {
    return IntStream.range(0, walk.steps()).mapToDouble(t -> walk.after(made, t, unit)).toArray();
  }
}
