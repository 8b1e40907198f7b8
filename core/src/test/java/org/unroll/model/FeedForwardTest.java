package org.unroll.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.kernel.Kernels;
import org.unroll.kernel.Weights;
import org.unroll.layer.Run;
import org.unroll.layer.State;
import org.unroll.optim.Adam;
import org.unroll.optim.Penalty;
import org.unroll.slab.Batch;
import org.unroll.slab.Grads;
import org.unroll.slab.Philox;
import org.unroll.slab.Slab;
import org.unroll.slab.Workspace;

/** What the documents say of feed-forward networks, shown with their numbers. A sequence has one step. */
class FeedForwardTest {
  private static final Start GLOROT = Start.of(Start.Kind.GLOROT);
  private static final Start NORMAL = new Start(Start.Kind.GAUSSIAN, 1);

  private static Spec regression(int inputs, Start start, Activation f, int... widths) {
    var layers = new ArrayList<Spec.Layer>();
    for (int w : widths) layers.add(new Spec.Dense(w, f, start));
    return new Spec(new Spec.Vectors(inputs), layers, new Spec.SquaredError(1, Head.At.EVERY_STEP, start));
  }

  private static Slab column(float... values) { return rows(values.length, 1, (r, k) -> values[r]); }

  private interface Element { double at(int row, int col); }

  private static Slab rows(int rows, int cols, Element e) {
    var s = Slab.zeros(1, rows, cols);
    for (int r = 0; r < rows; r++) for (int k = 0; k < cols; k++) s.set(r, k, (float) e.at(r, k));
    return s;
  }

  private static Learner train(Spec spec, Slab x, Slab target, Penalty penalty, double rate, int steps) {
    var learner = new Learner(Network.build(spec), new Learner.Settings(Adam.usual(), penalty, List.of()), Kernels.scalar(), 3);
    for (int i = 0; i < steps; i++) learner.step(Batch.full(x, new long[x.rows()]), target, State.ZERO, rate);
    return learner;
  }

  private static double loss(Learner learner, Slab x, Slab target) {
    var batch = Batch.full(x, new long[x.rows()]);
    var e = learner.view(Map.of()).evaluate(batch, target, State.ZERO, new Workspace());
    return e.sum() / e.count();
  }

  // ---- document 004 §2: a perceptron cannot learn XOR

  private static final Slab CORNERS = rows(4, 2, (r, k) -> k == 0 ? r % 2 : r / 2);
  private static final Slab XOR = column(0, 1, 1, 0);

  private static Learner xor(List<Spec.Layer> layers) {
    var spec = new Spec(new Spec.Vectors(2), layers, new Spec.Softmax(2, false, Head.At.EVERY_STEP, GLOROT));
    return train(spec, CORNERS, XOR, Penalty.NONE, 0.02, 1500);
  }

  /** No plane parts the corners: the best that logistic regression can do is to say ½, at a loss of log 2. */
  @Test void xor_aPerceptronCannotLearn_twoLayersCan() {
    assertEquals(Math.log(2), loss(xor(List.of()), CORNERS, XOR), 1e-4);
    for (var f : List.of(Activation.TANH, Activation.SIGMOID)) {
      double loss = loss(xor(List.of(new Spec.Dense(4, f, new Start(Start.Kind.UNIFORM, 1)))), CORNERS, XOR);
      assertTrue(loss < 0.02, f + ": " + loss);
    }
  }

  // ---- document 004 §2.4: the gradient vanishes in depth with sigmoid, not with ReLU

  /** ∂L/∂b of every layer, from the input up: L is the squared error of one output against 0. */
  private static double[] biasGradients(Activation f, Start start, int width, int depth, long seed) {
    var widths = new int[depth];
    Arrays.fill(widths, width);
    var network = Network.build(regression(width, start, f, widths));
    var ps = network.shape().copy();
    ps.initialise(new Philox(seed, Philox.Stream.INIT));
    var run = Run.evaluation(new Weights(ps, Kernels.scalar()), new Workspace());
    var x = Batch.full(rows(1, width, (r, k) -> k % 2 == 0 ? 1 : -0.5), new long[1]);
    var pass = network.body().forward(x, State.ZERO, run);
    var grads = new Grads(ps);
    var loss = network.head().loss(pass.y(), Slab.zeros(1, 1, 1), run);
    pass.backward(loss.backward(grads), State.ZERO, grads);
    var norms = new double[depth];
    for (int l = 0; l < depth; l++) {
      for (float g : ps.find("dense" + l + ".b").of(grads.array()).copyRow(0, 0)) norms[l] += (double) g * g;
      norms[l] = Math.sqrt(norms[l]);
    }
    return norms;
  }

  /** Equation 19: δ of the first layer is δ of the last times w σ′(z) of those between, and σ′ is at most ¼. */
  @Test void sigmoid_aChainOfNeurons_hasTheGradientOfEquation19_whichDecays() {
    int depth = 12;
    var shares = new double[50];
    for (int seed = 0; seed < shares.length; seed++) {
      var chain = new int[depth];
      Arrays.fill(chain, 1);
      var ps = Network.build(regression(1, NORMAL, Activation.SIGMOID, chain)).shape().copy();
      ps.initialise(new Philox(seed, Philox.Stream.INIT));
      double a = 1, equation19 = 1, bound = 1;
      for (int l = 0; l < depth; l++) {
        double w = ps.find("dense" + l + ".W").of(ps.array()).get(0, 0);
        if (l > 0) {
          equation19 *= a * (1 - a) * w;
          bound *= Math.abs(w) / 4;
        }
        a = 1 / (1 + Math.exp(-w * a));
      }
      double[] norms = biasGradients(Activation.SIGMOID, NORMAL, 1, depth, seed);
      shares[seed] = norms[0] / norms[depth - 1];
      assertEquals(1, shares[seed] / Math.abs(equation19), 1e-5, "seed " + seed);
      assertTrue(shares[seed] <= bound * (1 + 1e-5), "seed " + seed);
    }
    Arrays.sort(shares);
    assertTrue(shares[49] < 1e-5, "the largest of 50 is " + shares[49]);
  }

  /** The share of the gradient that arrives at the first of twenty layers of ten, sorted, of twenty networks. */
  private static double[] arriving(Activation f, Start start) {
    var shares = new double[20];
    for (int seed = 0; seed < shares.length; seed++) {
      double[] n = biasGradients(f, start, 10, 20, seed);
      shares[seed] = n[19] == 0 ? 0 : n[0] / n[19];           // all ReLUs of a layer may be off
    }
    Arrays.sort(shares);
    return shares;
  }

  @Test void deepNetworks_ofSigmoids_loseTheirGradient_andOfReLUsDoNot() {
    assertTrue(arriving(Activation.SIGMOID, NORMAL)[19] < 2e-5);
    assertTrue(arriving(Activation.SIGMOID, Start.of(Start.Kind.HE))[19] < 1e-9);
    double[] relu = arriving(Activation.RELU, NORMAL), he = arriving(Activation.RELU, Start.of(Start.Kind.HE));
    assertTrue(relu[2] > 1000, "it grows: " + Arrays.toString(relu));
    assertTrue(he[10] > 0.03 && he[2] > 1e-3, Arrays.toString(he));
  }

  // ---- document 004 §2.4: penalties against overfitting

  private static final int FEATURES = 20, SEEN = 24;
  private static final Philox DATA = new Philox(11, Philox.Stream.DATA);

  private static Slab features(int rows, int key) { return rows(rows, FEATURES, (r, k) -> DATA.gaussian(0, key, r, k)); }

  /** Two of the twenty numbers matter. */
  private static Slab values(Slab x, double noise) {
    return rows(x.rows(), 1, (r, k) -> x.get(r, 0) - 0.5 * x.get(r, 1) + noise * DATA.gaussian(1, 3, r, 0));
  }

  /** Loss on what was seen, on what was not, share of the first layer's weights below 0.01. */
  private static double[] fit(double l1, double l2) {
    Slab x = features(SEEN, 1), y = values(x, 0.5), newX = features(400, 2), newY = values(newX, 0);
    var learner = train(regression(FEATURES, GLOROT, Activation.TANH, 16), x, y, new Penalty(l1, l2), 0.005, 1500);
    float[] w = learner.publish(Map.of()).tensors().stream().filter(t -> t.name().equals("dense0.weight"))
        .findFirst().orElseThrow().floats();
    int small = 0;
    for (float v : w) if (Math.abs(v) < 0.01) small++;
    return new double[] {loss(learner, x, y), loss(learner, newX, newY), (double) small / w.length};
  }

  @Test void penalties_actAgainstOverfitting() {
    double[] none = fit(0, 0), l2 = fit(0, 0.06), l1 = fit(0.02, 0);
    assertTrue(none[0] < 1e-12, "what was seen is known by heart: " + none[0]);
    assertTrue(none[1] > 0.34 && l2[1] < 0.32 && l1[1] < 0.2, "unseen " + none[1] + ", L2 " + l2[1] + ", L1 " + l1[1]);
    assertTrue(l2[0] > 0.005 && l1[0] > 0.005, "seen, L2 " + l2[0] + ", L1 " + l1[0]);
    assertTrue(none[2] < 0.05 && l1[2] > 0.9, "small weights " + none[2] + ", L1 " + l1[2]);
  }

  // ---- document 001: a network with one hidden layer approximates any function

  @Test void universalApproximation_ofAFunctionOfOneNumber() {
    DoubleUnaryOperator f = v -> Math.sin(3 * v) + 0.5 * Math.abs(v);
    var x = rows(81, 1, (r, k) -> -1 + r / 40.0);
    var y = rows(81, 1, (r, k) -> f.applyAsDouble(x.get(r, 0)));
    for (int width : new int[] {2, 32}) {                     // 32 neurons come within 0.06, two do not
      var learner = train(regression(1, new Start(Start.Kind.UNIFORM, 3), Activation.SIGMOID, width), x, y, Penalty.NONE, 0.01, 4000);
      var model = learner.publish(Map.of());
      double worst = 0;
      try (var session = model.session()) {
        for (int i = 0; i <= 160; i++) {
          double v = -1 + i / 80.0;
          worst = Math.max(worst, Math.abs(session.step((float) v)[0] - f.applyAsDouble(v)));
        }
      }
      assertTrue(width == 2 ? worst > 0.3 : worst < 0.06, width + " neurons: off by up to " + worst);
    }
  }
}
