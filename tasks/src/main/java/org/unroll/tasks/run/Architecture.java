package org.unroll.tasks.run;

import java.util.ArrayList;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.tasks.config.LmConfig;

/** The network that a language model's configuration asks for. */
public final class Architecture {
  private Architecture() {}

  /** Embedding (or one-hot), dropout, layers with dropout above each, softmax over the vocabulary. */
  public static Spec of(LmConfig.Net net, int symbols) {
    var layers = new ArrayList<Spec.Layer>();
    if (net.embed() > 0) {
      layers.add(new Spec.Embedding(net.embed(), new Start(Start.Kind.GAUSSIAN, net.tie() ? 1 / Math.sqrt(net.embed()) : 1)));
    }
    if (net.embedDropout() > 0) layers.add(new Spec.Dropout(net.embedDropout()));
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
      case "constant" -> new Start(Start.Kind.CONSTANT, 0.01);
      case String other -> throw Fault.of(Code.C011, "init is '%s'", other).at("model.init");
    };
  }

  /** C020 where training would not fit into {@code heap} bytes; says what would. Allocates nothing. */
  static void requireFits(LmConfig config, int symbols, long rows, long heap) {
    long need = bytes(config, symbols, rows);
    if (need <= heap) return;
    int hidden = config.model().hidden();
    while (hidden > 16 && bytes(config, hidden, symbols, rows) > heap) hidden = hidden / 16 * 16 - 16;
    var f = need == Long.MAX_VALUE
        ? Fault.of(Code.C020, "training needs an array of more than 2,147,483,631 numbers, the most that Java has")
        : Fault.of(Code.C020, "training needs about %,d MiB, Java may use %,d MiB", need >> 20, heap >> 20);
    f = f.at("model.hidden").because("weights, gradients, optimizer slots and a window of states must fit in memory");
    if (bytes(config, Math.max(16, hidden), symbols, rows) <= heap) f = f.mend("model.hidden: %d", Math.max(16, hidden));
    f = f.mend(config.train().batch() == 0
        ? "train.batch: 32, not all of the text in each step" : "a smaller train.batch or train.bptt");
    throw need == Long.MAX_VALUE ? f : f.mend("give Java more memory: UNROLL_JAVA_OPTS=-Xmx…");
  }

  /** Bytes that training takes, about. {@code rows}: symbols of a window over all streams. */
  static long bytes(LmConfig config, int symbols, long rows) { return bytes(config, config.model().hidden(), symbols, rows); }

  /** Weights, gradients, slots and the tensors of a save; gates, states and scores of a window, both ways. */
  private static long bytes(LmConfig config, int hidden, int symbols, long rows) {
    var n = config.model();
    int embed = n.tie() ? hidden : n.embed();
    var net = new LmConfig.Net(n.cell(), n.layers(), hidden, embed, n.dropout(), n.embedDropout(), n.forgetBias(), n.tie(),
        n.init());
    long weights = weights(net, symbols);
    int slots = Plan.optimizer(config.train().steps()).slots().size();
    long widest = Math.max(symbols, (long) Cells.find(net.cell()).layout().blocks() * hidden);
    if (weights > Integer.MAX_VALUE - 16 || rows * widest > Integer.MAX_VALUE - 16) return Long.MAX_VALUE;
    return 4 * (weights * (4 + slots) + rows * (12L * hidden * net.layers() + symbols));
  }

  private static long weights(LmConfig.Net net, int symbols) {
    try {
      return Network.build(of(net, symbols)).shape().size();
    } catch (Fault tooMany) {
      return Long.MAX_VALUE;
    }
  }
}
