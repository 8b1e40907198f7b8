package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.layer.Recurrent;
import org.unroll.slab.Slab;

/**
 * A walk of a recurrent cell, unit by unit.
 *
 * @param trace of its pass
 * @param blocks values of the gates after the step, [T, 1, H] each, in the order of {@link #gates}
 */
public record CellWalk(String name, Recurrent.Trace trace, List<Slab> blocks) implements Walk {

  static CellWalk of(Recurrent.Trace t) {
    var blocks = new ArrayList<Slab>();
    for (int b = 0; b < t.gates().blocks(); b++) blocks.add(t.gates().copy(b, t.states().steps() - 1, 1));
    return new CellWalk(name(t.layer().W().name()), t, List.copyOf(blocks));
  }

  /** {@code rnn0} of {@code rnn0.W}. */
  static String name(String W) { return W.substring(0, W.lastIndexOf('.')); }

  @Override public int steps() { return trace.states().steps() - 1; }

  @Override public int units() { return trace.layer().units(); }

  @Override public Recurrent.Direction direction() { return trace.layer().direction(); }

  @Override public List<String> gates() { return trace.layer().cell().gates(); }

  @Override public boolean opens(int block) { return trace.layer().cell().opens().contains(gates().get(block)); }

  @Override public float gate(int block, int t, int unit) { return blocks.get(block).get(t, unit); }

  @Override public List<String> slots() { return trace.layer().cell().slots(); }

  @Override public float after(int slot, int t, int unit) { return state(slot, forward() ? t + 1 : t, unit); }

  /** A slot of the state before a step of the text was read. */
  public float before(int slot, int t, int unit) { return state(slot, forward() ? t : t + 1, unit); }

  private float state(int slot, int at, int unit) { return trace.state(slot).get(at, unit); }

  @Override public String cell() {
    var name = Cells.nameOf(trace.layer().cell());
    return name == null ? trace.layer().cell().getClass().getSimpleName() : name;
  }

  @Override public String has() {
    return cell() + " has the gates " + String.join(" ", gates()) + " and the state " + String.join(" ", slots());
  }
}
