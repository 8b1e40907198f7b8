package org.unroll.cell;

/**
 * A cell of one slot whose state is linear in the one before, unit by unit: h = k ⊙ h' + v, where k and v come of the input alone.
 * Steps of such a cell can be joined before the state that they start from is known; that is what a scan over time needs. From
 * a state of zeros {@link #forward} makes v, so a cell has only to say what it keeps.
 */
public interface Linear extends Cell {

  /** What stands in slot 0 of {@code r.ds}, times k: δh to δh', and nothing else. With the gates as {@link #forward} left them. */
  void keep(Row r);
}
