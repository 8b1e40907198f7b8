package org.unroll.tasks.config;

import static org.unroll.fault.Code.C014;

import org.unroll.cell.Cells;
import org.unroll.fault.Fault;
import org.unroll.layer.Dropout.Over;
import org.unroll.layer.Noise;

/** Whether the regularisers of a language model find in it what they act on. */
final class NoiseFit {
  private NoiseFit() {}

  /** C014 where one does not: nothing is silently without effect. */
  static void check(Config c, LmConfig.Net net) {
    for (int i = 0; i < net.all().size(); i++) {
      var layer = net.all().get(i);
      try {
        if (layer.isCell()) net.noise().require(layer.cell(), Cells.find(layer.cell()));
        else requireNone(net.noise(), layer.cell());
      } catch (Fault f) {
        throw misfit(c, net, i, f);
      }
    }
    boolean drops = net.embedDropout() > 0 || net.all().stream().anyMatch(l -> l.dropout().orElse(net.dropout()) > 0);
    if (net.mask() == Over.SEQUENCE && !drops) {
      throw Fault.of(C014, "model.dropout_mask is sequence and nothing is dropped").at("%s", c.get("model.dropout_mask").origin())
          .because("model.dropout and model.embed_dropout are 0").mend("model.dropout: 0.4").mend("leave model.dropout_mask out");
    }
    if (c.real("train.temporal_l2") > 0 && c.whole("train.bptt") == 1) {
      throw Fault.of(C014, "train.temporal_l2 is %s and train.bptt 1", Type.number(c.real("train.temporal_l2")))
          .at("%s", c.get("train.temporal_l2").origin()).because("in a window of one step nothing changes").mend("train.bptt: 64")
          .mend("train.temporal_l2: 0");
    }
  }

  /** A layer that is no cell takes no noise. */
  private static void requireNone(Noise noise, String layer) {
    for (var share : noise.shares().keySet()) {
      throw Fault.of(C014, "%s", share).at("noise.%s", share).because("%s takes no noise", layer).mend("%s: 0", share);
    }
  }

  /** The same by the names of our keys. */
  private static Fault misfit(Config c, LmConfig.Net net, int i, Fault f) {
    String key = f.where().replace("noise.", "model.");
    var own = Fault.of(C014, "%s is %s and %s", key, Type.number(c.real(key)),
        net.stack().isEmpty() ? "model.cell " + net.cell() : "layer " + (i + 1) + " of model.stack " + net.stack().get(i).cell());
    own = own.at("%s", c.get(key).origin()).because("%s", f.why());
    for (var way : f.mend()) own = own.mend("model.%s", way);
    return own;
  }
}
