package org.unroll.cli;

import java.util.ArrayList;
import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.run.LmSpec;

/** Networks that together have every cell, layer and head: what {@code unroll gradcheck --all} checks. */
final class GradcheckNetworks {
  private static final Start START = Start.of(Start.Kind.GLOROT);

  private GradcheckNetworks() {}

  /**
   * Every cell, with each choice of layer normalisation; two layers with dropout between, one-hot input and tied weights with the
   * first configuration; a tagger; a mixed stack; an mLSTM; Jordan's network; networks without memory; regressions; scans over time;
   * layers with noise.
   */
  static List<Spec> all(LmConfig.Net net) {
    var specs = new ArrayList<Spec>();
    for (var cell : Cells.names()) specs.add(spec(net, cell, 1, net.embed(), 0, false));
    for (var cell : Cells.more()) specs.add(spec(net, cell, 1, net.embed(), 0, false));
    specs.add(spec(net, "lstm", 2, 8, 0.3, false));
    specs.add(spec(net, "lstm", 1, 0, 0, false));
    specs.add(spec(net, "gru", 1, net.hidden(), 0, true));
    specs.add(tagger(net.hidden()));
    specs.add(mixed(net.hidden()));
    specs.add(matrices(net.hidden()));
    specs.add(jordan(net.hidden(), Activation.SOFTMAX));
    specs.add(regression(List.of(new Spec.Jordan(net.hidden(), Activation.IDENTITY, START, START))));
    specs.add(regression(List.of(new Spec.Recurrent("lstm", net.hidden(), Spec.Direction.FORWARD, 1, START, START))));
    specs.add(regression(List.of(new Spec.Dense(net.hidden(), START))));
    specs.add(regression(List.of(new Spec.Dense(net.hidden(), Activation.TANH, START),
        new Spec.Dense(net.hidden(), Activation.RELU, START), new Spec.Dense(net.hidden(), Activation.SIGMOID, START))));
    for (var cell : List.of("mingru", "minlstm")) specs.add(scanned(net.hidden(), cell));
    specs.add(noisy(net, "lstm", new Noise(0.2, 0.3, 0.1, 0.4, 0.3)));
    specs.add(noisy(net, "gru-before", new Noise(0.2, 0.3, 0.1, 0, 0.3)));
    return specs;
  }

  /** Regularised in every way that the cell allows. */
  private static Spec noisy(LmConfig.Net n, String cell, Noise noise) {
    return LmSpec.of(new LmConfig.Net(cell, 1, n.hidden(), 8, 0.3, 0.2, n.forgetBias(), false, n.init(), 0, List.of(), Over.SEQUENCE,
        noise), 100);
  }

  /** A bidirectional LSTM with a CRF. */
  private static Spec tagger(int units) {
    return new Spec(new Spec.Symbols(100), List.of(new Spec.Embedding(units, START),
        new Spec.Recurrent("lstm", units, Spec.Direction.BOTH, 1, START, START)), crf());
  }

  /** Layers of different kinds and directions with ways around them, under a CRF. */
  private static Spec mixed(int units) {
    var both = new Spec.Recurrent("lstm", units, Spec.Direction.BOTH, 1, START, START);
    return new Spec(new Spec.Symbols(100), List.of(new Spec.Embedding(units, START), both,
        new Spec.Residual(List.of(new Spec.Recurrent("gru", units, Spec.Direction.BOTH, 1, START, START), new Spec.Dropout(0.2))),
        new Spec.Highway(List.of(new Spec.Recurrent("slstm", 2 * units, Spec.Direction.BACKWARD, 1, START, START)), -2, START),
        new Spec.Recurrent("lstm", 2 * units, Spec.Direction.BOTH, 1, START, START, units)), crf());
  }

  /** By a scan over time, both ways. */
  private static Spec scanned(int units, String cell) {
    return new Spec(new Spec.Symbols(100), List.of(new Spec.Embedding(units, START),
        new Spec.Recurrent(cell, units, Spec.Direction.BOTH, 1, START, START, 0, Noise.NONE, 64)), softmax());
  }

  private static Spec.Crf crf() { return new Spec.Crf(17, START, new Start(Start.Kind.UNIFORM, 0.1)); }

  /** An mLSTM both ways. */
  private static Spec matrices(int units) {
    return new Spec(new Spec.Symbols(100), List.of(new Spec.Mlstm(units, 4, Spec.Direction.BOTH, 1, START)), softmax());
  }

  private static Spec jordan(int units, Activation feedback) {
    return new Spec(new Spec.Symbols(100),
        List.of(new Spec.Embedding(units, START), new Spec.Jordan(units, feedback, START, START)), softmax());
  }

  private static Spec.Softmax softmax() { return new Spec.Softmax(100, false, Head.At.EVERY_STEP, START); }

  /** Of vectors, with squared error. */
  private static Spec regression(List<Spec.Layer> layers) {
    return new Spec(new Spec.Vectors(6), layers, new Spec.SquaredError(3, Head.At.EVERY_STEP, START));
  }

  private static Spec spec(LmConfig.Net n, String cell, int layers, int embed, double dropout, boolean tie) {
    double embedDropout = embed > 0 ? n.embedDropout() : 0;
    return LmSpec.of(
        new LmConfig.Net(cell, layers, n.hidden(), embed, dropout, embedDropout, n.forgetBias(), tie, n.init()), 100);
  }
}
