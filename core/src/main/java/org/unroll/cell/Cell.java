package org.unroll.cell;

import java.util.List;
import java.util.Set;
import org.unroll.kernel.Fused;
import org.unroll.kernel.Kernels;
import org.unroll.slab.Init;

/**
 * The pointwise part of one step of a recurrence: all of it that is neither a matrix product nor a loop over time.
 *
 * <p>A cell sees G blocks of pre-activations {@code a} of H units each. The recurrent matrix R feeds the first
 * {@code byR} blocks, the input matrix W the last {@code byW}; where they overlap they add up. State slot 0 is the hidden
 * state h: what R multiplies at the next step and what the layer puts out. Cells hold no state and no weights, so one
 * object serves all threads.
 */
public interface Cell {

  /** What a cell may look at. */
  enum Scope {
    /** Each unit alone: the cell may be handed any 16 units of a row. */
    UNIT,
    /** The whole row at once (a normalisation inside, a softmax). */
    ROW
  }

  /**
   * The shape of a cell.
   *
   * @param blocks G, blocks of pre-activations
   * @param byR blocks fed by R: the first ones; 0 for a cell that multiplies its state by no matrix
   * @param byW blocks fed by W: the last ones. What no matrix feeds, between them, is the cell's to write
   * @param states slots of state
   * @param perUnit weights of each unit besides W, R and b
   * @param scope what the cell may look at
   * @param secondProduct whether a second matrix S (H × H) feeds the last block once {@link #forward} has made its input
   */
  record Layout(int blocks, int byR, int byW, int states, int perUnit, Scope scope, boolean secondProduct) {
    public Layout {
      assert byR <= blocks && byW <= blocks && states >= 1;
    }
  }

  /** Its shape: blocks, who feeds them, states. The same at every call. */
  Layout layout();

  /** Pre-activations to gates, in place; previous state to next. With a second product: up to its input. */
  void forward(Row r);

  /** δs_t to δa, and in place to the direct part of δs_{t−1}. With a second product: down to the gradient of its output. */
  void backward(Row r);

  /** What remains once S has fed the last block. */
  default void forward2(Row r) {
    throw new UnsupportedOperationException("no second product");
  }

  /** What remains once the gradient of the second product's input is known. */
  default void backward2(Row r) {
    throw new UnsupportedOperationException("no second product");
  }

  /** A twin over whole panels, bit-equal; null where there is none. */
  default Fused fused(Kernels k) { return null; }

  /** The gates' names in the order of the blocks, as people and files know them. */
  List<String> gates();

  /** Which of {@link #gates} open and shut, between 0 and 1; what they act on, such as a candidate, does not. */
  default Set<String> opens() { return Set.of(); }

  /** The slots' names: {@code h}, {@code c}. */
  default List<String> slots() { return List.of("h"); }

  /** How the cell carries a memory on, unit by unit; null where its state has no such form. */
  default Carry carry() { return null; }

  /** Whether the candidate enters the memory by {@link Row#drop}, so that recurrent dropout acts. */
  default boolean drops() { return false; }

  /** The least that slot i holds after any step: what a state to start from must respect, unless it is all zeros. */
  default float least(int slot) { return Float.NEGATIVE_INFINITY; }

  /** Whether b joins the products before {@link #forward}; a cell that normalises them has its offsets among its own weights. */
  default boolean biased() { return true; }

  /** How many weights the cell has besides W, R, S and b: those of each unit, or as it deals them out itself. */
  default int owns(int units) { return layout().perUnit() * units; }

  /** How they start. */
  default Init own(int units, float forget) { return new Init.Constant(0); }

  /** The fewest units with which the equations make sense. */
  default int leastUnits() { return 1; }

  /** Where each block of the bias starts, given the bias that keeps a memory at the beginning (Jozefowicz et al. 2015). */
  default float[] bias(float forget) { return new float[layout().blocks()]; }
}
