package org.unroll.reference;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Real-time recurrent learning (Williams and Zipser 1989): the gradient carried forward in time, without going back. With
 * s the states and θ all weights,
 * <pre>
 *   (1) J  = ∂s/∂θ|s' + ∂s/∂s' J'          J before the first step is 0 by the weights and 1 by the initial states
 *   (2) ∂L/∂θ = Σ_t ∂L_t/∂h_t J_t
 * </pre>
 * The same gradient as backpropagation through time at far greater cost, reached another way: a second oracle for small nets.
 * The chain over time is here; a tape differentiates one step at a time and never sees two.
 */
public final class RealTimeRecurrent {
  /** What a step costs. */
  public interface StepLoss {
    /** L_t of the hidden state of step t, [H], as a variable of the tape. */
    int at(Tape tape, int[] h, int t);
  }

  /**
   * A gradient and what it cost.
   *
   * @param gradient ∂L/∂θ
   * @param multiplications of (1) and (2) over all steps, each counted where it is done; those within a step not among them
   * @param influence numbers in J, all of which must be kept from step to step
   */
  public record Learnt(double[] gradient, long multiplications, long influence) {}

  private final ReferenceCell cell;
  private final int inputs;
  private final int units;

  /** @param cell a name that {@link ReferenceCell} knows */
  public RealTimeRecurrent(String cell, int inputs, int units) {
    this.cell = ReferenceCell.named(cell);
    this.inputs = inputs;
    this.units = units;
  }

  /**
   * ∂L/∂θ for one sequence, θ being the arrays W, R, b, then p and S where the cell has them, then the initial states in
   * the order of {@link ReferenceCell#slots}, each in its shape.
   *
   * @param weights those arrays by the names W, R, b, p, S, h0, c0 …
   * @param x [T][X]
   */
  public double[] gradient(Map<String, double[]> weights, double[][] x, StepLoss loss) { return learn(weights, x, loss).gradient; }

  /** The same, and what it cost. */
  public Learnt learn(Map<String, double[]> weights, double[][] x, StepLoss loss) {
    var count = new long[1];
    double[] theta = pack(weights);
    int states = cell.states() * units;
    int free = theta.length - states;             // the weights; the initial states follow them
    double[] s = Arrays.copyOfRange(theta, free, theta.length);
    var J = new double[states][theta.length];
    for (int i = 0; i < states; i++) J[i][free + i] = 1;
    var gradient = new double[theta.length];
    for (int t = 0; t < x.length; t++) {
      var tape = new Tape();
      int w = tape.leaves(Arrays.copyOf(theta, free));
      int before = tape.leaves(s);
      int[] in = Graph.range(tape.leaves(x[t]), inputs);
      int[] after = Arrays.stream(cell.step(at(tape, w), in, split(before))).flatMapToInt(Arrays::stream).toArray();
      J = carry(tape, w, free, before, after, J, count);                        // (1)
      double[] dL = tape.gradient(loss.at(tape, Arrays.copyOf(after, units), t));
      for (int i = 0; i < units; i++) add(dL[after[i]], J[i], gradient, count); // (2)
      for (int i = 0; i < states; i++) s[i] = tape.value(after[i]);
    }
    return new Learnt(gradient, count[0], (long) states * theta.length);
  }

  /** All arrays of θ in their order, end to end. */
  public double[] pack(Map<String, double[]> arrays) {
    var names = Stream.concat(Stream.of("W", "R", "b", "p", "S"), cell.slots().stream().map(slot -> slot + "0"));
    return names.filter(arrays::containsKey)
        .flatMapToDouble(name -> Arrays.stream(arrays.get(name))).toArray();
  }

  private double[][] carry(Tape tape, int w, int free, int before, int[] after, double[][] J, long[] count) {
    var next = new double[after.length][];
    for (int i = 0; i < after.length; i++) {
      double[] d = tape.gradient(after[i]);
      next[i] = new double[J[i].length];
      for (int j = 0; j < free; j++) next[i][j] = d[w + j];
      for (int j = 0; j < after.length; j++) add(d[before + j], J[j], next[i], count);
    }
    return next;
  }

  private static void add(double factor, double[] row, double[] to, long[] count) {
    for (int j = 0; j < row.length; j++) to[j] += factor * row[j];
    count[0] += row.length;
  }

  private int[][] split(int first) {
    var s = new int[cell.states()][];
    for (int i = 0; i < s.length; i++) s[i] = Graph.range(first + i * units, units);
    return s;
  }

  private CellWeights at(Tape tape, int first) {
    var z = cell.sizes();
    int r = first + inputs * z.byW() * units;
    int b = r + units * z.byR() * units;
    int p = b + z.blocks() * units;
    return new CellWeights(tape, units, z, first, r, b, p, p + cell.own(units));
  }
}
