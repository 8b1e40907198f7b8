package org.unroll.tasks.lm;

import java.util.ArrayList;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.tasks.config.LmConfig;

/** The network that a language model's configuration asks for. */
final class Architecture {
  private Architecture() {}

  /** Embedding (or one-hot), dropout, layers with dropout above each, softmax over the vocabulary. */
  static Spec of(LmConfig.Net net, int symbols) {
    var layers = new ArrayList<Spec.Layer>();
    if (net.embed() > 0) {
      layers.add(new Spec.Embedding(net.embed(), new Start(Start.Kind.GAUSSIAN, net.tie() ? 1 / Math.sqrt(net.embed()) : 1)));
    }
    var start = start(net.init());
    var recurrent = net.init().equals("glorot") ? Start.of(Start.Kind.ORTHOGONAL) : start;
    for (int i = 0; i < net.layers(); i++) {
      layers.add(new Spec.Recurrent(net.cell(), net.hidden(), Spec.Direction.FORWARD, net.forgetBias(), start, recurrent));
      if (net.dropout() > 0) layers.add(new Spec.Dropout(net.dropout()));
    }
    return new Spec(new Spec.Symbols(symbols), layers,
        new Spec.Softmax(symbols, net.tie(), Head.At.EVERY_STEP, Start.of(Start.Kind.FAN_IN)));
  }

  private static Start start(String name) {
    return switch (name) {
      case "uniform" -> Start.of(Start.Kind.UNITS);
      case "gaussian" -> new Start(Start.Kind.GAUSSIAN, 0.1);
      case "glorot" -> Start.of(Start.Kind.GLOROT);
      case "he" -> Start.of(Start.Kind.HE);
      case "orthogonal" -> Start.of(Start.Kind.ORTHOGONAL);
      case String other -> throw Fault.of(Code.C011, "init is '%s'", other).at("model.init");
    };
  }

  /** Weights of a network, without building it: a model too large must be refused before anything is allocated. */
  static long weights(LmConfig.Net net, long symbols) {
    long in = net.embed() > 0 ? net.embed() : symbols, sum = net.embed() * symbols;
    for (int i = 0; i < net.layers(); i++) {
      sum += 4L * net.hidden() * (in + net.hidden() + 1);
      in = net.hidden();
    }
    return sum + (net.tie() ? symbols : (in + 1) * symbols);
  }

  /** C020 where training would not fit into {@code free} bytes of heap; says what would. */
  static void requireFits(LmConfig.Net net, long symbols, int slots, int batch, int window, long free) {
    long weights = weights(net, symbols);
    long need = bytes(net, net.hidden(), symbols, slots, batch, window);
    if (need <= free) return;
    int hidden = net.hidden();
    while (hidden > 16 && bytes(net, hidden, symbols, slots, batch, window) > free) hidden = hidden / 16 * 16 - 16;
    throw Fault.of(Code.C020, "%d weights in training need %d MB, %d MB are free", weights, need >> 20, free >> 20)
        .at("model.hidden").because("weights, gradients, optimizer slots and a window of states must fit in memory")
        .mend("model.hidden: %d", Math.max(16, hidden)).mend("give Java more memory: UNROLL_JAVA_OPTS=-Xmx…");
  }

  /** Weights, gradients, slots and two packed copies; gates, their gradients, states and scores of a window. */
  private static long bytes(LmConfig.Net n, int hidden, long symbols, int slots, int batch, int window) {
    var net = new LmConfig.Net(n.cell(), n.layers(), hidden, n.embed(), n.dropout(), n.forgetBias(), n.tie(), n.init());
    long weights = weights(net, symbols);
    if (weights > Integer.MAX_VALUE - 16) return Long.MAX_VALUE;
    return 4 * (weights * (4 + slots) + (12L * hidden * n.layers() + symbols) * batch * window);
  }
}
