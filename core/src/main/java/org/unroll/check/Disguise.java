package org.unroll.check;

import java.util.List;
import java.util.Set;
import org.unroll.cell.Cell;
import org.unroll.cell.Row;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;

/** A cell that says of itself that it needs its whole row, or that it has no fused twin; it computes the same. */
record Disguise(Cell cell, Cell.Scope scope) implements Cell {

  @Override public Layout layout() {
    var l = cell.layout();
    return new Layout(l.blocks(), l.byR(), l.byW(), l.states(), l.perUnit(), scope, l.secondProduct());
  }

  @Override public void forward(Row r) { cell.forward(r); }

  @Override public void backward(Row r) { cell.backward(r); }

  @Override public boolean biased() { return cell.biased(); }

  @Override public int owns(int units) { return cell.owns(units); }

  @Override public void forward2(Row r) { cell.forward2(r); }

  @Override public void backward2(Row r) { cell.backward2(r); }

  @Override public Fused fused(Kernels k) { return null; }

  @Override public List<String> gates() { return cell.gates(); }

  @Override public Set<String> opens() { return cell.opens(); }

  @Override public List<String> slots() { return cell.slots(); }

  @Override public float least(int slot) { return cell.least(slot); }
}
