package org.unroll.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.unroll.cell.Cell;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;

/**
 * What disturbs a recurrent layer in training so that it does not learn by heart. Each is the share of what is disturbed, 0 for
 * none. In evaluation the weights and the state are as they are, but for zoneout, which has its mean there.
 *
 * @param stateDropout of h' as R (and S) see it, one mask for all steps of a sequence: variational dropout (Gal and
 *     Ghahramani 2016), all gates with one mask
 * @param recurrentDropout of the candidate that enters the memory, another mask each step: what is remembered is never lost
 *     (Semeniuta, Severyn and Barth 2016)
 * @param zoneout of the units of h that keep h' (Krueger et al. 2017): {@link org.unroll.cell.Zoneout}
 * @param zoneoutMemory of the units of c that keep c'
 * @param dropConnect of the weights of R (and S), one mask for all steps and sequences of a step of training (Wan et al. 2013;
 *     Merity, Keskar and Socher 2018)
 */
public record Noise(double stateDropout, double recurrentDropout, double zoneout, double zoneoutMemory, double dropConnect) {
  /** None at all. */
  public static final Noise NONE = new Noise(0, 0, 0, 0, 0);

  public Noise {
    share("state_dropout", stateDropout);
    share("recurrent_dropout", recurrentDropout);
    share("zoneout", zoneout);
    share("zoneout_memory", zoneoutMemory);
    share("drop_connect", dropConnect);
  }

  private static void share(String what, double value) {
    if (value >= 0 && value < 1) return;
    throw Fault.of(Code.C011, "%s is %s, must be in [0, 1)", what, value).at("noise.%s", what).mend("%s: from 0 (none) to below 1", what);
  }

  /** What there is of it, by the names that specs have for it. */
  public Map<String, Double> shares() {
    var all = new LinkedHashMap<String, Double>();
    all.put("state_dropout", stateDropout);
    all.put("recurrent_dropout", recurrentDropout);
    all.put("zoneout", zoneout);
    all.put("zoneout_memory", zoneoutMemory);
    all.put("drop_connect", dropConnect);
    all.values().removeIf(share -> share == 0);
    return all;
  }

  /** Whether there is any. */
  public boolean any() { return !equals(NONE); }

  /** Whether states are blended with the states before. */
  boolean zones() { return zoneout > 0 || zoneoutMemory > 0; }

  /** Share of the units that keep their slot {@code slot} of the state, 0 being h. */
  public double zoneout(int slot) { return slot == 0 ? zoneout : zoneoutMemory; }

  /** C014 if there is nothing in the cell that one of these acts on. */
  public void require(String name, Cell cell) {
    var g = cell.layout();
    if (recurrentDropout > 0 && !cell.drops()) {
      throw without("recurrent_dropout", recurrentDropout, name, "no gate lets a candidate into a memory there")
          .mend("state_dropout: %s", recurrentDropout);
    }
    if (stateDropout > 0 && g.byR() == 0 && !g.secondProduct()) {
      throw without("state_dropout", stateDropout, name, "it multiplies its state by no matrix");
    }
    if (dropConnect > 0 && g.byR() == 0 && !g.secondProduct()) {
      throw without("drop_connect", dropConnect, name, "it has no recurrent matrix");
    }
    if (zoneoutMemory > 0 && g.states() == 1) {
      throw without("zoneout_memory", zoneoutMemory, name, "its state is h alone").mend("zoneout: %s", zoneoutMemory);
    }
    if (zoneoutMemory > 0 && g.states() > 2) {
      throw without("zoneout_memory", zoneoutMemory, name, "its memory is " + String.join(", ", cell.slots().subList(1, g.states()))
          + ", of one scale, and their means are no memory");
    }
  }

  private static Fault without(String what, double value, String cell, String rule) {
    return Fault.of(Code.C014, "%s is %s and the cell '%s'", what, value, cell).at("noise.%s", what).because(rule)
        .mend("%s: 0", what);
  }
}
