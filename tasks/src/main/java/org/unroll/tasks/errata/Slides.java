package org.unroll.tasks.errata;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.unroll.reference.FiniteDifference;
import org.unroll.tasks.errata.Trial.Fact;

/** The three-step example of the slides (document 002) with its mistakes: the numbers that are printed beside ours. */
final class Slides {
  private static final int[] TARGETS = {0, 2, 1};
  private static final int[] SWAPPED = {0, 1, 2};
  /** δ of the outputs of steps 2 and 3, and ∇V, as the slides print them. */
  private static final double[] DELTA_2 = {0.21308, 0.31658, -0.52965}, DELTA_3 = {0.21231, -0.68366, 0.47135};
  private static final double[] NABLA_V = {-0.27229, -0.35369, -0.08774, -0.05002, 0.36003, 0.40372};

  private Slides() {}

  /** The network; its matrices are turned, for they multiply rows from the right here. */
  static HandElman net(int[] targets) {
    return new HandElman(targets, true, 1, Map.of(
        "r.W", new double[] {0.1, 0.4, 0.2, 0.5, 0.3, 0.6}, "r.R", new double[] {0.1, 0.3, 0.2, 0.4}, "r.b", new double[2],
        "o.W", new double[] {0.1, 0.3, 0.5, 0.2, 0.4, 0.6}, "o.b", new double[3], "r.h0", new double[2],
        "x", new double[] {1, 2, 3, 2, 3, 4, 3, 4, 5}));
  }

  static List<Trial> nablaU() {
    var net = net(TARGETS);
    double[] right = turned(net.gradients(Set.of()).get("r.W"), 3, 2);
    double[] wanted = turned(SimpleTrials.differences(net, "r.W"), 3, 2);
    return List.of(Trial.of("slides", Row.of("∇U", NABLA_V, right, wanted)));
  }

  static List<Trial> targets() {
    var net = net(TARGETS);
    var swapped = net(SWAPPED);
    return List.of(Trial.of("slides", Row.of("δ_2", swapped.output(2, false), net.output(2, false), DELTA_2),
        Row.of("δ_3", swapped.output(3, false), net.output(3, false), DELTA_3)));
  }

  static List<Trial> outputDelta() {
    var net = net(TARGETS);
    double[] z = {0, 0, 0};
    for (int k = 0; k < 3; k++) for (int j = 0; j < 2; j++) z[k] += net.s[1][j] * net.v.get("o.W")[j * 3 + k];
    double[] wanted = FiniteDifference.gradient(at -> -StrictMath.log(HandElman.softmax(at)[TARGETS[0]]), z);
    return List.of(Trial.of("slides", Row.of("δ_1", net.output(1, true), net.output(1, false), wanted)),
        SimpleTrials.gradients("six", "E18", "o.W", "o.b", "r.W", "r.R", "r.b"));
  }

  static List<Trial> slope() {
    var net = net(TARGETS);
    double s = net.s[3][0];
    double printed = 1 - StrictMath.tanh(s) * StrictMath.tanh(s);
    double wanted = FiniteDifference.gradient(at -> StrictMath.tanh(at[0]), new double[] {net.a[3][0]})[0];
    return List.of(Trial.of("slides", List.of(Row.of("slope", printed, 1 - s * s, wanted)), new Fact("s", s)),
        SimpleTrials.gradients("six", "E19", "r.W", "r.R", "r.b", "r.h0"));
  }

  private static double[] turned(double[] m, int rows, int cols) {
    var t = new double[m.length];
    for (int i = 0; i < rows; i++) for (int j = 0; j < cols; j++) t[j * rows + i] = m[i * cols + j];
    return t;
  }
}
