package org.unroll.look;

import java.util.Arrays;
import java.util.List;

/**
 * A memory as a sum over its past: {@link MemoryTrace} unit by unit, {@link MatrixTrace} of an mLSTM. Steps count in the order
 * of the walk.
 */
public sealed interface Unfolded permits MemoryTrace, MatrixTrace {

  /** M009, with what there is, for a layer that carries no memory on by gates. */
  static Unfolded of(Walk walk) { return walk instanceof MatrixWalk m ? new MatrixTrace(m) : MemoryTrace.of(walk); }

  /**
   * How exactly the sum meets what the pass has.
   *
   * @param worst largest |Σ − state| of all steps and units
   * @param scale largest |state|
   * @param strain largest |Σ − state| in units of what float arithmetic of the pass may leave there; 1 is the most
   */
  record Check(double worst, double scale, double strain) {
    /** Whether the difference is what float arithmetic of the pass leaves. */
    public boolean holds() { return strain <= 1; }
  }

  /** Whose memory it is. */
  Walk walk();

  /** The slot of the state that is unfolded. */
  String slot();

  /** What {@link #sums} make: {@code c}, {@code h}; {@code h̃} where a matrix is read. */
  String whole();

  /** What is written at a step: {@code g}, {@code v}. */
  String candidate();

  /** The recurrence, then its sum, as people write them. */
  List<String> equations();

  /** w_i^t of a unit: row t − 1, column i; column 0 is that of the first state. NaN where i > t. */
  double[][] weights(int unit);

  /** What each step adds to the whole of a unit at step t; column 0 is the first state's part. NaN where i > t. */
  double[][] contributions(int unit);

  /** The whole itself as the pass has it, for each t. */
  double[] states(int unit);

  /** How exactly the sums of all units meet their states. */
  Check check();

  /** The sum of all contributions, for each t. */
  default double[] sums(int unit) { return Arrays.stream(contributions(unit)).mapToDouble(Unfolded::sum).toArray(); }

  /** Of a row of {@link #contributions}. */
  static double sum(double[] row) { return Arrays.stream(row).filter(c -> !Double.isNaN(c)).sum(); }

  /** Mean of |contribution| over all units. */
  default double[][] meanContributions() {
    double[][] mean = null;
    for (int u = 0; u < walk().units(); u++) {
      var c = contributions(u);
      if (mean == null) mean = new double[c.length][c.length + 1];
      for (int t = 0; t < c.length; t++) {
        for (int i = 0; i < c[t].length; i++) mean[t][i] += Math.abs(c[t][i]) / walk().units();
      }
    }
    return mean;
  }
}
