package org.unroll.reference;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * A model in double: what production computes in float, once more and from the papers, with the gradient by everything.
 * Weights, input vectors ("x") and initial states are arrays of one map; so are their gradients.
 */
public record ReferenceModel(ReferenceLayer body) {

  public ReferenceModel(ReferenceLayer... layers) { this(new ReferenceLayer.Chain(layers)); }

  /**
   * What a run gives.
   *
   * @param loss the scalar, penalties of layers included
   * @param gradients ∂loss/∂array for each array, in its shape
   * @param y the body's output, [T, N, K], 0 where a sequence has ended
   * @param dy ∂loss/∂y, same shape
   * @param states final states by name ({@code name.h}, {@code name.c}), N × H
   * @param nearestKink see {@link Tape#nearestKink}
   */
  public record Result(double loss, Map<String, double[]> gradients, double[] y, double[] dy, Map<String, double[]> states,
      double nearestKink) {}

  /**
   * Runs forward and back.
   *
   * @param values every array that the layers name, and "x" where the input is vectors
   * @throws IllegalArgumentException if an array is missing, of the wrong size or not used
   */
  public Result run(Sequences in, Map<String, double[]> values, ReferenceLoss loss) {
    return run(new Graph(in, values), loss);
  }

  /**
   * The same with every number on the way moved by what rounding it to a float could do, at random signs: how far the results lie
   * from those of {@link #run} tells what may be asked of an engine in float.
   */
  public Result rounded(Sequences in, Map<String, double[]> values, ReferenceLoss loss, long seed) {
    return run(new Graph(in, values, new Tape(true, new Rounding(seed))), loss);
  }

  private Result run(Graph graph, ReferenceLoss loss) {
    var g = LossEquations.names(loss, graph);
    int[][][] y = LayerEquations.forward(body, g.input(), g);
    int total = g.withPenalties(LossEquations.of(loss, y, g));
    g.allUsed();
    double[] d = g.tape.gradient(total);
    var states = new LinkedHashMap<String, double[]>();
    g.states.forEach((name, s) -> states.put(name, Arrays.stream(s).mapToDouble(g.tape::value).toArray()));
    return new Result(g.tape.value(total), g.byName(d), flat(y, g.tape::value), flat(y, v -> d[v]), states, g.tape.nearestKink());
  }

  /** The same with what lies within: see {@link Traced}. One sequence only. */
  public Traced traced(Sequences in, Map<String, double[]> values, ReferenceLoss loss) { return new Traced(this, in, values, loss); }

  /** The loss alone. */
  public double loss(Sequences in, Map<String, double[]> values, ReferenceLoss loss) { return value(in, values, loss).loss(); }

  /**
   * The loss, and where the run went.
   *
   * @param sides see {@link Tape#sides}
   */
  public record Value(double loss, long sides) {}

  /** The loss alone, with the sides of the kinks that were kept to: a difference over a kink says nothing of a derivative. */
  public Value value(Sequences in, Map<String, double[]> values, ReferenceLoss loss) {
    var g = LossEquations.names(loss, new Graph(in, values, new Tape(false, null)));
    double total = g.tape.value(g.withPenalties(LossEquations.of(loss, LayerEquations.forward(body, g.input(), g), g)));
    return new Value(total, g.tape.sides());
  }

  /** The gradient by one array, by central differences of the loss. */
  public double[] differences(Sequences in, Map<String, double[]> values, ReferenceLoss loss, String name) {
    var moved = new LinkedHashMap<>(values);
    moved.put(name, values.get(name).clone());
    return FiniteDifference.gradient(_ -> loss(in, moved, loss), moved.get(name));
  }

  private static double[] flat(int[][][] y, IntToDoubleFunction f) {
    int K = 0;
    for (var step : y) for (var row : step) if (row != null) K = row.length;
    int N = y.length == 0 ? 0 : y[0].length;
    var out = new double[y.length * N * K];
    for (int t = 0; t < y.length; t++) {
      for (int n = 0; n < N; n++) {
        if (y[t][n] == null) continue;
        for (int k = 0; k < K; k++) out[(t * N + n) * K + k] = f.applyAsDouble(y[t][n][k]);
      }
    }
    return out;
  }
}
