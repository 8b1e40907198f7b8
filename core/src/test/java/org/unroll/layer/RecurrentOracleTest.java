package org.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unroll.cell.Cells;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Recurrent.Direction;
import org.unroll.reference.FiniteDifference;
import org.unroll.reference.ReferenceLayer;
import org.unroll.reference.ReferenceLoss;
import org.unroll.reference.ReferenceModel;
import org.unroll.reference.Sequences;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Init;
import org.unroll.slab.Params;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** Every cell, both directions, ragged rows, states in and out: production against the reference. */
class RecurrentOracleTest {
  private static final int[] LENGTHS = {7, 5, 5, 1};
  private static final int T = 7, N = 4, X = 3;

  static Stream<Arguments> cases() {
    return Cells.names().stream().flatMap(c -> Stream.of(Direction.values()).flatMap(d -> Stream.of(5, 16, 19).map(h -> Arguments.of(c, d, h))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_anyCell_equalTheReference(String name, Direction direction, int units) {
    var ps = new Params();
    var uniform = new Init.Uniform(0.5f);
    var layer = Recurrent.of("l", Cells.find(name), Input.of(X), units, direction, new Recurrent.Inits(uniform, uniform, 1), ps);
    var rng = new Philox(5, Philox.Stream.INIT);
    for (int i = 0; i < ps.all().size(); i++) uniform.fill(ps.all().get(i).of(ps.array()), rng, i);
    ps.touch();

    var x = random(T, N, X, 90);
    var dy = random(T, N, units, 91);
    int S = layer.cell().layout().states();
    var in = new State(List.of(random(S, N, units, 92)));
    for (int i = 0; i < S; i++) {
      float least = layer.cell().least(i);
      if (least != Float.NEGATIVE_INFINITY) for (int j = i * N * units; j < (i + 1) * N * units; j++) {
        in.part(0).data()[j] = least + Math.abs(in.part(0).data()[j]);
      }
    }
    var dOut = new State(List.of(random(S, N, units, 93)));
    var batch = new Batch(x, new int[] {4, 3, 3, 3, 3, 1, 1}, new long[N]);
    var run = Run.evaluation(new Weights(ps, Kernels.scalar()), new Workspace());
    var pass = layer.forward(batch, in, run);
    var grads = new Grads(ps);
    var g = pass.backward(dy, dOut, grads);

    var values = new LinkedHashMap<String, double[]>();
    for (var p : ps.all()) values.put(p.name(), window(ps.array(), p));
    values.put("x", doubles(x.data()));
    var dStates = new LinkedHashMap<String, double[]>();
    for (int i = 0; i < S; i++) {
      String slot = layer.cell().slots().get(i);
      values.put("l." + slot + "0", doubles(in.part(0).step(i)));
      dStates.put("l." + slot, doubles(dOut.part(0).step(i)));
    }
    var model = new ReferenceModel(new ReferenceLayer.Recurrent("l", name, X, units, direction == Direction.BACKWARD));
    var want = model.run(Sequences.ofVectors(X, LENGTHS), values, new ReferenceLoss.Linear(alive(dy, batch), dStates));

    close("y", alive(pass.y().x(), batch), want.y());
    for (int i = 0; i < S; i++) {
      String slot = layer.cell().slots().get(i);
      close(slot, doubles(pass.out().part(0).step(i)), want.states().get("l." + slot));
      close("δ" + slot + "0", doubles(g.dIn().part(0).step(i)), want.gradients().get("l." + slot + "0"));
    }
    for (var p : ps.all()) close(p.name(), window(grads.array(), p), want.gradients().get(p.name()));
    close("δx", alive(g.dx(), batch), want.gradients().get("x"));
  }

  private static void close(String what, double[] got, double[] want) {
    double error = FiniteDifference.normRelative(got, want);
    assertTrue(error <= 1e-6, what + ": norm-relative error " + error);
  }

  private static Slab random(int steps, int rows, int cols, int key) {
    var s = Slab.zeros(steps, rows, cols);
    new Init.Uniform(1).fill(s, new Philox(7, Philox.Stream.DATA), key);
    return s;
  }

  private static double[] window(float[] array, Params.Param p) { return doubles(p.of(array)); }

  private static double[] doubles(float[] f) {
    var d = new double[f.length];
    for (int i = 0; i < f.length; i++) d[i] = f[i];
    return d;
  }

  private static double[] doubles(Slab s) {
    var d = new double[s.height() * s.cols()];
    for (int r = 0; r < s.height(); r++) for (int k = 0; k < s.cols(); k++) d[r * s.cols() + k] = s.get(r, k);
    return d;
  }

  /** With zeros for what is dead. */
  private static double[] alive(Slab s, Batch b) {
    var d = new double[s.height() * s.cols()];
    for (int t = 0; t < s.steps(); t++) {
      for (int n = 0; n < b.alive()[t]; n++) {
        for (int k = 0; k < s.cols(); k++) d[(t * s.rows() + n) * s.cols() + k] = s.get(t * s.rows() + n, k);
      }
    }
    return d;
  }
}
