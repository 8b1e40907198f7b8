package org.unroll.look;

import java.util.ArrayList;
import java.util.List;
import org.unroll.cell.Cells;
import org.unroll.fault.Code;
import org.unroll.fault.Fault;
import org.unroll.layer.Pass;
import org.unroll.layer.Recurrent;
import org.unroll.slab.Slab;

/**
 * What one recurrent walk over one sequence remembered, by the names that its cell gives.
 *
 * @param name of the layer: {@code rnn0}, {@code rnn1.backward}
 * @param trace of its pass
 * @param blocks values of the gates after the step, [T, 1, H] each, in the order of {@link #gates}
 */
public record Walk(String name, Recurrent.Trace trace, List<Slab> blocks) {

  /** All recurrent walks within a pass, from the input up. */
  public static List<Walk> within(Pass pass) {
    var found = new ArrayList<Walk>();
    collect(pass, found);
    return List.copyOf(found);
  }

  private static void collect(Pass pass, List<Walk> found) {
    if (pass instanceof Recurrent.Trace t) found.add(of(t));
    pass.inner().forEach(p -> collect(p, found));
  }

  private static Walk of(Recurrent.Trace t) {
    if (t.states().rows() != 1) throw Fault.of(Code.C030, "%d sequences at once", t.states().rows())
        .because("a walk is looked at alone");
    var blocks = new ArrayList<Slab>();
    for (int b = 0; b < t.gates().blocks(); b++) blocks.add(t.gates().copy(b, t.states().steps() - 1, 1));
    var W = t.layer().W().name();
    return new Walk(W.substring(0, W.lastIndexOf('.')), t, List.copyOf(blocks));
  }

  /** T. */
  public int steps() { return trace.states().steps() - 1; }

  /** H. */
  public int units() { return trace.layer().units(); }

  /** Whether it walks from the first step to the last. */
  public boolean forward() { return trace.layer().direction() == Recurrent.Direction.FORWARD; }

  /** Which step of the text is walked as the i-th, both from 0. */
  public int time(int i) { return forward() ? i : steps() - 1 - i; }

  /** Names of the cell's blocks, in their order. */
  public List<String> gates() { return trace.layer().cell().gates(); }

  /** Names of the slots of its state. */
  public List<String> slots() { return trace.layer().cell().slots(); }

  /** Number of a gate's block; M009, with what there is, for one that the cell has not. */
  public int gate(String gate) { return index(gates(), gate, "gate"); }

  /** Number of a slot of the state; M009, with what there is, for one that the cell has not. */
  public int slot(String slot) { return index(slots(), slot, "state"); }

  /** Gate {@code block} of a unit at a step of the text. */
  public float gate(int block, int t, int unit) { return blocks.get(block).get(t, unit); }

  /** A slot of the state after a step of the text was read. */
  public float after(int slot, int t, int unit) { return state(slot, forward() ? t + 1 : t, unit); }

  /** A slot of the state before a step of the text was read. */
  public float before(int slot, int t, int unit) { return state(slot, forward() ? t : t + 1, unit); }

  private float state(int slot, int at, int unit) { return trace.state(slot).get(at, unit); }

  /** A unit's number; M009 for one that is not there. */
  public int unit(int unit) {
    if (unit >= 0 && unit < units()) return unit;
    throw Fault.of(Code.M009, "there is no unit %d", unit).at(name).because("its units are 0 to %d", units() - 1);
  }

  /** What the cell is called. */
  public String cell() {
    var name = Cells.nameOf(trace.layer().cell());
    return name == null ? trace.layer().cell().getClass().getSimpleName() : name;
  }

  /** What the cell has, for messages. */
  public String has() {
    return cell() + " has the gates " + String.join(" ", gates()) + " and the state " + String.join(" ", slots());
  }

  private int index(List<String> names, String name, String what) {
    int i = names.indexOf(name);
    if (i >= 0) return i;
    throw Fault.of(Code.M009, "%s has no %s %s", cell(), what, name).at(this.name).because("%s", has());
  }
}
