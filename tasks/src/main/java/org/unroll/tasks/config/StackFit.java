package org.unroll.tasks.config;

import static org.unroll.fault.Code.C011;
import static org.unroll.fault.Code.C014;

import java.util.Arrays;
import org.unroll.cell.Cells;
import org.unroll.fault.Fault;
import org.unroll.tasks.config.StackLayer.Connect;

/** Whether the layers of a language model fit each other and what is below them. */
final class StackFit {
  private StackFit() {}

  /** C014 where they do not. */
  static void check(Config c, LmConfig.Net net) {
    if (net.projection() >= net.hidden()) {
      throw Fault.of(C014, "model.projection is %d and model.hidden %d", net.projection(), net.hidden())
          .at("%s", c.get("model.projection").origin()).because("a projection is narrower than the layer that it is made of")
          .mend("set model.projection below %d", net.hidden());
    }
    requireUnits(c, net);
    int below = net.embed();
    for (int i = 0; i < net.stack().size(); i++) {
      var layer = net.stack().get(i);
      if (layer.connect() != Connect.NONE && layer.width() != below) throw misfit(c, net, i, below);
      below = layer.width();
    }
    for (int i = 0; i < net.stack().size(); i++) if (net.stack().get(i).cell().equals(StackLayer.JORDAN)) requireLast(c, net, i);
    boolean forgets = net.stack().isEmpty() || net.stack().stream().anyMatch(l -> forgets(l.cell()));
    if (!forgets && c.get("model.forget_bias").changed()) {
      throw Fault.of(C014, "model.forget_bias has no effect with model.stack %s", c.get("model.stack").text())
          .at("%s", c.get("model.forget_bias").origin()).because("none of its cells has a forget gate").mend("leave model.forget_bias out");
    }
  }

  /** C011 for fewer units than the cell can do with. */
  private static void requireUnits(Config c, LmConfig.Net net) {
    if (!net.stack().isEmpty()) return;
    int least = Cells.find(net.cell()).leastUnits();
    if (net.hidden() >= least) return;
    throw Fault.of(C011, "model.hidden is %d and model.cell %s", net.hidden(), net.cell()).at("%s", c.get("model.hidden").origin())
        .because("must be at least %d with %s: one unit has no variance over m − 1", least, net.cell())
        .mend("set model.hidden to %d", least).mend("%s, which divides by m", "model.cell: " + net.cell().replace("-unbiased", ""));
  }

  /** A Jordan layer and the output layer are one: nothing is between them. */
  private static void requireLast(Config c, LmConfig.Net net, int i) {
    String who = "layer " + (i + 1) + " of model.stack, " + net.stack().get(i).text(), place = c.get("model.stack").place(i).toString();
    if (i < net.stack().size() - 1) {
      throw Fault.of(C014, "%s, is not the last", who).at("%s", place).because("it hears what the model says, so nothing may stand on it")
          .mend("put it last").mend("elman hears its own state");
    }
    if (net.tie()) {
      throw Fault.of(C014, "model.tie has no effect with model.stack %s", c.get("model.stack").text()).at("%s", c.get("model.tie").origin())
          .because("a jordan layer has the output's matrix already").mend("model.tie: false");
    }
    if (net.stack().size() == 1 && net.dropout() > 0) {
      throw Fault.of(C014, "model.dropout has no effect with model.stack %s", c.get("model.stack").text())
          .at("%s", c.get("model.dropout").origin()).because("nothing is dropped between a jordan layer and the output")
          .mend("model.dropout: 0");
    }
  }

  /** Whether a bias can keep the cell's memory at the start. */
  static boolean forgets(String cell) {
    if (Cells.find(cell) == null) return cell.equals(StackLayer.MLSTM);
    return !Arrays.equals(Cells.find(cell).bias(1), Cells.find(cell).bias(0));
  }

  private static Fault misfit(Config c, LmConfig.Net net, int i, int below) {
    var layer = net.stack().get(i);
    boolean residual = layer.connect() == Connect.RESIDUAL;
    String who = "layer " + (i + 1) + " of model.stack, " + layer.text(), connect = residual ? "residual" : "highway";
    var fault = below == 0
        ? Fault.of(C014, "%s, takes symbols, one-hot", who).because("a %s connection needs a vector below", connect)
        : Fault.of(C014, "%s, takes %d values and gives %d", who, below, layer.width())
            .because(residual ? "residual adds the two: they must be equally many" : "highway mixes the two: they must be equally many");
    fault = fault.at("%s", c.get("model.stack").place(i));
    if (below > 0) fault = fault.mend("make layer %d %d wide", i + 1, below);
    fault = i == 0 ? fault.mend("model.embed: %d", layer.width()) : fault.mend("make layer %d %d wide", i, layer.width());
    return fault.mend("leave out %s", connect);
  }
}
