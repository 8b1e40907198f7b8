package org.unroll.tasks.run;

import java.util.ArrayList;
import org.unroll.cell.Cells;
import org.unroll.cell.MatrixMemory;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.head.Head;
import org.unroll.kernel.Activation;
import org.unroll.model.Network;
import org.unroll.model.Spec;
import org.unroll.model.Start;
import org.unroll.tasks.config.LmConfig;
import org.unroll.tasks.config.StackLayer;

/** The network that a language model's configuration asks for. */
public final class LmSpec {
  private LmSpec() {}

  /**
   * Embedding (or one-hot), dropout, layers with dropout above each, softmax over the vocabulary. A way around a layer leads around
   * its dropout too: what is carried is never dropped.
   */
  public static Spec of(LmConfig.Net net, int symbols) {
    var layers = new ArrayList<Spec.Layer>();
    if (net.embed() > 0) {
      layers.add(new Spec.Embedding(net.embed(), new Start(Start.Kind.GAUSSIAN, net.tie() ? 1 / Math.sqrt(net.embed()) : 1)));
    }
    if (net.embedDropout() > 0) layers.add(new Spec.Dropout(net.embedDropout(), net.mask()));
    var start = start(net.init());
    var recurrent = net.init().equals("glorot") ? Start.of(Start.Kind.ORTHOGONAL) : start;
    for (var l : net.all()) {
      var body = new ArrayList<Spec.Layer>();
      body.add(switch (l.cell()) {
        case StackLayer.MLSTM -> new Spec.Mlstm(l.units(), l.heads(), Spec.Direction.FORWARD, net.forgetBias(), start);
        case StackLayer.JORDAN -> new Spec.Jordan(l.units(), Activation.SOFTMAX, start, recurrent);
        default -> new Spec.Recurrent(l.cell(), l.units(), Spec.Direction.FORWARD, net.forgetBias(), start, recurrent, l.projection(),
            net.noise(), net.scan(l));
      });
      double rate = l.cell().equals(StackLayer.JORDAN) ? 0 : l.dropout().orElse(net.dropout());
      if (rate > 0) body.add(new Spec.Dropout(rate, net.mask()));
      switch (l.connect()) {
        case NONE -> layers.addAll(body);
        case RESIDUAL -> layers.add(new Spec.Residual(body));
        case HIGHWAY -> layers.add(new Spec.Highway(body, Spec.Highway.CARRY, start));
      }
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
    boolean equal = config.model().stack().isEmpty();
    int hidden = config.model().hidden();
    while (equal && hidden > 16 && bytes(config, config.model().withHidden(hidden), symbols, rows) > heap) hidden = hidden / 16 * 16 - 16;
    var f = need == Long.MAX_VALUE
        ? Fault.of(Code.C020, "training needs an array of more than 2,147,483,631 numbers, the most that Java has")
        : Fault.of(Code.C020, "training needs about %,d MiB, Java may use %,d MiB", need >> 20, heap >> 20);
    f = f.at(equal ? "model.hidden" : "model.stack")
        .because("weights, gradients, optimizer slots and a window of states must fit in memory");
    int fits = Math.max(16, hidden);
    if (!equal) f = f.mend("fewer or narrower layers");
    else if (bytes(config, config.model().withHidden(fits), symbols, rows) <= heap) f = f.mend("model.hidden: %d", fits);
    f = f.mend(config.train().batch() == 0
        ? "train.batch: 32, not all of the text in each step" : "a smaller train.batch or train.bptt");
    throw need == Long.MAX_VALUE ? f : f.mend("give Java more memory: UNROLL_JAVA_OPTS=-Xmx…");
  }

  /** Bytes that training takes, about. {@code rows}: symbols of a window over all streams. */
  static long bytes(LmConfig config, int symbols, long rows) { return bytes(config, config.model(), symbols, rows); }

  /** Weights, gradients, slots and the tensors of a save; gates, states, masks and scores of a window, both ways; chunks of scans. */
  private static long bytes(LmConfig config, LmConfig.Net net, int symbols, long rows) {
    long weights = weights(net, symbols), widest = rows * symbols, units = 0, matrices = 0;
    int slots = Plan.optimizer(config.train().steps()).slots().size();
    for (var l : net.all()) {
      long kept = matrices(l, rows, config.train().bptt()), blocks = !l.isCell() ? 4 : Cells.find(l.cell()).layout().blocks();
      widest = Math.max(widest, Math.max(kept, rows * blocks * l.units()));
      units += l.units();
      matrices += kept + chunks(l, net.scan(l), rows, config.train().bptt());
    }
    if (weights > Integer.MAX_VALUE - 16 || widest > Integer.MAX_VALUE - 16) return Long.MAX_VALUE;
    int each = net.noise().any() ? 20 : 12, thinned = net.noise().dropConnect() > 0 ? 3 : 0;
    return 4 * (weights * (4 + slots + thinned) + rows * (each * units + symbols) + matrices);
  }

  /** Numbers that the heads of an mLSTM remember of a window: of each 16th step, and of 20 steps at a time on the way back. */
  private static long matrices(StackLayer l, long rows, int bptt) {
    return l.heads() == 0 ? 0 : (long) l.heads() * MatrixMemory.size(l.units() / l.heads()) * (rows / 16 + 20 * (rows / bptt + 1));
  }

  /**
   * Numbers that a scan over time needs beside the steps' own: a row of zeros for each sequence; a product of gates for each chunk and
   * sequence forward, and another, a gradient and the final states' backward.
   */
  private static long chunks(StackLayer l, int scan, long rows, int bptt) {
    return scan == 0 ? 0 : (long) l.units() * (rows / bptt + 1) * (1 + 4L * ((bptt - 1) / scan + 1));
  }

  private static long weights(LmConfig.Net net, int symbols) {
    try {
      return Network.build(of(net, symbols)).shape().size();
    } catch (Fault f) {
      if (f.code() == Code.C011) throw f;
      return Long.MAX_VALUE;                          // too many numbers for one array
    }
  }
}
